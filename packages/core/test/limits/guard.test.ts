/** The guard against the platform's rules, without a network: what holds whatever happens in which order. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { type LimitGuard } from "../../src/limits/limit-guard.ts";
import { USD } from "../../src/money.ts";
import { CENT, ask, end, guardOf, limit } from "./asking.ts";
import { LimitBook } from "./limit-book.ts";
import { fetchFrom } from "./limit-platform.ts";

describe("random histories of several processes", () => {
  const call = fc.record({
    process: fc.nat(2),
    userId: fc.constantFrom("ann", "bob"),
    bound: fc.bigInt(1n, 30n),
    /** Of the bound, in percent. */
    share: fc.integer({ min: 0, max: 160 }),
    outcome: fc.constantFrom("ends", "ends", "ends", "fails", "dies"),
  });

  test("spend passes the maximum by no more than what calls cost above what they held, and nothing is left held", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 60 }), fc.nat(3), async (calls, atOnce) => {
        const book = new LimitBook();
        book.put(limit("all", { max: 150n * CENT }));
        book.put(limit("user", { max: 90n * CENT, per: "user_id" }));
        const guards = [0, 1, 2].map(() => guardOf(book));
        let excess = 0n;
        let spent = 0n;
        const running: (() => void)[] = [];
        for (const { process, userId, bound, share, outcome } of calls) {
          const asked = { userId, bound: bound * CENT };
          const permit = await ask(guards[process] as LimitGuard, asked);
          if (permit.refusal !== undefined) continue;
          running.push(() => {
            if (outcome === "dies") return;
            if (outcome === "fails") {
              permit.release?.();
              return;
            }
            const cost = (asked.bound * BigInt(share)) / 100n;
            if (cost > asked.bound) excess += cost - asked.bound;
            spent += cost;
            end(book, permit, cost, { userId });
          });
          while (running.length > atOnce) running.shift()?.();
        }
        for (const finish of running) finish();
        expect(book.used("all")).toBe(spent);
        expect(book.used("all") <= 150n * CENT + excess).toBe(true);
        expect(book.used("user", "ann") <= 90n * CENT + excess).toBe(true);
        expect(book.broken).toBe(0);
        await Promise.all(guards.map((guard) => guard.close(1_000)));
        expect([book.held("all"), book.held("user", "ann"), book.held("user", "bob")]).toEqual([0n, 0n, 0n]);
      }),
      { numRuns: 60 },
    );
  });

  test("of 500 concurrent calls exactly as many are admitted as a strict limit has room for", async () => {
    const book = new LimitBook();
    book.put(limit("all", { max: 142n * 7n * CENT + 6n * CENT, estimate: "strict" }));
    const guards = [0, 1, 2, 3].map(() => guardOf(book));
    const permits = await Promise.all(
      Array.from({ length: 500 }, (_, index) => ask(guards[index % 4] as LimitGuard, { bound: 7n * CENT })),
    );
    const admitted = permits.filter(({ refusal }) => refusal === undefined);
    expect(admitted).toHaveLength(142);
    for (const permit of admitted) end(book, permit, 7n * CENT);
    expect(book.used("all")).toBe(142n * 7n * CENT);
  });

  test("with leases 500 concurrent calls never pass the maximum, and at the end all room was used", async () => {
    const book = new LimitBook();
    book.put(limit("all", { max: 200n * CENT }));
    const guards = [0, 1, 2, 3].map(() => guardOf(book));
    const all = Array.from({ length: 500 }, (_, index) => guards[index % 4] as LimitGuard);
    const permits = await Promise.all(all.map((guard) => ask(guard, { bound: CENT })));
    const admitted = permits.filter(({ refusal }) => refusal === undefined);
    for (const permit of admitted) end(book, permit, CENT);
    expect(book.used("all")).toBe(BigInt(admitted.length) * CENT);
    for (const guard of guards) await guard.giveBack(1_000);
    // What slices kept from others for a moment is there for the next calls.
    for (let left = 200 - admitted.length; left > 0; left -= 1)
      end(book, await ask(guards[0] as LimitGuard, { bound: CENT }), CENT);
    expect(book.used("all")).toBe(200n * CENT);
    expect((await ask(guards[1] as LimitGuard, { bound: CENT })).refusal?.limitIds).toEqual(["all"]);
  });
});

