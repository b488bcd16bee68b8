import { type LimitState, WireError } from "@payi/core/wire";

import { maxInForce } from "../limit-budget.ts";
import { type LimitedCall, budgetOwner } from "../limit-scope.ts";
import { overrunOf, stateAfterCharge } from "../limit-state.ts";
import { BatchHolds, type Hold } from "./batch-holds.ts";
import { type BatchInstance } from "./batch-instance.ts";
import { type BatchBudget, type WantedWindows } from "./batch-windows.ts";
import { type LimitStates, SaidStates } from "./charge-states.ts";
import { type Charge, madeAt } from "./entry-lists.ts";
import { EventCall } from "./event-call.ts";
import { type UndecidedEvent } from "./event-record.ts";
import { type HoldLine, balanceOf } from "./hold-lines.ts";
import { LimitEntries } from "./limit-entries.ts";
import { LimitLookup, isSteady } from "./limit-lookup.ts";
import { LimitNotices } from "./limit-notices.ts";
import { type LimitInForce } from "./limit-rows.ts";
import { type Program } from "./program.ts";

/** What the limits of one event say. */
export interface Charges {
  /** Of neighbours that came to the same, one and the same object. */
  readonly states: LimitStates;
  /** The largest part of the cost above a limit's max; null when no limit was passed. */
  readonly overrun: bigint | null;
}

/** The limits that one batch of events is charged to: read once, charged in memory, written once at the end. */
export class BatchLimits {
  readonly lookup: LimitLookup = new LimitLookup();
  readonly holds: BatchHolds = new BatchHolds(this.lookup.windows);
  readonly #entries = new LimitEntries(this.lookup.windows);
  readonly #notices = new LimitNotices();
  readonly #said = new SaidStates();
  /** What lists of ids came to: equal lists are mostly one and the same. */
  readonly #lists = new Map<
    readonly string[],
    { readonly application: string; readonly limits: readonly LimitInForce[] }
  >();

