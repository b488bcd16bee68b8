/**
 * The platform that core's tests of limits go by decides as the server does: random histories of holds, leases, events and
 * time, each step asked of both.
 */

import { type HoldAnswer, type HoldRequest, type LeaseAnswer } from "@payi/core/wire";
import { afterAll, beforeAll, expect, test } from "vitest";

import { Lease } from "../../../../packages/core/src/limits/lease.ts";
import { LimitBook } from "../../../../packages/core/test/limits/limit-book.ts";
import { type TestStore, newEvent, onEachEngine, openTestStore } from "./support.ts";

const USD = 10n ** 18n;
const CENT = USD / 100n;
const PICO = 10n ** 6n;
const STEPS = 50;
const LIMITS = [
  { limitId: "all", selector: {}, max: USD },
  { limitId: "each", selector: {}, per: "user_id", max: USD / 2n },
  { limitId: "asked", selector: { userId: "strict" }, estimate: "strict", max: USD },
] as const;
const USERS = ["jane", "john", "strict"] as const;

/** Numbers that are the same for the same seed. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % sides;
  };
}

onEachEngine("the book of limits in core's tests", (engine) => {
  let store: TestStore;
  beforeAll(async () => {
    store = await openTestStore(engine);
  });
  afterAll(() => store.close());

  /** Everything that both have, asked in the same order. */
  class Both {
    readonly #application: string;
    readonly #book = new LimitBook();
    readonly #startMs = Date.now();
    #passedMs = 0;
    readonly #server: unknown[] = [];
    readonly #expected: unknown[] = [];

    constructor(application: string) {
      this.#application = application;
      this.#book.now = () => this.#startMs + this.#passedMs;
    }

    async open(): Promise<void> {
      await store.makeApplication(this.#application);
      for (const { limitId, max, ...policy } of LIMITS) {
        this.#book.put({ limitId, limitName: limitId, limitType: "block", max, ...policy });
        const fields = { name: limitId, limitType: "block", threshold: undefined, properties: {} } as const;
        // oxlint-disable-next-line no-await-in-loop -- one limit after the other
        await store.createLimit({ application: this.#application, id: limitId, max, ...fields, policy });
      }
    }

    pass(milliseconds: number): void {
      this.#passedMs += milliseconds;
    }

    async hold(request: HoldRequest): Promise<boolean> {
      const asked = { application: this.#application, request, hash: request.holdId, dearest: undefined };
      const answer = await store.hold({ ...asked, nowMs: this.#book.now() });
      this.#note(decided(answer), decided(this.#book.hold(request)));
      return answer.admitted;
    }

    /** One request of a lease's holder, and what came of it. */
    async ask(
      lease: Lease,
      call: HoldRequest | undefined,
      renews: boolean,
    ): Promise<LeaseAnswer | undefined> {
      const opening = !renews;
      const request = { leaseId: lease.id, lines: renews ? lease.renewal() : [], call };
      const asked = { application: this.#application, request, opening, hash: "h", dearest: undefined };
      const expected = this.#book.lease(request, opening);
      const answer = await store
        .lease({ ...asked, nowMs: this.#book.now() })
        .catch((error: { code?: string }) => error.code);
      const refused = answer === undefined || typeof answer === "string";
      this.#note(
        refused ? answer : summary(answer),
        expected === undefined ? "lease_not_found" : summary(expected),
      );
      if (refused) return undefined;
      lease.apply(answer, this.#book.now());
      return answer;
    }

    async charge(user: string, holdId: string | undefined, cents: bigint): Promise<void> {
      const cost = cents * CENT;
      const context = { category: "system.openai", resource: "model", userId: user };
      this.#book.charge({ context, limitIds: undefined }, holdId, cost);
      const total = cost / PICO;
      await store.sweepHolds(this.#application, this.#book.now());
      const fields = { application: this.#application, user, holdId, timeMs: this.#book.now() };
      await store.ingest([newEvent({ ...fields, cost: { input: 0n, output: total, total } })]);
    }

    /** What each said since it was asked last, and where every budget stands. */
    async told(): Promise<{ readonly server: readonly unknown[]; readonly book: readonly unknown[] }> {
      await store.sweepHolds(this.#application, this.#book.now());
      this.#book.sweep();
      for (const { limitId } of LIMITS) {
        // oxlint-disable-next-line no-await-in-loop -- one limit after the other
        const { items } = await store.limitWindows(this.#application, limitId, undefined, ALL);
        for (const { totals } of items) {
          const { value, used, held } = totals;
          const book = [limitId, value, this.#book.used(limitId, value), this.#book.held(limitId, value)];
          this.#note([limitId, value, used * PICO, held * PICO], book);
        }
      }
      return { server: this.#server.splice(0), book: this.#expected.splice(0) };
    }

    #note(server: unknown, book: unknown): void {
      this.#server.push(server);
      this.#expected.push(book);
    }
  }

  test.for([1, 3, 4])("answers as the server does, history %i", async (seed) => {
    const roll = dice(seed * 7_919);
    const both = new Both(`history-${seed}`);
    await both.open();
    const leases: Lease[] = [];
    const holds: { readonly id: string; readonly user: string }[] = [];
    for (let step = 0; step < STEPS; step += 1) {
      const user = USERS[roll(USERS.length)] ?? "";
      const call = callOf(user, BigInt(1 + roll(roll(4) === 0 ? 30_000 : 400)) * (CENT / 1_000n));
      const [kind, lease] = [roll(10), leases[roll(Math.max(1, leases.length))]];
      if (kind < 2) {
        const opened = new Lease();
        // oxlint-disable-next-line no-await-in-loop -- a history is in order
        if (await both.ask(opened, call, false)) leases.push(opened);
      } else if (kind < 5 && lease !== undefined) {
        // oxlint-disable-next-line no-await-in-loop
        await both.ask(lease, roll(2) === 0 ? call : undefined, true);
      } else if (kind < 7) {
        // oxlint-disable-next-line no-await-in-loop
        if (await both.hold(call)) holds.push({ id: call.holdId, user });
      } else if (kind < 9) {
        const of = roll(2) === 0 ? holds.pop() : undefined;
        // oxlint-disable-next-line no-await-in-loop
        await both.charge(of?.user ?? user, of?.id ?? lease?.id, BigInt(roll(6)));
      } else both.pass(roll(3) === 0 ? 11_000 : roll(2_500));
      // oxlint-disable-next-line no-await-in-loop
      const { server, book } = await both.told();
      expect(server).toEqual(book);
    }
  });
});

const ALL = { limit: 100, ascending: true, after: undefined };

function callOf(userId: string, amount: bigint): HoldRequest {
  return {
    holdId: crypto.randomUUID(),
    context: { category: "system.openai", resource: "model", userId },
    estimate: { upperBound: amount, worstCase: amount, priced: true, inputTokens: 10, outputTokens: 10 },
  };
}

/** What both tell of a budget. */
function standing({ limitId, value, spent, held, max }: Standing): readonly unknown[] {
  return [limitId, value, spent, held, max];
}
type Standing = { readonly [Part in "limitId" | "value"]: string } & {
  readonly [Part in "spent" | "held" | "max"]: bigint;
};

function byName(left: readonly unknown[], right: readonly unknown[]): number {
  return String(left[0]) < String(right[0]) ? -1 : 1;
}

function summary({ expiresInMs, lines, call }: LeaseAnswer): unknown {
  const told = lines.map((line) => ({
    standing: standing(line),
    granted: line.granted,
    settled: line.settled,
    drain: line.drain,
  }));
  return {
    expiresInMs,
    lines: told.toSorted((left, right) => byName(left.standing, right.standing)),
    call: call && { fromLease: call.fromLease, ...decided(call) },
  };
}

function decided({ admitted, refusedBy, limits }: HoldAnswer): object {
  const held = limits.map((limit) => ({ standing: standing(limit), hold: limit.hold }));
  return {
    admitted,
    refusedBy: refusedBy.toSorted(),
    limits: held.toSorted((left, right) => byName(left.standing, right.standing)),
  };
}
