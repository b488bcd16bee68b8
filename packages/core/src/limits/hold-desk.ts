/** Money for calls: from a lease in this process where it has room, else from the platform. */
import { type PayiClient } from "../client/client.ts";
import { type ThrottledLog } from "../logger.ts";
import { type Money } from "../money.ts";
import { type HoldAnswer, type HoldEstimate, type HoldRequest, amountToHold } from "../wire/holds.ts";
import { type Budget, budgetKey } from "./definitions.ts";
import { type Attempt, type Permit } from "./guard.ts";
import { newHoldId } from "./hold-id.ts";
import { holdContext } from "./hold.ts";
import { type BudgetUse, type ReachedStep, reachedSteps } from "./ladder.ts";
import { type Held, LeaseKeeper } from "./lease-keeper.ts";
import { type Need } from "./lease.ts";
import { HOLD_MS, OpenHolds } from "./open-holds.ts";
import { ladderRefusal, refusalOf } from "./refusals.ts";
import { Typicals } from "./typical.ts";

/** A call, the budgets it spends from and what it may cost. */
export interface Asked {
  readonly attempt: Attempt;
  readonly budgets: readonly Budget[];
  readonly estimate: HoldEstimate;
}

export interface HoldDeskOptions {
  readonly client: PayiClient;
  readonly log: ThrottledLog;
  /** The platform told the id of an instance's own limit. */
  readonly onInstanceLimit: (useCaseId: string, limitId: string) => void;
}

export class HoldDesk {
  readonly #options: HoldDeskOptions;
  readonly #leases: LeaseKeeper;
  readonly #holds: OpenHolds;
  readonly #typicals = new Typicals();

  constructor(options: HoldDeskOptions) {
    this.#options = options;
    this.#leases = new LeaseKeeper(options.client);
    this.#holds = new OpenHolds(options.client);
  }

  /** Without the network; undefined where the platform must be asked. */
  takeLocally(asked: Asked, nowMs: number): Permit | undefined {
    const needs = this.#needsOf(asked, nowMs);
    const share = needs === undefined ? undefined : this.#leases.take(needs, nowMs);
    if (share === undefined) return undefined;
    return permitOver(share, asked, (key) => this.#leases.stateOf(key));
  }

  /** Asks the platform. @throws where it does not answer. */
  async ask(asked: Asked): Promise<Permit> {
    const { attempt, budgets, estimate } = asked;
    const call: HoldRequest = {
      holdId: newHoldId(),
      limitIds: attempt.context.limitIds,
      context: holdContext(attempt),
      estimate,
      ttlMs: HOLD_MS,
    };
    if (!budgets.every(({ limit }) => mayLease(limit.estimate))) return this.#single(call, asked);
    const keys = budgets.flatMap(({ key }) => key ?? []);
    const needs =
      this.#needsOf(asked, performance.now()) ?? keys.map((key) => ({ key, amount: MORE_THAN_ANY_SLICE }));
    const decision = await this.#leases.ask(call, keys, needs);
    if (decision?.share !== undefined) {
      const { answer, share } = decision;
      this.#learnFrom(answer, asked);
      return permitOver(share, asked, useIn(answer));
    }
    if (decision !== undefined && !(decision.answer.admitted && decision.answer.fromLease)) {
      return this.#permitOf(decision.answer, asked);
    }
    // Somebody else asked for the same budgets, or took what was granted: there may be room, or this call asks alone.
    return (
      this.takeLocally(asked, performance.now()) ?? this.#single({ ...call, holdId: newHoldId() }, asked)
    );
  }

  /** Returns what no call holds. @throws where the platform does not answer. */
  giveBack(): Promise<void> {
    return this.#leases.giveBack();
  }

  /** Returns everything. Never rejects. */
  async end(): Promise<void> {
    await Promise.all([this.#leases.end(), this.#holds.releaseAll()]);
  }

  async #single(call: HoldRequest, asked: Asked): Promise<Permit> {
    return this.#permitOf(await this.#options.client.holds.create(call), asked);
  }

  /** The platform's word about a call that is held by itself, or not at all. */
  #permitOf(answer: HoldAnswer, asked: Asked): Permit {
    this.#learnFrom(answer, asked);
    const { attempt, budgets, estimate } = asked;
    if (!answer.admitted) {
      return refusing(refusalOf(answer, budgets, attempt.context, estimate.priced));
    }
    const { holdId } = answer;
    this.#holds.keep(holdId);
    const held: Held = {
      holdId,
      settle: () => this.#holds.leave(holdId),
      release: () => void this.#holds.release(holdId),
    };
    return permitOver(held, asked, useIn(answer));
  }

  /** What a lease has to have room for; undefined where only the platform can decide. */
  #needsOf({ budgets, attempt, estimate }: Asked, nowMs: number): readonly Need[] | undefined {
    const needs: Need[] = [];
    for (const { limit, key } of budgets) {
      const mode = limit.estimate ?? "history";
      if (key === undefined || !mayLease(mode)) return undefined;
      const history =
        mode === "history" && estimate.upperBound === undefined
          ? this.#typicals.find(key, attempt, estimate, nowMs)
          : NO_HISTORY;
      if (history === undefined) return undefined;
      const amount = amountToHold(mode, estimate, history.amount);
      // Only the platform knows the dearest rate, and only it may say no.
      if (amount === undefined && (limit.onUnpriced ?? "alert") !== "alert") return undefined;
      needs.push({ key, amount: amount ?? 0n });
    }
    return needs;
  }

