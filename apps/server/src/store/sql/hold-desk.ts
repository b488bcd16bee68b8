/**
 * Decides about calls before they are made. Everything is read once for the whole batch, calls are decided in memory in
 * the order in which they came, and few statements write the result: whatever fits is admitted, however large the call
 * before it was.
 */
import { fromPico } from "@payi/core/cost";
import { type HeldLimit, type HoldAnswer, type HoldRequest, amountToHold } from "@payi/core/wire";

import { type NewHold } from "../hold.ts";
import { maxInForce, picoAbove } from "../limit-budget.ts";
import { BatchHolds, type Hold } from "./batch-holds.ts";
import { type BatchBudget } from "./batch-windows.ts";
import { HoldPlaces } from "./hold-places.ts";
import { LimitLookup } from "./limit-lookup.ts";
import { LimitNotices } from "./limit-notices.ts";
import { type LimitInForce } from "./limit-rows.ts";
import { type Program, dialect, get } from "./program.ts";
import { TypicalCosts } from "./typical-costs.ts";

/** One budget of a call, and what the call wants there. Amounts in pico-dollars, `max` in 1e-18 USD. */
export interface Wanted {
  readonly limit: LimitInForce;
  readonly budget: BatchBudget;
  readonly max: bigint;
  readonly typical: bigint | undefined;
  /** Undefined: nobody knows, and the limit lets it through. */
  readonly amount: bigint | undefined;
  /** The price is not known, and the limit wants it to be. */
  readonly isUnpriced: boolean;
}

/** A call with all its budgets, by id and value. */
export interface WantedCall {
  readonly request: HoldRequest;
  readonly wanted: readonly Wanted[];
  readonly unknownLimitIds: readonly string[];
}

type Asked = Pick<NewHold, "application" | "request" | "dearest">;

const DEFAULT_TTL_MS = 60_000;
/** Holders renew once a second, so all of them hear of it in this time. */
const DRAIN_MS = 2_000;

export class HoldDesk {
  readonly lookup: LimitLookup = new LimitLookup();
  readonly holds: BatchHolds = new BatchHolds(this.lookup.windows);
  readonly notices: LimitNotices = new LimitNotices();
  readonly nowMs: number;
  readonly #places = new HoldPlaces();
  readonly #typical = new TypicalCosts();

  constructor(nowMs: number) {
    this.nowMs = nowMs;
  }

  /** Reads what calls need, and ends what has expired. */
  *open(asked: readonly Asked[]): Program<void> {
    yield* this.#places.load(asked);
    const applications = new Set(asked.map(({ application }) => application));
    const ids = asked.flatMap((one) => {
      const { named, ownLimitId } = this.#places.placeOf(one, one.request.limitIds);
      return [...named, ...(ownLimitId === null ? [] : [ownLimitId])].map((id): readonly [string, string] => [
        one.application,
        id,
      ]);
    });
    yield* this.lookup.load(applications, ids);
    for (const application of applications) yield* this.holds.expire(application, this.nowMs);
  }