test("most calls under a lease need no network", async () => {
  const book = new LimitBook();
  book.put(limit("all", { max: 1_000n * USD }));
  const guard = guardOf(book);
  for (let index = 0; index < 100; index += 1) end(book, await ask(guard, { bound: CENT }), CENT);
  expect(guard.stats).toEqual({ checked: 100, local: 99, refused: 0, unchecked: 0 });
  expect(book.used("all")).toBe(USD);
});

test("a call that cost more than it held leaves less for the next ones, here and at the platform", async () => {
  const book = new LimitBook();
  book.put(limit("all", { max: 100n * CENT, estimate: "upper_bound" }));
  const guard = guardOf(book);
  end(book, await ask(guard, { bound: CENT }), 100n * CENT);
  expect((await ask(guard, { bound: CENT })).refusal).toMatchObject({
    limitIds: ["all"],
    spent: "1",
    max: "1",
  });
});

test("an error gives back what was held at once", async () => {
  const book = new LimitBook();
  book.put(limit("all", { estimate: "strict" }));
  const guard = guardOf(book);
  const permit = await ask(guard, { bound: USD });
  expect((await ask(guard, { bound: CENT })).refusal).toBeDefined();
  permit.release?.();
  await Promise.resolve();
  expect((await ask(guard, { bound: CENT })).refusal).toBeUndefined();
});

test("a refusal by the second limit holds nothing on the first", async () => {
  const book = new LimitBook();
  book.put(limit("roomy"));
  book.put(limit("full", { max: CENT }));
  const refused = await ask(guardOf(book), { bound: 2n * CENT });
  expect(refused.refusal?.limitIds).toEqual(["full"]);
  expect(book.held("roomy")).toBe(0n);
});

test("one budget per user, and calls without a user share the empty one", async () => {
  const book = new LimitBook();
  book.put(limit("user", { per: "user_id", max: CENT }));
  const guard = guardOf(book);
  const spend = async (userId?: string): Promise<string> => {
    const asked = { bound: CENT, ...(userId === undefined ? {} : { userId }) };
    const permit = await ask(guard, asked);
    if (permit.refusal === undefined) end(book, permit, CENT, asked);
    return permit.refusal?.scope ?? "went";
  };
  expect([await spend("ann"), await spend("ann"), await spend("bob"), await spend(), await spend()]).toEqual([
    "went",
    "user_id=ann",
    "went",
    "went",
    "user_id=",
  ]);
});

test("an instance's own limit holds for that instance alone", async () => {
  const book = new LimitBook();
  book.automatic.push({ useCaseName: "trails", limitType: "block", max: 2n * CENT });
  const guard = guardOf(book);
  const spend = async (id: string): Promise<boolean> => {
    const asked = { bound: CENT, useCase: ["trails", id] as const };
    const permit = await ask(guard, asked);
    if (permit.refusal === undefined) end(book, permit, CENT, asked);
    return permit.refusal === undefined;
  };
  expect([await spend("a"), await spend("a"), await spend("a"), await spend("b")]).toEqual([
    true,
    true,
    false,
    true,
  ]);
});

test("a limit without a selector is for calls that name it; ids that nobody has limit nothing", async () => {
  const book = new LimitBook();
  book.put(limit("named", { selector: undefined, max: CENT }));
  const guard = guardOf(book);
  expect((await ask(guard, { bound: USD })).free).toBe(true);
  expect((await ask(guard, { bound: USD, limitIds: ["named"] })).refusal?.limitIds).toEqual(["named"]);
  expect((await ask(guard, { bound: USD, limitIds: ["nobody's"] })).free).toBe(true);
});