  /** Reads everything that the batch is charged to. */
  *load(
    batch: readonly UndecidedEvent[],
    ofInstances: Iterable<readonly [application: string, id: string]>,
    instanceOf: (event: UndecidedEvent) => BatchInstance | undefined,
  ): Program<void> {
    const applications = new Set<string>();
    const named: (readonly [application: string, id: string])[] = [...ofInstances];
    const haveOwn = named.length > 0;
    const held: (readonly [application: string, holdId: string])[] = [];
    const lists = new Set<readonly string[]>();
    for (const { application, limitIds, refusedBy, holdId } of batch) {
      applications.add(application);
      if (holdId !== undefined) held.push([application, holdId]);
      for (const id of refusedBy) named.push([application, id]);
      // Equal lists are mostly one and the same, but of different applications they are different limits.
      if (limitIds === undefined || (applications.size === 1 && lists.has(limitIds))) continue;
      lists.add(limitIds);
      for (const id of limitIds) named.push([application, id]);
    }
    yield* this.holds.load(held);
    for (const [application, id] of held) {
      const hold = yield* this.holds.find(application, id);
      for (const line of hold?.lines.values() ?? []) named.push([line.application, line.limitId]);
    }
    yield* this.lookup.load(applications, named);
    yield* this.lookup.windows.load(this.#windowsOf(batch, instanceOf, !haveOwn));
  }

  /** Charges `event`: one entry each, in the window of its hold or of its time, and ends its hold. */
  *charge(
    event: UndecidedEvent,
    instance: BatchInstance | undefined,
    limits: readonly LimitInForce[],
    hold: Hold | undefined,
  ): Program<Charges> {
    if (hold?.state === "settled") yield* this.#entries.takeBack(hold);
    const call = new EventCall(event, instance);
    const usual = isUsual(event);
    const states: LimitState[] = [];
    const now = Date.now();
    let overrun = 0n;
    let charge: Charge | undefined;
    for (const limit of limits) {
      const line = lineOf(hold, limit, call);
      const amount = event.cost?.total ?? estimateOf(hold, limit, line);
      const known = line === undefined ? this.lookup.knownBudget(limit, call, event.timeMs) : undefined;
      const budget = known ?? (yield* this.lookup.chargedBudget(limit, call, event.timeMs, line));
      const max = maxInForce(limit, budget.topped, now);
      const before = budget.used;
      const after = before + amount;
      const isCalm = usual && after < this.#notices.firstLevel(limit, max);
      const state = isCalm ? "ok" : stateOf(event, limit, after, max);
      if (charge?.amount !== amount) charge = chargeOf(event, amount);
      this.#entries.charge(charge, state, budget.window);
      states.push(state);
      if (!isCalm) {
        if (!event.seeded) this.#notice(event, limit, budget, { before, after, max });
        const above = overrunOf(after, max);
        const part = above < amount ? above : amount;
        if (part > overrun) overrun = part;
      }
      if (hold?.kind === "lease" && line !== undefined) {
        yield* this.holds.shrink(hold, line, amount, "settled");
      }
    }
    if (hold?.kind === "call" && hold.state !== "ended") yield* this.holds.end(hold, "ended");
    return { states: this.#said.of(limits, states), overrun: overrun === 0n ? null : overrun };
  }

  /**
   * The limits that an event is charged to: those it names, those that attach by themselves, the instance's own, and
   * those that its hold is over.
   *
   * @throws {WireError} `duplicate_limit_id`, `invalid_limit_ids`, `blocking_limit_not_allowed`; never for an event with a
   * hold.
   */
  limitsOf(
    event: UndecidedEvent,
    instance: BatchInstance | undefined,
    hold: Hold | undefined,
  ): LimitInForce[] {
    const { application } = event;
    const attached = this.#attached(event, instance);
    const list = hold === undefined && attached === NO_LIMITS ? event.limitIds : undefined;
    const known = list === undefined ? undefined : this.#lists.get(list);
    if (known?.application === application) return known.limits.slice();
    const named = event.limitIds ?? instance?.defaultLimitIds ?? [];
    const limits: LimitInForce[] = [];
    if (hold === undefined) checkTwice(named);
    for (const id of named) {
      const limit = this.lookup.known(application, id);
      if (limit === undefined) {
        if (hold === undefined) throw unknownLimitId(id);
      } else {
        // A refusal report spends nothing: it says that a block limit did its work.
        const mayName = hold !== undefined || event.refusedBy.length > 0 || id === instance?.limitId;
        if (limit.limitType === "block" && !mayName) throw blockingLimit(id);
        addOnce(limits, limit);
      }
    }
    for (const limit of attached) addOnce(limits, limit);
    for (const line of hold?.kind === "call" ? hold.lines.values() : []) {
      const limit = this.lookup.known(line.application, line.limitId);
      if (limit !== undefined) addOnce(limits, limit);
    }
    if (list !== undefined) this.#lists.set(list, { application, limits: limits.slice() });
    return limits;
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
  #attached(event: UndecidedEvent, instance: BatchInstance | undefined): readonly LimitInForce[] {
    const { application, refusedBy } = event;
    const ownId = instance?.limitId ?? null;
    const isSelecting = this.lookup.hasSelective(application);
    if (refusedBy.length === 0 && ownId === null && !isSelecting) return NO_LIMITS;
    const ids = ownId === null ? refusedBy : [...refusedBy, ownId];
    const found = ids.flatMap((id) => this.lookup.known(application, id) ?? []);
    return isSelecting ? [...found, ...this.lookup.selected(new EventCall(event, instance))] : found;
  }

  /** What each event is charged in, as far as that is known before holds are looked at. */
  *#windowsOf(
    batch: readonly UndecidedEvent[],
    instanceOf: (event: UndecidedEvent) => BatchInstance | undefined,
    mayRepeat: boolean,
  ): Iterable<WantedWindows> {
    const last = new Map<LimitInForce, WantedWindows>();
    const steady = new Map<readonly string[], string>();
    for (const event of batch) {
      const { application, limitIds } = event;
      // A limit that neither starts again nor parts its budget has the same windows for every call.
      if (limitIds !== undefined && event.refusedBy.length === 0 && steady.get(limitIds) === application)
        continue;
      const instance = instanceOf(event);
      const call = new EventCall(event, instance);
      for (const limit of this.#limitsOfCall(event, instance)) {
        const wanted = this.lookup.wanted(limit, call, event.timeMs);
        if (wanted === undefined || isSame(wanted, last.get(limit))) continue;
        last.set(limit, wanted);
        yield wanted;
      }
      if (limitIds !== undefined && mayRepeat && this.#areSteady(event, limitIds)) {
        steady.set(limitIds, application);
      }
    }
  }

  #areSteady({ application, timeMs }: UndecidedEvent, ids: readonly string[]): boolean {
    if (this.lookup.hasSelective(application)) return false;
    return ids.every((id) => {
      const limit = this.lookup.known(application, id);
      return limit === undefined || (isSteady(limit) && timeMs >= limit.resetMs);
    });
  }

