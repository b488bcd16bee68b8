/**
 * The leases of this process: one in use, and those before it whose calls still run.
 *
 * Invariants:
 * - a lease with money is renewed about once a second while calls go on, and what is idle for a second goes back;
 * - no timer keeps the process alive;
 * - an answer that comes after everybody stopped waiting is used all the same.
 */
import { type PayiClient } from "../client/client.ts";
import { ApiError } from "../errors.ts";
import { type Money } from "../money.ts";
import { type HoldRequest } from "../wire/holds.ts";
import { type LeaseAnswer, type LeaseCallAnswer } from "../wire/leases.ts";
import { Lease, type Need } from "./lease.ts";

const RENEW_MS = 1_000;
/** A lease with more budgets than this is left to its calls, and the next begins. */
const MOST_LINES = 1_000;

/** What a call holds. */
export interface Held {
  /** What its event names. */
  readonly holdId: string;
  readonly settle: (cost: Money | undefined) => void;
  /** No event will tell of the call, or it is known to cost nothing. */
  readonly release: () => void;
}

export interface LeaseDecision {
  readonly answer: LeaseCallAnswer;
  /** Set where the call is held by the lease. */
  readonly share: Held | undefined;
}

export class LeaseKeeper {
  readonly #client: PayiClient;
  #lease: Lease | undefined;
  readonly #older = new Set<Lease>();
  /** Who is asking for room on a line right now: others that lack the same wait for the answer. */
  readonly #asking = new Map<string, Promise<unknown>>();
  #opening: Promise<unknown> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #renewing = false;

  constructor(client: PayiClient) {
    this.#client = client;
  }

  /** Where a budget stands, as last told, at most about a second ago while calls go on. */
  stateOf(key: string): ReturnType<Lease["stateOf"]> {
    return this.#lease?.stateOf(key);
  }

  /** Without the network; undefined where a line has no room. */
  take(needs: readonly Need[], nowMs: number): Held | undefined {
    const lease = this.#lease;
    if (lease === undefined) return undefined;
    if (!lease.usable(nowMs)) {
      this.#retire(lease);
      return undefined;
    }
    return lease.take(needs) ? this.#share(lease, needs) : undefined;
  }

