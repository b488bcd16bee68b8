import { fromPico } from "@payi/core/cost";
import { amountToHold } from "@payi/core/wire";

import { type NewHold } from "../hold.ts";
import { type LimitSpan, holdSpan, maxInForce, picoAbove } from "../limit-budget.ts";
import { type LimitedCall, budgetOwner } from "../limit-scope.ts";
import { type BatchBudget } from "./batch-windows.ts";
import { HoldPlaces } from "./hold-places.ts";
import { type LimitLookup, budgetName } from "./limit-lookup.ts";
import { type LimitInForce } from "./limit-rows.ts";
import { type Program } from "./program.ts";
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
  readonly asked: NewHold;
  readonly wanted: readonly Wanted[];
  readonly unknownLimitIds: readonly string[];
}

/** A call with the limits that it is under. */
interface LimitedAsked {
  readonly asked: NewHold;
  readonly call: LimitedCall;
  readonly limits: readonly LimitInForce[];
  readonly unknownLimitIds: readonly string[];
}

/** What the calls of one batch want, read at once: deciding about them reads nothing more. */
export class WantedCalls {
  readonly #lookup: LimitLookup;
  readonly #nowMs: number;
  readonly #places = new HoldPlaces();
  readonly #typical = new TypicalCosts();
  readonly #spans = new Map<LimitInForce, LimitSpan>();
  readonly #budgets = new Map<LimitInForce, Map<string, BatchBudget>>();

  constructor(lookup: LimitLookup, nowMs: number) {
    this.#lookup = lookup;
    this.#nowMs = nowMs;
  }

  /** The calls in their order, each with every budget once. */
  *read(batch: readonly NewHold[]): Program<readonly WantedCall[]> {
    yield* this.#places.load(batch);
    const ids: (readonly [string, string])[] = [];
    for (const asked of batch) {
      for (const id of this.#places.limitIdsOf(asked)) ids.push([asked.application, id]);
    }
    yield* this.#lookup.load(new Set(batch.map(({ application }) => application)), ids);
    const calls = batch.map((asked) => this.#limit(asked));
    yield* this.#lookup.windows.load(
      calls.flatMap(({ call, limits }) =>
        limits.map((limit) => {
          const { fromMs, startMs } = this.#spanOf(limit);
          return [budgetName(limit, budgetOwner(limit.policy.per, call)), fromMs, startMs] as const;
        }),
      ),
    );
    const wanted: WantedCall[] = [];
    for (const one of calls) wanted.push(yield* this.#want(one));
    return wanted;
  }

  #limit(asked: NewHold): LimitedAsked {
    const { application } = asked;
    const call = this.#places.callOf(asked);
    const limits = [...this.#lookup.selected(call)];
    const unknownLimitIds: string[] = [];
    for (const id of this.#places.limitIdsOf(asked)) {
      const limit = this.#lookup.known(application, id);
      if (limit === undefined) unknownLimitIds.push(id);
      else if (!limits.includes(limit)) limits.push(limit);
    }
    if (limits.length > 1) limits.sort(byId);
    return { asked, call, limits, unknownLimitIds: [...new Set(unknownLimitIds)] };
  }

  *#want({ asked, call, limits, unknownLimitIds }: LimitedAsked): Program<WantedCall> {
    const { application, request, dearest } = asked;
    const { estimate } = request;
    const wanted: Wanted[] = [];
    for (const limit of limits) {
      const { estimate: mode = "history", onUnpriced = "alert" } = limit.policy;
      const typical =
        mode === "history" && estimate.upperBound === undefined
          ? yield* this.#typical.find(application, request.context, estimate.inputTokens)
          : undefined;
      const budget = this.#knownBudget(limit, call) ?? (yield* this.#readBudget(limit, call));
      const max = maxInForce(limit, budget.topped, this.#nowMs);
      const known = amountToHold(mode, estimate, typical === undefined ? undefined : fromPico(typical), max);
      const amount = known ?? (onUnpriced === "hold_dearest" ? dearest : undefined);
      wanted.push({
        limit,
        budget,
        max,
        typical,
        amount: amount === undefined ? undefined : picoAbove(amount),
        isUnpriced: amount === undefined && onUnpriced !== "alert",
      });
    }
    return { asked, wanted, unknownLimitIds };
  }

  #knownBudget(limit: LimitInForce, call: LimitedCall): BatchBudget | undefined {
    return this.#budgets.get(limit)?.get(budgetOwner(limit.policy.per, call));
  }

  *#readBudget(limit: LimitInForce, call: LimitedCall): Program<BatchBudget> {
    const owner = budgetOwner(limit.policy.per, call);
    const budget = yield* this.#lookup.windows.budget(budgetName(limit, owner), this.#spanOf(limit));
    const budgets = this.#budgets.get(limit) ?? new Map<string, BatchBudget>();
    this.#budgets.set(limit, budgets.set(owner, budget));
    return budget;
  }

  #spanOf(limit: LimitInForce): LimitSpan {
    let span = this.#spans.get(limit);
    if (span === undefined) {
      span = holdSpan(limit, this.#nowMs);
      this.#spans.set(limit, span);
    }
    return span;
  }
}

function byId(left: LimitInForce, right: LimitInForce): number {
  return left.id < right.id ? -1 : left.id > right.id ? 1 : 0;
}
