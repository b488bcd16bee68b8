import { type HoldAnswer, type HoldEnd, WireError } from "@payi/core/wire";

import { type HoldName, type HoldSettlement, type NewHold } from "../hold.ts";
import { holdSpan, maxInForce, picoAbove } from "../limit-budget.ts";
import { stateAfterCharge } from "../limit-state.ts";
import { BatchHolds, type Hold } from "./batch-holds.ts";
import { readAnswer } from "./hold-answer.ts";
import { HoldDesk, clock } from "./hold-desk.ts";
import { balanceOf } from "./hold-lines.ts";
import { LimitEntries } from "./limit-entries.ts";
import { LimitLookup } from "./limit-lookup.ts";
import { LimitNotices } from "./limit-notices.ts";
import { type Program, all } from "./program.ts";
import { type WantedCall } from "./wanted-calls.ts";

/** One call. */
export function* hold(asked: NewHold): Program<HoldAnswer> {
  const [answer] = yield* holdAll([asked]);
  if (answer === undefined) throw new Error("Nothing was decided.");
  return answer;
}

/** Calls that wait for an answer at the same time, in the order in which they came. */
export function* holdAll(batch: readonly NewHold[]): Program<readonly HoldAnswer[]> {
  const desk = new HoldDesk(yield* latest(batch));
  yield* desk.holds.load(batch.map(({ application, request }) => [application, request.holdId] as const));
  const calls = yield* desk.open(batch);
  const answers = calls.map((call) => decide(desk, call));
  yield* desk.flush();
  return answers;
}

/** The call still runs: its hold lives on from now. */
export function* renewHold(name: HoldName, ttlMs: number): Program<void> {
  const holds = new BatchHolds(new LimitLookup().windows);
  const known = yield* holds.find(name.application, name.id);
  const nowMs = name.nowMs ?? (yield* clock());
  if (known?.kind !== "call" || known.state !== "open" || known.expiresMs <= nowMs) {
    throw unknownHold(name.id, known);
  }
  known.expiresMs = nowMs + ttlMs;
  known.changed = true;
  yield* holds.flush();
}

/** The call was not made, or cost nothing; also everything of a lease. */
export function* releaseHold(name: HoldName, kind: Hold["kind"]): Program<HoldEnd> {
  const lookup = new LimitLookup();
  const holds = new BatchHolds(lookup.windows);
  const known = yield* holds.find(name.application, name.id);
  if (known?.kind !== kind) throw unknownHold(name.id, undefined, kind);
  const nowMs = name.nowMs ?? (yield* clock());
  const ended = known.state === "open" && known.expiresMs > nowMs;
  if (known.state === "open") yield* holds.end(known, "ended");
  yield* lookup.flush();
  yield* holds.flush();
  return { holdId: name.id, ended };
}

/**
 * Charges without an event, one entry per limit under the id of the hold. An event that comes after all takes the place of
 * these entries.
 */
export function* settleHold({ application, id, actual, nowMs }: HoldSettlement): Program<HoldEnd> {
  const lookup = new LimitLookup();
  const holds = new BatchHolds(lookup.windows);
  const entries = new LimitEntries(lookup.windows);
  const notices = new LimitNotices();
  const known = yield* holds.find(application, id);
  if (known?.kind !== "call") throw unknownHold(id, undefined);
  if (known.state !== "open") return { holdId: id, ended: false };
  const timeMs = nowMs ?? (yield* clock());
  yield* lookup.load(
    [],
    [...known.lines.values()].map(({ limitId }) => [application, limitId] as const),
  );
  for (const line of known.lines.values()) {
    const limit = yield* lookup.find(application, line.limitId);
    if (limit === undefined) continue;
    const startMs = line.windowStartMs;
    const span = { ...holdSpan(limit, startMs), fromMs: startMs, startMs };
    const budget = yield* lookup.windows.budget(line, span);
    const estimated = limit.policy.onUnpriced === "hold_dearest" ? balanceOf(line) : 0n;
    const amount = actual === undefined ? estimated : picoAbove(actual);
    const max = maxInForce(limit, budget.topped, timeMs);
    const before = budget.used;
    const after = before + amount;
    const entry = {
      application,
      limitId: limit.id,
      value: line.value,
      eventId: id,
      revision: 0,
      windowStartMs: startMs,
      timeMs,
      state: stateAfterCharge(after, max, limit.threshold),
      count: 1,
      amount,
      amountInput: 0n,
    };
    entries.add(entry, budget.window);
    notices.charged(limit, budget, { before, after, max }, { holdId: id });
    if (actual === undefined) notices.note("limit_unpriced", limit, budget, max, { holdId: id });
  }
  yield* holds.end(known, "settled");
  yield* lookup.flush();
  yield* entries.flush();
  yield* holds.flush();
  yield* notices.flush();
  return { holdId: id, ended: true };
}

/** The applications that have holds which have expired. */
export function* expiredHolds(nowMs?: number): Program<readonly string[]> {
  const rows = yield* all(
    "SELECT DISTINCT application FROM hold WHERE state = 'open' AND expires_ms <= ? ORDER BY application",
    nowMs ?? (yield* clock()),
  );
  return rows.map((row) => String(row["application"]));
}

/** Ends what has expired. Tells how many. */
export function* sweepHolds(application: string, nowMs?: number): Program<number> {
  const lookup = new LimitLookup();
  const holds = new BatchHolds(lookup.windows);
  const count = yield* holds.expire(application, nowMs ?? (yield* clock()));
  yield* lookup.flush();
  yield* holds.flush();
  return count;
}

function decide(desk: HoldDesk, call: WantedCall): HoldAnswer {
  const { application, request, hash } = call.asked;
  const known = desk.holds.known(application, request.holdId);
  if (known !== undefined) return repeated(known, hash, desk.nowMs);
  const refusing = desk.refusing(call);
  return refusing.length > 0 ? desk.refuse(call, refusing) : desk.admit(call);
}

/**
 * What was answered the first time.
 *
 * @throws {WireError} `idempotency_mismatch`.
 */
export function repeated(known: Hold, hash: string, nowMs: number): HoldAnswer {
  if (known.kind !== "call" || known.request !== hash) {
    throw new WireError(
      "idempotency_mismatch",
      `hold_id ${JSON.stringify(known.id)} was used with another call. Use a new UUID for a new call.`,
    );
  }
  return readAnswer(known.id, known.answer, Math.max(0, known.expiresMs - nowMs));
}

function* latest(batch: readonly { readonly nowMs?: number | undefined }[]): Program<number> {
  const told = batch.flatMap(({ nowMs }) => nowMs ?? []);
  return told.length === batch.length ? Math.max(...told) : yield* clock();
}

/** The error for a hold or lease that is not there, or not open any more. */
export function unknownHold(id: string, known?: Hold, kind: Hold["kind"] = "call"): WireError {
  const what = kind === "call" ? "hold" : "lease";
  const reason = known === undefined ? `There is no ${what}` : `The ${what} is over:`;
  const advice =
    kind === "call"
      ? "Ask anew with POST /api/v1/holds; an event may still name it."
      : "Open another with POST /api/v1/leases; events may still name it.";
  return new WireError(`${what}_not_found`, `${reason} ${JSON.stringify(id)}. ${advice}`);
}