  *#limitsOfCall(event: UndecidedEvent, instance: BatchInstance | undefined): Iterable<LimitInForce> {
    for (const id of event.limitIds ?? instance?.defaultLimitIds ?? []) {
      const limit = this.lookup.known(event.application, id);
      if (limit !== undefined) yield limit;
    }
    yield* this.#attached(event, instance);
  }

  #notice(
    event: UndecidedEvent,
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

const NO_LIMITS: readonly LimitInForce[] = [];

/** It went through at a known cost, so that nothing is to be told of a limit as long as spend is below all levels. */
function isUsual({ refusedBy, cost, httpStatus }: UndecidedEvent): boolean {
  return refusedBy.length === 0 && cost !== null && !isFailure(httpStatus);
}

function isFailure(httpStatus: number | null): boolean {
  return httpStatus !== null && (httpStatus >= 400 || httpStatus === 299);
}

function addOnce(limits: LimitInForce[], limit: LimitInForce): void {
  if (!limits.includes(limit)) limits.push(limit);
}

function isSame([budget, fromMs, toMs]: WantedWindows, last: WantedWindows | undefined): boolean {
  return last !== undefined && last[0].value === budget.value && last[1] === fromMs && last[2] === toMs;
}

/** A call's hold has one line per limit, whoever the event says it was for; a lease may have many. */
function lineOf(hold: Hold | undefined, limit: LimitInForce, call: LimitedCall): HoldLine | undefined {
  const value = hold?.kind === "lease" ? budgetOwner(limit.policy.per, call) : undefined;
  for (const line of hold?.lines.values() ?? []) {
    if (line.limitId === limit.id && (value === undefined || value === line.value)) return line;
  }
  return undefined;
}

function chargeOf({ id, timeMs, cost }: UndecidedEvent, amount: bigint): Charge {
  return { eventId: id, madeMs: madeAt(id), timeMs, amount, amountInput: cost?.input ?? 0n };
}

/** A call of unknown cost costs what was held at the dearest rate, where the limit wants that. */
function estimateOf(hold: Hold | undefined, { policy }: LimitInForce, line: HoldLine | undefined): bigint {
  const isEstimate = policy.onUnpriced === "hold_dearest" && hold?.kind === "call" && line !== undefined;
  return isEstimate ? balanceOf(line) : 0n;
}

function stateOf(event: UndecidedEvent, limit: LimitInForce, spend: bigint, max: bigint): LimitState {
  if (event.refusedBy.length > 0) return event.refusedBy.includes(limit.id) ? "blocked" : "blocked_external";
  return isFailure(event.httpStatus) ? "failed" : stateAfterCharge(spend, max, limit.threshold);
}

function checkTwice(named: readonly string[]): void {
  if (named.every((id, index) => named.indexOf(id) === index)) return;
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