test("a limit made just now holds for the first call that names it", async () => {
  const book = new LimitBook();
  const guard = guardOf(book);
  expect((await ask(guard, { bound: CENT })).free).toBe(true);
  book.put(limit("new", { selector: undefined, max: CENT }));
  expect((await ask(guard, { bound: USD, limitIds: ["new"] })).refusal?.limitIds).toEqual(["new"]);
});

test.for([
  ["a page of a proxy", new Response("<html>Sign in</html>")],
  ["an answer of another shape", Response.json({ hello: "world" })],
] as const)("definitions are not lost by %s", async ([, strange]) => {
  const book = new LimitBook();
  book.put(limit("all", { max: CENT }));
  const inside = fetchFrom(book);
  let broken = false;
  const guard = guardOf(book, async (input, init) => (broken ? strange.clone() : inside(input, init)));
  end(book, await ask(guard, { bound: CENT }), CENT);
  broken = true;
  const permit = await ask(guard, { bound: CENT, limitIds: ["never seen"] });
  expect(permit.refusal?.reason).toBe("unreachable");
});

test("a page of a proxy is no platform without limits: calls go out unchecked, and counted", async () => {
  const guard = guardOf(new LimitBook(), async () => new Response("<html>Sign in</html>"));
  expect(await ask(guard, { bound: CENT })).toMatchObject({ unchecked: true });
  expect(guard.stats.unchecked).toBe(1);
});

test("a platform that has no guard is asked once, and limits nothing", async () => {
  let asked = 0;
  const guard = guardOf(new LimitBook(), async () => {
    asked += 1;
    return Response.json({ xproxy_error: { code: "not_found", message: "no" } }, { status: 404 });
  });
  for (let index = 0; index < 5; index += 1) expect((await ask(guard, { bound: CENT })).free).toBe(true);
  expect([asked, guard.stats.checked, guard.stats.unchecked]).toEqual([1, 0, 0]);
});

describe("free rides", () => {
  test.for([
    ["alert", true],
    ["block", false],
  ] as const)("of a call without a price %s says %s", async ([onUnpriced, goes]) => {
    const book = new LimitBook();
    book.put(limit("all", { onUnpriced }));
    const permit = await ask(guardOf(book), { priced: false });
    expect(permit.refusal === undefined).toBe(goes);
    expect(permit.refusal?.reason).toBe(goes ? undefined : "unpriced");
  });

  test("a free model is priced, and is not blocked while there is room", async () => {
    const book = new LimitBook();
    book.put(limit("all", { onUnpriced: "block" }));
    expect((await ask(guardOf(book), { bound: 0n })).refusal).toBeUndefined();
  });
});

test("a call without a bound holds what such calls usually cost, and the worst case while nobody knows that", async () => {
  const book = new LimitBook();
  book.put(limit("all", { max: 1_000n * USD }));
  const guard = guardOf(book);
  const unbounded = { bound: undefined, worst: 50n * CENT };
  const first = await ask(guard, unbounded);
  first.release?.();
  await guard.giveBack(1_000);
  book.typical = 3n * CENT;
  const other = guardOf(book);
  const permits = [await ask(other, unbounded), await ask(other, unbounded)];
  expect(permits.map(({ refusal }) => refusal)).toEqual([undefined, undefined]);
  await other.giveBack(1_000);
  expect(book.held("all")).toBe(6n * CENT);
});

test("an edit acts on the next call after the platform has said so", async () => {
  const book = new LimitBook();
  book.put(limit("all"));
  const guard = guardOf(book);
  end(book, await ask(guard, { bound: CENT }), CENT);
  book.put(limit("another", { max: CENT }));
  await guard.giveBack(1_000);
  await new Promise((resolve) => setImmediate(resolve));
  expect((await ask(guard, { bound: 2n * CENT })).refusal?.limitIds).toEqual(["another"]);
});