  /** All budgets of a call, each once. */
  *want(asked: Asked): Program<WantedCall> {
    const { application, request } = asked;
    const { call, named, ownLimitId } = this.#places.placeOf(asked, request.limitIds);
    const limits = new Map<string, LimitInForce>();
    const unknownLimitIds: string[] = [];
    for (const id of new Set([...named, ...(ownLimitId === null ? [] : [ownLimitId])])) {
      const limit = yield* this.lookup.find(application, id);
      if (limit === undefined) unknownLimitIds.push(id);
      else limits.set(id, limit);
    }
    for (const limit of this.lookup.selected(call)) limits.set(limit.id, limit);
    const wanted: Wanted[] = [];
    for (const limit of [...limits.values()].toSorted(byId)) {
      const budget = yield* this.lookup.heldBudget(limit, call, this.nowMs);
      wanted.push(yield* this.#wantOf(asked, limit, budget));
    }
    return { request, wanted, unknownLimitIds };
  }

  /** The budgets that say no. */
  refusing({ wanted }: WantedCall): readonly Wanted[] {
    return wanted.filter(({ limit, budget, max, amount, isUnpriced }) => {
      if (limit.limitType === "allow") return false;
      return isUnpriced || fromPico(budget.used + budget.held + (amount ?? 0n)) > max;
    });
  }

  /** Holds the call under its own id, over all its budgets. */
  admit(application: string, call: WantedCall, hash: string): HoldAnswer {
    const { holdId, ttlMs = DEFAULT_TTL_MS } = call.request;
    const expiresMs = this.nowMs + ttlMs;
    const hold = this.holds.open({ application, id: holdId, kind: "call", request: hash, expiresMs });
    for (const { budget, amount } of call.wanted) this.holds.grow(hold, budget.window, amount ?? 0n);
    return this.noteAdmitted(call, ttlMs);
  }

  /** The answer to an admitted call. Call it when everything is held. */
  noteAdmitted({ request, wanted, unknownLimitIds }: WantedCall, expiresInMs: number): HoldAnswer {
    for (const { limit, budget, max, amount } of wanted) {
      this.lookup.noteOpened(limit, budget.span);
      if (amount === undefined) {
        this.notices.note("limit_unpriced", limit, budget, max, { holdId: request.holdId });
      }
    }
    return {
      holdId: request.holdId,
      admitted: true,
      expiresInMs,
      limits: wanted.map((one) => toHeldLimit(one, one.amount)),
      refusedBy: [],
      unknownLimitIds,
    };
  }

  /** The answer to a refused call: slices that others have not spent are called back. */
  *refuse(call: WantedCall, refusing: readonly Wanted[], except?: Hold): Program<HoldAnswer> {
    const { request, wanted, unknownLimitIds } = call;
    for (const { limit, budget, max } of refusing) {
      const { window } = budget;
      this.notices.note("limit_blocked", limit, budget, max, { holdId: request.holdId });
      const isDraining = window.drainsUntilMs - this.nowMs > DRAIN_MS / 2;
      if (!isDraining && (yield* isLeased(budget, except))) window.drainsUntilMs = this.nowMs + DRAIN_MS;
    }
    return {
      holdId: request.holdId,
      admitted: false,
      expiresInMs: undefined,
      limits: wanted.map((one) => toHeldLimit(one, undefined)),
      refusedBy: refusing.map(({ limit }) => limit.id),
      unknownLimitIds,
    };
  }

  /** Writes everything that was decided. */
  *flush(): Program<void> {
    yield* this.lookup.flush();
    yield* this.holds.flush();
    yield* this.notices.flush();
  }

  *#wantOf(
    { application, request, dearest }: Asked,
    limit: LimitInForce,
    budget: BatchBudget,
  ): Program<Wanted> {
    const { estimate = "history", onUnpriced = "alert" } = limit.policy;
    const goesByHistory = estimate === "history" && request.estimate.upperBound === undefined;
    const typical = goesByHistory
      ? yield* this.#typical.find(application, request.context, request.estimate.inputTokens)
      : undefined;
    const known = amountToHold(
      estimate,
      request.estimate,
      typical === undefined ? undefined : fromPico(typical),
    );
    const amount = known ?? (onUnpriced === "hold_dearest" ? dearest : undefined);
    return {
      limit,
      budget,
      max: maxInForce(limit, budget.topped, this.nowMs),
      typical,
      amount: amount === undefined ? undefined : picoAbove(amount),
      isUnpriced: amount === undefined && onUnpriced !== "alert",
    };
  }
}

/** The clock that decides about holds: one for all processes on a store. */
export function* clock(): Program<number> {
  const engine = yield* dialect();
  return Number((yield* get(`SELECT ${engine.clock} AS now`))?.["now"]);
}

/** A budget as it stands, with what a call holds there. */
function toHeldLimit({ limit, budget, max, typical }: Wanted, hold: bigint | undefined): HeldLimit {
  const { fromMs, endMs } = budget.span;
  return {
    limitId: limit.id,
    value: budget.window.value,
    limitName: limit.name,
    limitType: limit.limitType,
    automatic: limit.automatic,
    max,
    spent: fromPico(budget.used),
    held: fromPico(budget.held),
    windowStartMs: fromMs,
    windowEndMs: endMs,
    hold: hold === undefined ? undefined : fromPico(hold),
    typical: typical === undefined ? undefined : fromPico(typical),
  };
}

/** Whether others have slices here that they may not have spent. */
function* isLeased({ window }: BatchBudget, except: Hold | undefined): Program<boolean> {
  const row = yield* get(
    `SELECT 1 AS found FROM hold_line JOIN hold ON hold.application = hold_line.application AND hold.id = hold_line.hold_id
     WHERE hold_line.application = ? AND limit_id = ? AND hold_line.value = ? AND hold.kind = 'lease' AND hold.state = 'open'
       AND hold.id <> ? LIMIT 1`,
    window.application,
    window.limitId,
    window.value,
    except?.id ?? "",
  );
  return row !== undefined;
}

function byId(left: LimitInForce, right: LimitInForce): number {
  return left.id < right.id ? -1 : left.id > right.id ? 1 : 0;
}
