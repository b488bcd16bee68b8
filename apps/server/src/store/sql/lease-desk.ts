/** How a lease grows, gives back and ends; `wire/leases.ts` of core has the rules. */
import { fromPico } from "@payi/core/cost";
import { type LeaseLine, type LeaseReport } from "@payi/core/wire";

import { holdSpan, maxInForce, picoBelow } from "../limit-budget.ts";
import { type Hold } from "./batch-holds.ts";
import { type BatchBudget } from "./batch-windows.ts";
import { type HoldDesk } from "./hold-desk.ts";
import { balanceOf, lineKey } from "./hold-lines.ts";
import { budgetName } from "./limit-lookup.ts";
import { type LimitInForce } from "./limit-rows.ts";
import { type Program } from "./program.ts";
import { type Wanted, type WantedCall } from "./wanted-calls.ts";

const LEASE_MS = 10_000;
/** A window that ends so soon grants nothing. */
const TOO_LATE_MS = 2_000;

/** A budget of a lease. */
interface Leased {
  readonly limit: LimitInForce;
  readonly budget: BatchBudget;
}

/** The lease as it can still be spent; one with a line in a window that is over has ended. */
export function* openLease(desk: HoldDesk, application: string, id: string): Program<Hold | undefined> {
  const lease = yield* desk.holds.find(application, id);
  if (lease?.kind !== "lease" || lease.state !== "open") return undefined;
  if (lease.expiresMs > desk.nowMs) {
    let isCurrent = true;
    for (const line of lease.lines.values()) {
      const limit = yield* desk.lookup.find(application, line.limitId);
      isCurrent &&= limit !== undefined && holdSpan(limit, desk.nowMs).startMs === line.windowStartMs;
    }
    if (isCurrent) return lease;
  }
  yield* desk.holds.end(lease, "ended");
  return undefined;
}

/** What the holder says of one of its lines. */
export function* report(desk: HoldDesk, lease: Hold, said: LeaseReport): Program<void> {
  const line = lease.lines.get(lineKey(said.limitId, said.value));
  const limit = yield* desk.lookup.find(lease.application, said.limitId);
  if (line === undefined || limit === undefined) return;
  // Sums: what was said before, or is overtaken by what came later, changes nothing.
  yield* desk.holds.shrink(lease, line, picoBelow(said.returned) - line.returned, "returned");
  const leased = yield* budgetOf(desk, limit, said.value);
  const { window } = leased.budget;
  if (!said.more || window.drainsUntilMs > desk.nowMs) return;
  const missing = sliceOf(desk, leased) - balanceOf(line);
  if (missing > 0n) desk.holds.grow(lease, window, missing);
}

/** Whether every budget of a call has a slice for it. */
export function hasSlices(desk: HoldDesk, { wanted, asked }: WantedCall): boolean {
  for (const one of wanted) {
    // Of a call of unknown cost nobody can tell later what it took from a lease.
    if (!asked.request.estimate.priced && one.limit.policy.onUnpriced === "hold_dearest") return false;
    const slice = sliceOf(desk, one);
    if (slice === 0n || slice < (one.amount ?? 0n)) return false;
  }
  return true;
}

/** Holds a call in a lease: `hold` on each line, and what is missing to a slice on top. */
export function growFor(desk: HoldDesk, lease: Hold, wanted: readonly Wanted[]): void {
  for (const one of wanted) {
    const { window } = one.budget;
    const amount = one.amount ?? 0n;
    const line = lease.lines.get(lineKey(window.limitId, window.value));
    const slice = sliceOf(desk, one);
    const missing = slice - amount - (line === undefined ? 0n : balanceOf(line));
    desk.holds.grow(
      lease,
      window,
      amount + (missing > 0n && window.drainsUntilMs <= desk.nowMs ? missing : 0n),
    );
  }
}

/** Lives on from now, but in no window that is over. Tells for how long. */
export function* renew(desk: HoldDesk, lease: Hold): Program<number> {
  let expiresMs = desk.nowMs + LEASE_MS;
  for (const line of lease.lines.values()) {
    const limit = yield* desk.lookup.find(lease.application, line.limitId);
    const endMs = limit === undefined ? undefined : holdSpan(limit, desk.nowMs).endMs;
    if (endMs !== undefined && endMs < expiresMs) expiresMs = endMs;
  }
  lease.expiresMs = expiresMs;
  lease.changed = true;
  return Math.max(0, expiresMs - desk.nowMs);
}

/** The lines that a request or its call is about. */
export function* linesOf(
  desk: HoldDesk,
  lease: Hold,
  told: ReadonlySet<string>,
): Program<readonly LeaseLine[]> {
  const lines: LeaseLine[] = [];
  for (const [key, { limitId, value, granted, settled }] of lease.lines) {
    const limit = told.has(key) ? yield* desk.lookup.find(lease.application, limitId) : undefined;
    if (limit === undefined) continue;
    const { budget } = yield* budgetOf(desk, limit, value);
    const { fromMs, restartMs } = budget.span;
    const max = maxInForce(limit, budget.topped, desk.nowMs);
    // More is held than there is: the maximum was lowered, or calls cost more than they held.
    const isShort = limit.limitType === "block" && fromPico(budget.used + budget.held) > max;
    lines.push({
      limitId,
      value,
      max,
      spent: fromPico(budget.used),
      held: fromPico(budget.held),
      windowStartMs: fromMs === 0 ? undefined : fromMs,
      windowEndMs: restartMs,
      granted: fromPico(granted),
      settled: fromPico(settled),
      drain: isShort || budget.window.drainsUntilMs > desk.nowMs,
    });
  }
  return lines;
}

/** L = min(max ÷ 100, remaining ÷ (4 × open leases of the budget)), in pico-dollars; 0 where there are no leases. */
function sliceOf(desk: HoldDesk, { limit, budget }: Leased): bigint {
  const { estimate } = limit.policy;
  const { endMs } = budget.span;
  if (estimate === "strict" || estimate === "none") return 0n;
  if (endMs !== undefined && endMs - desk.nowMs <= TOO_LATE_MS) return 0n;
  const max = maxInForce(limit, budget.topped, desk.nowMs);
  if (limit.limitType === "allow") return picoBelow(max / 100n);
  const holders = Math.max(1, budget.window.leases);
  const share = (max - fromPico(budget.used + budget.held)) / BigInt(4 * holders);
  const slice = picoBelow(share < max / 100n ? share : max / 100n);
  return slice > 0n ? slice : 0n;
}

function* budgetOf(desk: HoldDesk, limit: LimitInForce, value: string): Program<Leased> {
  const span = holdSpan(limit, desk.nowMs);
  return { limit, budget: yield* desk.lookup.windows.budget(budgetName(limit, value), span) };
}
