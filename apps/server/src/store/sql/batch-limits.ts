import { type LimitState, WireError } from "@payi/core/wire";

import { type NewEvent } from "../event.ts";
import { maxInForce } from "../limit-budget.ts";
import { type LimitedCall, budgetOwner, callProperties } from "../limit-scope.ts";
import { overrunOf, stateAfterCharge } from "../limit-state.ts";
import { BatchHolds, type Hold, type HoldLine, balanceOf } from "./batch-holds.ts";
import { type BatchInstance } from "./batch-instance.ts";
import { type BatchBudget, type WantedWindows } from "./batch-windows.ts";
import { type LimitEntry, LimitEntries } from "./limit-entries.ts";
import { LimitLookup } from "./limit-lookup.ts";
import { LimitNotices } from "./limit-notices.ts";
import { type LimitInForce } from "./limit-rows.ts";
import { type Program } from "./program.ts";

/** What the limits of one event say. */
export interface Charges {
  readonly states: Record<string, { readonly state: LimitState }>;
  /** The largest part of the cost above a limit's max; null when no limit was passed. */
  readonly overrun: bigint | null;
}

/** The limits that one batch of events is charged to: read once, charged in memory, written once at the end. */
export class BatchLimits {
  readonly lookup: LimitLookup = new LimitLookup();
  readonly holds: BatchHolds = new BatchHolds(this.lookup.windows);
  readonly #entries = new LimitEntries(this.lookup.windows);
  readonly #notices = new LimitNotices();

  /** Reads everything that a batch may be charged to; what it misses is read one by one. */
  *load(
    batch: readonly NewEvent[],
    ofInstances: Iterable<readonly [application: string, id: string]>,
    instanceOf: (event: NewEvent) => BatchInstance | undefined,
  ): Program<void> {
    yield* this.holds.load(
      batch.flatMap(({ application, holdId }) =>
        holdId === undefined ? [] : [[application, holdId] as const],
      ),
    );
    const named = batch.flatMap(({ application, limitIds, refusedBy }) =>
      [...(limitIds ?? []), ...refusedBy].map((id): readonly [string, string] => [application, id]),
    );
    yield* this.lookup.load(
      batch.map(({ application }) => application),
      [...named, ...ofInstances],
    );
    const wanted: WantedWindows[] = [];
    for (const event of batch) {
      const instance = instanceOf(event);
      const call = callOf(event, instance);
      for (const limit of yield* this.#candidates(event, instance, call)) {
        const windows = this.lookup.wanted(limit, call, event.timeMs);
        if (windows !== undefined) wanted.push(windows);
      }
    }
    yield* this.lookup.windows.load(wanted);
  }

  /** Charges `event`: one entry each, in the window of its hold or of its time, and ends its hold. */
  *charge(
    event: NewEvent,
    instance: BatchInstance | undefined,
    limits: readonly LimitInForce[],
    hold: Hold | undefined,
  ): Program<Charges> {
    if (hold?.state === "settled") yield* this.#entries.takeBack(event.application, hold.id);
    const call = callOf(event, instance);
    const states: Charges["states"] = {};
    let overrun = 0n;
    for (const limit of limits) {
      const line = lineOf(hold, limit, call);
      const amount = event.cost?.total ?? estimateOf(hold, limit, line);
      const amountInput = event.cost?.input ?? 0n;
      const budget = yield* this.lookup.chargedBudget(limit, call, event.timeMs, line);
      const max = maxInForce(limit, budget.topped, Date.now());
      const before = budget.used;
      const after = before + amount;
      const state = stateOf(event, limit, after, max);
      const { value, startMs } = budget.window;
      const entry: LimitEntry = {
        application: event.application,
        limitId: limit.id,
        value,
        eventId: event.id,
        revision: 0,
        windowStartMs: startMs,
        timeMs: event.timeMs,
        state,
        count: 1,
        amount,
        amountInput,
      };
      this.#entries.add(entry, budget.window);
      if (!event.seeded) this.#notice(event, limit, budget, { before, after, max });
      states[limit.id] = { state };
      const above = overrunOf(after, max);
      const part = above < amount ? above : amount;
      if (part > overrun) overrun = part;
      if (hold?.kind === "lease" && line !== undefined) {
        yield* this.holds.shrink(hold, line, amount, "settled");
      }
    }
    if (hold?.kind === "call" && hold.state !== "ended") yield* this.holds.end(hold, "ended");
    return { states, overrun: overrun === 0n ? null : overrun };
  }

