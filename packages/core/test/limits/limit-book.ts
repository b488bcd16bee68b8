/** The platform's side of holds and leases, word for word as `wire/holds.ts` and `wire/leases.ts` have it, in memory. */
import { Definitions } from "../../src/limits/definitions.ts";
import { type Money } from "../../src/money.ts";
import { type GuardAutomatic, type GuardDefinitions, type GuardLimit } from "../../src/wire/guard.ts";
import { type BudgetState, type HeldLimit } from "../../src/wire/held-limit.ts";
import { type HoldAnswer, type HoldRequest, amountToHold } from "../../src/wire/holds.ts";
import {
  type LeaseAnswer,
  type LeaseLine,
  type LeaseReport,
  type LeaseRequest,
} from "../../src/wire/leases.ts";

interface Line {
  readonly key: string;
  granted: Money;
  returned: Money;
  settled: Money;
}

interface Hold {
  readonly kind: "call" | "lease";
  readonly lines: Map<string, Line>;
  endsMs: number;
}

interface Budget {
  readonly limit: GuardLimit;
  readonly value: string;
  readonly key: string;
}

export class LimitBook {
  version = 1;
  /** Milliseconds by a clock of the test's own. */
  now = (): number => performance.now();
  /** p95 of every history; undefined: too few samples. */
  typical: Money | undefined;
  leaseMs = 10_000;
  readonly limits = new Map<string, GuardLimit>();
  readonly automatic: GuardAutomatic[] = [];
  readonly #used = new Map<string, Money>();
  readonly #holds = new Map<string, Hold>();
  readonly #draining = new Set<string>();
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
    return this.#heldOf(`${limitId}\n${value}`);
  }

  get openLeases(): number {
    this.sweep();
    return [...this.#holds.values()].filter(({ kind, endsMs }) => kind === "lease" && endsMs > this.now())
      .length;
  }

  sweep(): void {
    for (const hold of this.#holds.values()) if (hold.endsMs <= this.now()) hold.lines.clear();
  }

  hold(request: HoldRequest): HoldAnswer {
    this.sweep();
    const { budgets, unknown } = this.#budgetsOf(request);
    const amounts = this.#amountsOf(budgets, request);
    const refusing = this.#refusing(budgets, amounts);
    if (refusing.length > 0) return this.#refuse(request, budgets, refusing, unknown);
    const hold: Hold = { kind: "call", lines: new Map(), endsMs: this.now() + (request.ttlMs ?? 60_000) };
    this.#holds.set(request.holdId, hold);
    for (const { key } of budgets) this.#grow(hold, key, amounts.get(key) ?? 0n);
    this.#verify(budgets);
    return this.#admit(request, budgets, amounts, unknown);
  }

  lease(request: LeaseRequest, opening: boolean): LeaseAnswer | undefined {
    this.sweep();
    let lease = this.#holds.get(request.leaseId);
    if (lease === undefined || lease.endsMs <= this.now()) {
      if (!opening) return undefined;
      lease = { kind: "lease", lines: new Map(), endsMs: 0 };
    }
    for (const report of request.lines) this.#report(lease, report);
    const { call } = request;
    const answer = call === undefined ? undefined : this.#leaseCall(lease, call);
    if (!opening || answer?.fromLease === true) {
      lease.endsMs = this.now() + this.leaseMs;
      this.#holds.set(request.leaseId, lease);
    }
    const told = new Set([
      ...request.lines.map(({ limitId, value }) => `${limitId}\n${value}`),
      ...(answer?.limits ?? []).map(({ limitId, value }) => `${limitId}\n${value}`),
    ]);
    const open = lease.endsMs > this.now();
    const lines = [...lease.lines.values()]
      .filter(({ key }) => told.has(key))
      .map((line) => this.#lineOf(line));
    return { leaseId: request.leaseId, expiresInMs: open ? this.leaseMs : 0, lines, call: answer };
  }

  renew(holdId: string, ttlMs: number): boolean {
    const hold = this.#holds.get(holdId);
    if (hold === undefined || hold.endsMs <= this.now()) return false;
    hold.endsMs = this.now() + ttlMs;
    return true;
  }

  /** False when it had ended before. */
  end(holdId: string): boolean {
    const hold = this.#holds.get(holdId);
    const open = hold !== undefined && hold.endsMs > this.now();
    if (hold !== undefined) hold.endsMs = 0;
    this.sweep();
    return open;
  }

  knows(holdId: string): boolean {
    return this.#holds.has(holdId);
  }

  /** An event's own transaction: what it cost moves from held to spent. */
  charge(request: Pick<HoldRequest, "context" | "limitIds">, holdId: string | undefined, cost: Money): void {
    this.sweep();
    const { budgets } = this.#budgetsOf(request);
    const hold = holdId === undefined ? undefined : this.#holds.get(holdId);
    for (const { key } of budgets) {
      this.#used.set(key, (this.#used.get(key) ?? 0n) + cost);
      const line = hold?.kind === "lease" ? hold.lines.get(key) : undefined;
      if (line !== undefined) line.settled += cost < balance(line) ? cost : balance(line);
    }
    if (hold?.kind === "call" && holdId !== undefined) this.end(holdId);
  }

  #leaseCall(lease: Hold, call: HoldRequest): HoldAnswer & { fromLease: boolean } {
    const { budgets, unknown } = this.#budgetsOf(call);
    const amounts = this.#amountsOf(budgets, call);
    const refusing = this.#refusing(budgets, amounts);
    if (refusing.length > 0) {
      for (const key of refusing) this.#draining.add(key);
      return { ...this.#refuse(call, budgets, refusing, unknown), fromLease: false };
    }
    const roomy = budgets.every(({ limit, key }) => {
      const leaseable = limit.estimate !== "strict" && limit.estimate !== "none";
      return leaseable && this.#slice(limit, key) >= (amounts.get(key) ?? 0n);
    });
    if (!roomy) return { ...this.hold(call), fromLease: false };
    for (const { limit, key } of budgets) {
      const amount = amounts.get(key) ?? 0n;
      const slice = this.#slice(limit, key);
      const now = lease.lines.get(key);
      const missing = slice - amount - (now === undefined ? 0n : balance(now));
      this.#grow(lease, key, amount + (missing > 0n && !this.#draining.has(key) ? missing : 0n));
    }
    this.#verify(budgets);
    return { ...this.#admit(call, budgets, amounts, unknown), fromLease: true };
  }

  /** L = min(max ÷ 100, remaining ÷ (4 × open leases of the budget)). */
  #slice(limit: GuardLimit, key: string): Money {
    if (limit.limitType === "allow") return limit.max / 100n;
    const holders = [...this.#holds.values()].filter(
      ({ kind, endsMs, lines }) => kind === "lease" && endsMs > this.now() && lines.has(key),
    ).length;
    const remaining = limit.max - this.#usedOf(key) - this.#heldOf(key);
    const share = remaining / BigInt(4 * Math.max(1, holders));
    return limit.max / 100n < share ? limit.max / 100n : share;
  }

  #report(lease: Hold, { limitId, value, returned, more }: LeaseReport): void {
    const key = `${limitId}\n${value}`;
    const line = lease.lines.get(key);
    const limit = this.limits.get(limitId);
    if (line === undefined || limit === undefined) return;
    if (returned > line.returned) line.returned = returned;
    const slice = this.#slice(limit, key);
    if (more && !this.#draining.has(key) && slice > balance(line)) line.granted += slice - balance(line);
    if (this.#usedOf(key) + this.#heldOf(key) < limit.max) this.#draining.delete(key);
  }

  #grow(hold: Hold, key: string, amount: Money): void {
    const line = hold.lines.get(key) ?? { key, granted: 0n, returned: 0n, settled: 0n };
    hold.lines.set(key, line);
    line.granted += amount;
  }

  #refusing(budgets: readonly Budget[], amounts: ReadonlyMap<string, Money | undefined>): readonly string[] {
    return budgets
      .filter(({ limit, key }) => {
        if (limit.limitType === "allow") return false;
        const amount = amounts.get(key);
        if (amount === undefined && limit.onUnpriced === "block") return true;
        return this.#usedOf(key) + this.#heldOf(key) + (amount ?? 0n) > limit.max;
      })
      .map(({ key }) => key);
  }

  #amountsOf(budgets: readonly Budget[], { estimate }: HoldRequest): ReadonlyMap<string, Money | undefined> {
    return new Map(
      budgets.map(({ limit, key }) => [
        key,
        amountToHold(limit.estimate ?? "history", estimate, this.typical),
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
  ): HoldAnswer {
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
    return Object.assign(this.#stateOf(limit, value, key), {
      granted,
      settled,
      drain: this.#draining.has(key),
    });
  }

  #stateOf(limit: GuardLimit, value: string, key: string): BudgetState {
    return {
      limitId: limit.limitId,
      value,
      max: limit.max,
      spent: this.#usedOf(key),
      held: this.#heldOf(key),
      windowStartMs: undefined,
      windowEndMs: undefined,
    };
  }

  #usedOf(key: string): Money {
    return this.#used.get(key) ?? 0n;
  }

  #heldOf(key: string): Money {
    let sum = 0n;
    for (const { lines } of this.#holds.values()) {
      const line = lines.get(key);
      if (line !== undefined) sum += balance(line);
    }
    return sum;
  }

  #verify(budgets: readonly Budget[]): void {
    for (const { limit, key } of budgets) {
      if (limit.limitType === "block" && this.#usedOf(key) + this.#heldOf(key) > limit.max) this.broken += 1;
    }
  }
}

function balance({ granted, returned, settled }: Line): Money {
  return granted - returned - settled;
}