  #learnFrom({ limits, admitted, unknownLimitIds }: HoldAnswer, { attempt, estimate }: Asked): void {
    const { useCaseId } = attempt.context;
    const nowMs = performance.now();
    for (const { limitId, value, automatic, typical } of limits) {
      if (automatic && useCaseId !== undefined) this.#options.onInstanceLimit(useCaseId, limitId);
      if (admitted && estimate.upperBound === undefined) {
        this.#typicals.note(budgetKey(limitId, value), attempt, estimate, typical, nowMs);
      }
    }
    if (unknownLimitIds.length === 0) return;
    this.#options.log.warn(
      "unknown_limits",
      `Calls name limits that this application does not have: ${unknownLimitIds.join(", ")}. They limit nothing.`,
    );
  }
}

const NO_HISTORY = { amount: undefined };
const MORE_THAN_ANY_SLICE: Money = 10n ** 60n;

/** `strict` counts every call at the platform, and `none` goes by what is spent now. */
function mayLease(mode: Budget["limit"]["estimate"]): boolean {
  return mode !== "strict" && mode !== "none";
}

function useIn(answer: HoldAnswer): (key: string) => BudgetUse | undefined {
  return (key) => answer.limits.find(({ limitId, value }) => budgetKey(limitId, value) === key);
}

/** A permit over what is held, unless a ladder blocks: then nothing is held. */
function permitOver(
  held: Held,
  { attempt, budgets, estimate }: Asked,
  use: (key: string) => BudgetUse | undefined,
): Permit {
  let steps: readonly ReachedStep[] | undefined;
  for (const budget of budgets) {
    const { limit, limitId, key } = budget;
    if (limit.ladder === undefined || limit.ladder.length === 0) continue;
    const standing = key === undefined ? undefined : use(key);
    if (standing === undefined || limitId === undefined) continue;
    const reached = reachedSteps(limitId, limit.ladder, standing, attempt);
    const blocking = reached.filter(({ step }) => step.action === "block");
    if (blocking.length > 0) {
      held.release();
      const refusedCost = estimate.upperBound ?? estimate.expected ?? estimate.worstCase;
      const refusal = ladderRefusal(budget, standing, attempt.context);
      return { ...refusing(refusal), steps: blocking.slice(0, 1), refusedCost };
    }
    if (reached.length > 0) steps = steps === undefined ? reached : [...steps, ...reached];
  }
  const { holdId, settle, release } = held;
  return { holdId, steps, settle, release };
}

export function refusing(refusal: NonNullable<Permit["refusal"]>): Permit {
  return { free: true, refusal, settle: () => undefined };
}
