/**
 * The platform's side of holds and leases, word for word as `wire/holds.ts` and `wire/leases.ts` have it, in memory. That it
 * decides as the server does is held by `store/limit-book.test.ts` of the server.
 */
import { Definitions } from "../../src/limits/definitions.ts";
import { type Money, PICO } from "../../src/money.ts";
import { type GuardAutomatic, type GuardDefinitions, type GuardLimit } from "../../src/wire/guard.ts";
import { type BudgetState, type HeldLimit } from "../../src/wire/held-limit.ts";
import { type HoldAnswer, type HoldRequest, amountToHold } from "../../src/wire/holds.ts";
import {
  type LeaseAnswer,
  type LeaseLine,
  type LeaseReport,
  type LeaseRequest,
} from "../../src/wire/leases.ts";
import { type Hold, HeldLines, type Line, balanceOf, grow } from "./held-lines.ts";

/** Holders renew once a second, so all of them hear of it in this time. */
const DRAIN_MS = 2_000;

interface Budget {
  readonly limit: GuardLimit;
  readonly value: string;
  readonly key: string;
}

export class LimitBook {
  version = 1;
  /** Milliseconds by a clock of the test's own. */
  now = (): number => performance.now();
  /** What every call usually costs; undefined: there was none. */
  typical: Money | undefined;
  leaseMs = 10_000;
  readonly limits = new Map<string, GuardLimit>();
  readonly automatic: GuardAutomatic[] = [];
  readonly #used = new Map<string, Money>();
  readonly #lines = new HeldLines(() => this.now());
  /** Until when holders return what they have not spent, by budget. */
  readonly #drainsUntil = new Map<string, number>();
  /** Checked after each admission: 9.3.4 of the design. */
  broken = 0;

  put(limit: GuardLimit): void {
    this.limits.set(limit.limitId, limit);
    this.version += 1;
  }

  definitions(): GuardDefinitions {
    const limits = [...this.limits.values()];
    return { version: String(this.version), limits, automatic: this.automatic };
  }

  used(limitId: string, value = ""): Money {
    return this.#used.get(`${limitId}\n${value}`) ?? 0n;
  }

  held(limitId: string, value = ""): Money {
    this.sweep();
    return this.#lines.heldOf(`${limitId}\n${value}`);
  }

  get openLeases(): number {
    return this.#lines.leases().length;
  }

  sweep(): void {
    this.#lines.sweep();
  }

  hold(request: HoldRequest): HoldAnswer {
    this.sweep();
    const { budgets, unknown } = this.#budgetsOf(request);
    const amounts = this.#amountsOf(budgets, request);
    const refusing = this.#refusing(budgets, amounts);
    if (refusing.length > 0) return this.#refuse(request, budgets, refusing, unknown);
    const hold: Hold = { kind: "call", lines: new Map(), endsMs: this.now() + (request.ttlMs ?? 60_000) };
    this.#lines.open(request.holdId, hold);
    for (const { key } of budgets) grow(hold, key, amounts.get(key) ?? 0n);
    this.#verify(budgets);
    return this.#admit(request, budgets, amounts, unknown);
  }