  /**
   * Asks the platform about a call. `keys` are the budgets that are known to be the call's. Undefined where somebody else
   * asked for the same meanwhile and there is room now: take again.
   */
  async ask(
    call: HoldRequest,
    keys: readonly string[],
    needs: readonly Need[],
  ): Promise<LeaseDecision | undefined> {
    const lacking = this.#lease?.lacking(needs) ?? keys;
    const others =
      lacking.map((key) => this.#asking.get(key)).find((one) => one !== undefined) ?? this.#opening;
    if (others !== undefined) {
      await others;
      return undefined;
    }
    const asked = this.#ask(call, lacking);
    const quiet = asked.catch(() => undefined);
    for (const key of lacking) this.#asking.set(key, quiet);
    if (this.#lease === undefined) this.#opening = quiet;
    try {
      return await asked;
    } finally {
      for (const key of lacking) if (this.#asking.get(key) === quiet) this.#asking.delete(key);
      if (this.#opening === quiet) this.#opening = undefined;
    }
  }

  /** Returns what no call holds. Rejects where the platform does not answer. */
  async giveBack(): Promise<void> {
    const leases = this.#leases().filter((lease) => lease.holdsMoney && lease.alive(performance.now()));
    await Promise.all(leases.map((lease) => this.#renew(lease, lease.giveBackAll())));
  }

  /** Ends all leases: for the end of the process, once the events of their calls are delivered. */
  async end(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const leases = this.#leases().filter((lease) => lease.alive(performance.now()));
    this.#lease = undefined;
    this.#older.clear();
    await Promise.all(
      leases.map((lease) => this.#client.leases.end(lease.id, lease.giveBackAll()).catch(() => undefined)),
    );
  }

  async #ask(call: HoldRequest, lacking: readonly string[]): Promise<LeaseDecision> {
    const lease = this.#lease;
    const askedMs = performance.now();
    if (lease !== undefined) {
      try {
        const lines = lease.reportFor(lacking);
        const answer = await this.#client.leases.renew({ leaseId: lease.id, lines, call });
        return this.#decide(lease, call, answer, askedMs);
      } catch (error) {
        if (!hasEnded(error)) throw error;
        this.#retire(lease);
      }
    }
    const opened = new Lease();
    const openedMs = performance.now();
    const answer = await this.#client.leases.open({ leaseId: opened.id, lines: [], call });
    if (answer.expiresInMs > 0) {
      if (this.#lease !== undefined) this.#retire(this.#lease);
      this.#lease = opened;
    }
    return this.#decide(opened, call, answer, openedMs);
  }

  #decide(lease: Lease, call: HoldRequest, answer: LeaseAnswer, askedMs: number): LeaseDecision {
    lease.apply(answer, askedMs);
    this.#watch();
    const decided = answer.call;
    if (decided === undefined) throw new TypeError(`The platform did not decide the call ${call.holdId}.`);
    if (!decided.admitted || !decided.fromLease) return { answer: decided, share: undefined };
    const needs = decided.limits.map(({ limitId, value, hold }) => ({
      key: `${limitId}\n${value}`,
      amount: hold ?? 0n,
    }));
    return { answer: decided, share: lease.take(needs) ? this.#share(lease, needs) : undefined };
  }

  #share(lease: Lease, needs: readonly Need[]): Held {
    this.#watch();
    return {
      holdId: lease.id,
      settle: (cost) => lease.settle(needs, cost),
      release: () => lease.settle(needs, 0n),
    };
  }

  /** Another lease is opened for the next call that needs one. */
  #retire(lease: Lease): void {
    lease.retire();
    if (this.#lease === lease) this.#lease = undefined;
    if (lease.holdsMoney) this.#older.add(lease);
  }

  #leases(): readonly Lease[] {
    return this.#lease === undefined ? [...this.#older] : [this.#lease, ...this.#older];
  }

  #watch(): void {
    this.#timer ??= setTimeout(() => void this.#tick(), RENEW_MS).unref();
  }

  async #tick(): Promise<void> {
    this.#timer = undefined;
    if (this.#renewing) return;
    this.#renewing = true;
    const now = performance.now();
    if (this.#lease !== undefined && this.#lease.size > MOST_LINES) this.#retire(this.#lease);
    for (const lease of this.#older) {
      if (!lease.holdsMoney || !lease.alive(now)) this.#older.delete(lease);
    }
    const leases = this.#leases().filter((lease) => lease.alive(now) && lease.holdsMoney);
    // What cannot be renewed is spent while it lives; the platform takes the rest back by itself.
    await Promise.all(leases.map((lease) => this.#renew(lease, lease.renewal()).catch(() => undefined)));
    this.#renewing = false;
    if (this.#leases().some((lease) => lease.holdsMoney)) this.#watch();
  }

  async #report(lease: Lease, lines: ReturnType<Lease["renewal"]>): Promise<void> {
    const askedMs = performance.now();
    lease.apply(await this.#client.leases.renew({ leaseId: lease.id, lines }), askedMs);
  }

  async #renew(lease: Lease, lines: ReturnType<Lease["renewal"]>): Promise<void> {
    try {
      await this.#report(lease, lines);
      const calledBack = lease.calledBack();
      // Somebody was refused for it, and may ask again within the second.
      if (calledBack !== undefined) await this.#report(lease, calledBack);
    } catch (error) {
      if (!hasEnded(error)) throw error;
      lease.forget();
      this.#retire(lease);
    }
  }
}

function hasEnded(error: unknown): boolean {
  return error instanceof ApiError && error.code === "lease_not_found";
}
