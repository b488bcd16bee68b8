/** The life of a lease: what it grants, when it is renewed, returned and given up. */
import { expect, test, vi } from "vitest";

import { Lease } from "../../src/limits/lease.ts";
import { USD } from "../../src/money.ts";
import { type LeaseLine } from "../../src/wire/leases.ts";
import { CENT, ask, end, guardOf, limit } from "./asking.ts";
import { LimitBook } from "./limit-book.ts";
import { fetchFrom } from "./limit-platform.ts";

function line(fields: Partial<LeaseLine>): LeaseLine {
  const state = { limitId: "a", value: "", max: USD, spent: 0n, held: 0n };
  const sums = { granted: 0n, settled: 0n, drain: false };
  return { ...state, ...sums, windowStartMs: undefined, windowEndMs: undefined, ...fields };
}

function leaseOf(fields: Partial<LeaseLine>): Lease {
  const lease = new Lease();
  lease.apply({ leaseId: lease.id, expiresInMs: 10_000, lines: [line(fields)] }, 0);
  return lease;
}

const KEY = "a\n";

test("where the platform's price is the higher one, a lease spends no more than it has there", () => {
  const lease = leaseOf({ granted: 10n * CENT });
  expect(lease.take([{ key: KEY, amount: 4n * CENT }])).toBe(true);
  lease.settle([{ key: KEY, amount: 4n * CENT }], 4n * CENT);
  lease.apply(
    { leaseId: lease.id, expiresInMs: 10_000, lines: [line({ granted: 10n * CENT, settled: 9n * CENT })] },
    0,
  );
  expect(lease.take([{ key: KEY, amount: 2n * CENT }])).toBe(false);
  expect(lease.take([{ key: KEY, amount: CENT }])).toBe(true);
});

test("an answer that was overtaken takes nothing back, and grants nothing twice", () => {
  const lease = leaseOf({ granted: 10n * CENT });
  lease.apply({ leaseId: lease.id, expiresInMs: 10_000, lines: [line({ granted: 4n * CENT })] }, 0);
  lease.apply({ leaseId: lease.id, expiresInMs: 10_000, lines: [line({ granted: 10n * CENT })] }, 0);
  expect(lease.take([{ key: KEY, amount: 10n * CENT }])).toBe(true);
  expect(lease.take([{ key: KEY, amount: 1n }])).toBe(false);
});

test("a draining line gives back what is free, and not what a call holds", () => {
  const lease = leaseOf({ granted: 10n * CENT, drain: true });
  lease.take([{ key: KEY, amount: 3n * CENT }]);
  expect(lease.renewal()).toEqual([{ limitId: "a", value: "", returned: 7n * CENT, spent: 0n, more: false }]);
});

test("a slice grows while calls go on, and what is idle for a second goes back", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  try {
    const book = new LimitBook();
    book.put(limit("all", { max: 100n * USD }));
    const guard = guardOf(book);
    const spend = async (): Promise<void> => end(book, await ask(guard, { bound: 30n * CENT }), 30n * CENT);
    await spend();
    await spend();
    // Two of three such calls were in the slice of a dollar; the renewal fills it up again.
    await vi.advanceTimersByTimeAsync(1_000);
    expect(book.held("all")).toBeGreaterThan(99n * CENT);
    await spend();
    expect(guard.stats).toMatchObject({ checked: 3, local: 2 });
    await vi.advanceTimersByTimeAsync(2_000);
    expect([book.held("all"), book.used("all")]).toEqual([0n, 90n * CENT]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

test("what a lowered maximum has no room for goes back with the renewal that hears of it, and no call is local", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  try {
    const book = new LimitBook();
    book.put(limit("all", { max: 100n * USD }));
    const guard = guardOf(book);
    end(book, await ask(guard, { bound: CENT }), CENT);
    end(book, await ask(guard, { bound: CENT }), CENT);
    expect(guard.stats).toMatchObject({ checked: 2, local: 1 });
    book.put(limit("all", { max: 3n * CENT }));
    await vi.advanceTimersByTimeAsync(1_000);
    expect([book.held("all"), book.used("all")]).toEqual([0n, 2n * CENT]);
    expect((await ask(guard, { bound: 2n * CENT })).refusal?.reason).toBe("limit");
    expect(guard.stats).toMatchObject({ checked: 3, local: 1, refused: 1 });
  } finally {
    vi.useRealTimers();
  }
});

test("a long call's hold is renewed for as long as it runs, and a lease is not spent in its last second", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  try {
    const book = new LimitBook();
    book.put(limit("all", { max: 100n * USD }));
    let away = false;
    const inside = fetchFrom(book);
    const guard = guardOf(book, (input, init) =>
      away ? Promise.reject(new TypeError("away")) : inside(input, init),
    );
    const permit = await ask(guard, { bound: 30n * CENT });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(book.held("all")).toBe(30n * CENT);
    end(book, await ask(guard, { bound: CENT }), CENT);
    away = true;
    const reasons: (string | undefined)[] = [];
    for (let second = 1; second <= 10; second += 1) {
      await vi.advanceTimersByTimeAsync(990);
      reasons.push((await ask(guard, { bound: CENT / 100n })).refusal?.reason);
    }
    expect(reasons.slice(0, 9)).toEqual(Array.from({ length: 9 }, () => undefined));
    expect(reasons[9]).toBe("unreachable");
    permit.release?.();
  } finally {
    vi.useRealTimers();
  }
});

test("a lease that was cut off frees itself", async () => {
  const book = new LimitBook();
  let shiftMs = 0;
  book.now = () => performance.now() + shiftMs;
  book.put(limit("all", { max: 1_000n * USD }));
  const dead = guardOf(book);
  await ask(dead, { bound: CENT });
  expect(book.held("all")).toBe(10n * USD);
  shiftMs = 10_001;
  expect([book.held("all"), book.openLeases]).toEqual([0n, 0]);
});