  lease(request: LeaseRequest, opening: boolean): LeaseAnswer | undefined {
    this.sweep();
    let lease = this.#lines.find(request.leaseId);
    if (lease === undefined || !this.#lines.isOpen(lease)) {
      if (!opening) return undefined;
      lease = { kind: "lease", lines: new Map(), endsMs: 0 };
    }
    for (const report of request.lines) this.#report(lease, report);
    const { call } = request;
    const answer = call === undefined ? undefined : this.#leaseCall(request.leaseId, lease, call);
    if (!opening || answer?.fromLease === true) {
      lease.endsMs = this.now() + this.leaseMs;
      this.#lines.open(request.leaseId, lease);
    }
    const told = new Set([
      ...request.lines.map(({ limitId, value }) => `${limitId}\n${value}`),
      ...(answer?.limits ?? []).map(({ limitId, value }) => `${limitId}\n${value}`),
    ]);
    const open = this.#lines.isOpen(lease);
    const lines = [...lease.lines.values()]
      .filter(({ key }) => told.has(key))
      .map((line) => this.#lineOf(line));
    return { leaseId: request.leaseId, expiresInMs: open ? this.leaseMs : 0, lines, call: answer };
  }

  renew(holdId: string, ttlMs: number): boolean {
    const hold = this.#lines.find(holdId);
    if (hold === undefined || !this.#lines.isOpen(hold)) return false;
    hold.endsMs = this.now() + ttlMs;
    return true;
  }

  /** False when it had ended before. */
  end(holdId: string): boolean {
    return this.#lines.end(holdId);
  }

  knows(holdId: string): boolean {
    return this.#lines.find(holdId) !== undefined;
  }

  /** An event's own transaction: what it cost moves from held to spent. */
  charge(request: Pick<HoldRequest, "context" | "limitIds">, holdId: string | undefined, cost: Money): void {
    this.sweep();
    const { budgets } = this.#budgetsOf(request);
    const hold = holdId === undefined ? undefined : this.#lines.find(holdId);
    for (const { key } of budgets) {
      this.#used.set(key, (this.#used.get(key) ?? 0n) + cost);
      const line = hold?.kind === "lease" ? hold.lines.get(key) : undefined;
      if (line !== undefined) line.settled += cost < balanceOf(line) ? cost : balanceOf(line);
    }
    if (hold?.kind === "call" && holdId !== undefined) this.end(holdId);
  }

  #leaseCall(leaseId: string, lease: Hold, call: HoldRequest): HoldAnswer & { fromLease: boolean } {
    const { budgets, unknown } = this.#budgetsOf(call);
    const amounts = this.#amountsOf(budgets, call);
    const refusing = this.#refusing(budgets, amounts);
    if (refusing.length > 0) {
      return { ...this.#refuse(call, budgets, refusing, unknown, lease), fromLease: false };
    }
    const roomy = budgets.every(({ limit, key }) => {
      // Of a call of unknown cost nobody can tell later what it took from a lease.
      if (!call.estimate.priced && limit.onUnpriced === "hold_dearest") return false;
      const slice = this.#slice(limit, key);
      return slice > 0n && slice >= (amounts.get(key) ?? 0n);
    });
    if (!roomy) return { ...this.hold(call), fromLease: false };
    for (const { limit, key } of budgets) {
      const amount = amounts.get(key) ?? 0n;
      const slice = this.#slice(limit, key);
      const now = lease.lines.get(key);
      const missing = slice - amount - (now === undefined ? 0n : balanceOf(now));
      grow(lease, key, amount + (missing > 0n && !this.#drains(key) ? missing : 0n));
    }
    lease.endsMs = this.now() + this.leaseMs;
    this.#lines.open(leaseId, lease);
    this.#verify(budgets);
    return { ...this.#admit(call, budgets, amounts, unknown), fromLease: true };
  }

  /** L = min(max ÷ 100, remaining ÷ (4 × open leases of the budget)), in whole pico-dollars; 0 where there are no leases. */
  #slice(limit: GuardLimit, key: string): Money {
    if (limit.estimate === "strict" || limit.estimate === "none") return 0n;
    const most = limit.max / 100n;
    if (limit.limitType === "allow") return most - (most % PICO);
    const holders = Math.max(1, this.#lines.leases(key).length);
    const share = (limit.max - this.#usedOf(key) - this.#lines.heldOf(key)) / BigInt(4 * holders);
    const slice = most < share ? most : share;
    return slice > 0n ? slice - (slice % PICO) : 0n;
  }

  #report(lease: Hold, { limitId, value, returned, more }: LeaseReport): void {
    const key = `${limitId}\n${value}`;
    const line = lease.lines.get(key);
    const limit = this.limits.get(limitId);
    if (line === undefined || limit === undefined) return;
    // What events have settled meanwhile cannot be returned as well.
    const gone = returned - line.returned < balanceOf(line) ? returned - line.returned : balanceOf(line);
    if (gone > 0n) line.returned += gone;
    if (!more || this.#drains(key)) return;
    const missing = this.#slice(limit, key) - balanceOf(line);
    if (missing > 0n) line.granted += missing;
  }

  #drains(key: string): boolean {
    return (this.#drainsUntil.get(key) ?? 0) > this.now();
  }

  /** Slices that others have not spent are called back. */
  #drain(key: string, except: Hold | undefined): void {
    const leftMs = (this.#drainsUntil.get(key) ?? 0) - this.now();
    const others = this.#lines.leases(key).filter((lease) => lease !== except);
    if (leftMs <= DRAIN_MS / 2 && others.length > 0) this.#drainsUntil.set(key, this.now() + DRAIN_MS);
  }

  #refusing(budgets: readonly Budget[], amounts: ReadonlyMap<string, Money | undefined>): readonly string[] {
    return budgets
      .filter(({ limit, key }) => {
        if (limit.limitType === "allow") return false;
        const amount = amounts.get(key);
        if (amount === undefined && limit.onUnpriced === "block") return true;
        return this.#usedOf(key) + this.#lines.heldOf(key) + (amount ?? 0n) > limit.max;
      })
      .map(({ key }) => key);
  }

  #amountsOf(budgets: readonly Budget[], { estimate }: HoldRequest): ReadonlyMap<string, Money | undefined> {
    return new Map(
      budgets.map(({ limit, key }) => [
        key,
        amountToHold(limit.estimate ?? "history", estimate, this.typical, limit.max),
      ]),
    );
  }

  #budgetsOf({ context, limitIds }: Pick<HoldRequest, "context" | "limitIds">): {
    budgets: readonly Budget[];
    unknown: readonly string[];
  } {
    const own =
      context.useCaseId === undefined ? undefined : this.#ownLimit(context.useCaseName, context.useCaseId);
    const ids = own === undefined ? limitIds : [...(limitIds ?? []), own];
    const { properties, category, resource, ...rest } = context;
    const definitions = new Definitions({ ...this.definitions(), automatic: [] });
    const found = definitions.budgetsOf({
      category,
      resource,
      context: { ...rest, limitIds: ids, requestProperties: properties },
      maxOutputTokens: undefined,
    });
    const budgets = found.flatMap(({ limit, value, key }) =>
      "limitId" in limit && key !== undefined ? [{ limit, value, key }] : [],
    );
    return { budgets, unknown: (limitIds ?? []).filter((id) => !this.limits.has(id)) };
  }

  #ownLimit(useCaseName: string | undefined, useCaseId: string): string | undefined {
    const template = this.automatic.find((one) => one.useCaseName === useCaseName);
    if (template === undefined) return undefined;
    const limitId = `own-${useCaseId}`;
    if (!this.limits.has(limitId)) {
      const { useCaseName: _name, ...rest } = template;
      this.limits.set(limitId, { ...rest, limitId, limitName: limitId });
    }
    return limitId;
  }

  #refuse(
    { holdId }: HoldRequest,
    budgets: readonly Budget[],
    refusing: readonly string[],
    unknownLimitIds: readonly string[],
    except?: Hold,
  ): HoldAnswer {
    for (const key of refusing) this.#drain(key, except);
    return {
      holdId,
      admitted: false,
      expiresInMs: undefined,
      limits: budgets.map((budget) => this.#heldLimit(budget, undefined)),
      refusedBy: budgets.filter(({ key }) => refusing.includes(key)).map(({ limit }) => limit.limitId),
      unknownLimitIds,
    };
  }

  #admit(
    { holdId, ttlMs }: HoldRequest,
    budgets: readonly Budget[],
    amounts: ReadonlyMap<string, Money | undefined>,
    unknownLimitIds: readonly string[],
  ): HoldAnswer {
    return {
      holdId,
      admitted: true,
      expiresInMs: ttlMs ?? 60_000,
      limits: budgets.map((budget) => this.#heldLimit(budget, amounts.get(budget.key))),
      refusedBy: [],
      unknownLimitIds,
    };
  }

  #heldLimit({ limit, value, key }: Budget, hold: Money | undefined): HeldLimit {
    return Object.assign(this.#stateOf(limit, value, key), {
      limitName: limit.limitName,
      limitType: limit.limitType,
      automatic: limit.limitId.startsWith("own-"),
      hold,
      typical: this.typical,
    });
  }

  #lineOf({ key, granted, settled }: Line): LeaseLine {
    const [limitId = "", value = ""] = key.split("\n");
    const limit = this.limits.get(limitId) as GuardLimit;
    const isShort = limit.limitType === "block" && this.#usedOf(key) + this.#lines.heldOf(key) > limit.max;
    return Object.assign(this.#stateOf(limit, value, key), {
      granted,
      settled,
      drain: isShort || this.#drains(key),
    });
  }

  #stateOf(limit: GuardLimit, value: string, key: string): BudgetState {
    return {
      limitId: limit.limitId,
      value,
      max: limit.max,
      spent: this.#usedOf(key),
      held: this.#lines.heldOf(key),
      windowStartMs: undefined,
      windowEndMs: undefined,
    };
  }

  #usedOf(key: string): Money {
    return this.#used.get(key) ?? 0n;
  }

  #verify(budgets: readonly Budget[]): void {
    for (const { limit, key } of budgets) {
      if (limit.limitType === "block" && this.#usedOf(key) + this.#lines.heldOf(key) > limit.max)
        this.broken += 1;
    }
  }
}