  /**
   * The limits that an event is charged to: those it names, those that attach by themselves, the instance's own, and
   * those that its hold is over.
   *
   * @throws {WireError} `duplicate_limit_id`, `invalid_limit_ids`, `blocking_limit_not_allowed`; never for an event with a
   * hold.
   */
  *limitsOf(
    event: NewEvent,
    instance: BatchInstance | undefined,
    hold: Hold | undefined,
  ): Program<LimitInForce[]> {
    const found = new Map<string, LimitInForce>();
    const named = event.limitIds ?? instance?.defaultLimitIds ?? [];
    if (hold === undefined) checkTwice(named);
    for (const id of named) {
      const limit = yield* this.lookup.find(event.application, id);
      if (limit === undefined) {
        if (hold === undefined) throw unknownLimitId(id);
      } else {
        // A refusal report spends nothing: it says that a block limit did its work.
        const mayName = hold !== undefined || event.refusedBy.length > 0 || id === instance?.limitId;
        if (limit.limitType === "block" && !mayName) throw blockingLimit(id);
        found.set(id, limit);
      }
    }
    const call = callOf(event, instance);
    for (const limit of yield* this.#candidates(event, instance, call)) found.set(limit.id, limit);
    for (const line of hold?.kind === "call" ? hold.lines.values() : []) {
      const limit = yield* this.lookup.find(line.application, line.limitId);
      if (limit !== undefined) found.set(limit.id, limit);
    }
    return [...found.values()];
  }

  /** Writes limits that were made, before the instances that have them. */
  flushMade(): Program<void> {
    return this.lookup.flushMade();
  }

  /** Writes everything that was charged. */
  *flush(): Program<void> {
    yield* this.lookup.flush();
    yield* this.#entries.flush();
    yield* this.holds.flush();
    yield* this.#notices.flush();
  }

  /** Limits that nobody has to be right about: what is not there is left out. */
  *#candidates(
    event: NewEvent,
    instance: BatchInstance | undefined,
    call: LimitedCall,
  ): Program<readonly LimitInForce[]> {
    const { application, refusedBy } = event;
    const found: LimitInForce[] = [];
    const ids = new Set([...refusedBy, ...(instance?.limitId == null ? [] : [instance.limitId])]);
    for (const id of ids) {
      const limit = yield* this.lookup.find(application, id);
      if (limit !== undefined) found.push(limit);
    }
    return [...found, ...this.lookup.selected(call)];
  }

  #notice(
    event: NewEvent,
    limit: LimitInForce,
    budget: BatchBudget,
    spent: { readonly before: bigint; readonly after: bigint; readonly max: bigint },
  ): void {
    const cause = { eventId: event.id };
    this.#notices.charged(limit, budget, spent, cause);
    if (event.refusedBy.includes(limit.id))
      this.#notices.note("limit_blocked", limit, budget, spent.max, cause);
    if (event.cost === null) this.#notices.note("limit_unpriced", limit, budget, spent.max, cause);
  }
}

/** What limits are matched with, of an event that is not attributed yet. */
function callOf(event: NewEvent, instance: BatchInstance | undefined): LimitedCall {
  const { application, category, resource } = event;
  return {
    application,
    category,
    resource,
    useCase: event.useCase ?? instance?.useCase ?? null,
    user: event.user ?? instance?.defaultUser ?? null,
    account: event.account ?? instance?.defaultAccount ?? null,
    get properties() {
      const ofInstance = callProperties(instance?.properties ?? {}, event.instanceProperties);
      return callProperties(ofInstance, event.properties);
    },
  };
}

/** A call's hold has one line per limit, whoever the event says it was for; a lease may have many. */
function lineOf(hold: Hold | undefined, limit: LimitInForce, call: LimitedCall): HoldLine | undefined {
  const value = hold?.kind === "lease" ? budgetOwner(limit.policy.per, call) : undefined;
  for (const line of hold?.lines.values() ?? []) {
    if (line.limitId === limit.id && (value === undefined || value === line.value)) return line;
  }
  return undefined;
}

/** A call of unknown cost costs what was held at the dearest rate, where the limit wants that. */
function estimateOf(hold: Hold | undefined, { policy }: LimitInForce, line: HoldLine | undefined): bigint {
  const isEstimate = policy.onUnpriced === "hold_dearest" && hold?.kind === "call" && line !== undefined;
  return isEstimate ? balanceOf(line) : 0n;
}

function stateOf(event: NewEvent, limit: LimitInForce, spend: bigint, max: bigint): LimitState {
  if (event.refusedBy.length > 0) return event.refusedBy.includes(limit.id) ? "blocked" : "blocked_external";
  const failed = event.httpStatus !== null && (event.httpStatus >= 400 || event.httpStatus === 299);
  return failed ? "failed" : stateAfterCharge(spend, max, limit.threshold);
}

function checkTwice(named: readonly string[]): void {
  if (new Set(named).size === named.length) return;
  throw new WireError(
    "duplicate_limit_id",
    `limit_ids names a limit twice: ${named.join(", ")}. Name each once.`,
  );
}

function unknownLimitId(id: string): WireError {
  return new WireError(
    "invalid_limit_ids",
    `There is no limit ${JSON.stringify(id)}. Create it with POST /api/v1/limits, or leave it out of limit_ids.`,
  );
}

function blockingLimit(id: string): WireError {
  return new WireError(
    "blocking_limit_not_allowed",
    `Limit ${JSON.stringify(id)} is a block limit, and an event that already happened cannot be blocked. Leave it out of limit_ids, hold for the call with POST /api/v1/holds and name the hold, or make the limit one of type allow.`,
  );
}
