import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";

import {
  type PayiContext,
  getContext,
  mergeContext,
  setBaseContext,
  track,
  trackContext,
} from "../src/context.ts";

afterEach(() => setBaseContext({}));

describe("a key that is left out inherits, an empty one clears, a value replaces", () => {
  const parent: PayiContext = {
    userId: "jane",
    accountName: "acme",
    resourceScope: "region.eu",
    priceAsResource: "m",
  };
  test.for([
    [{}, "jane"],
    [{ userId: "" }, undefined],
    [{ userId: "omar" }, "omar"],
  ] as const)("%o gives user %s", ([given, expected]) => {
    expect(mergeContext(parent, given).userId).toBe(expected);
  });
});

test("a new use case name gets an id of its own, the same name keeps the outer one", () => {
  const outer = mergeContext({}, { useCaseName: "a" });
  expect(outer.useCaseId).toMatch(/^[0-9a-f-]{36}$/);
  expect(mergeContext(outer, { useCaseName: "a" }).useCaseId).toBe(outer.useCaseId);
  expect(mergeContext(outer, {}).useCaseId).toBe(outer.useCaseId);
  expect(mergeContext(outer, { useCaseName: "b" }).useCaseId).not.toBe(outer.useCaseId);
  expect(mergeContext(outer, { useCaseName: "b", useCaseId: "mine" }).useCaseId).toBe("mine");
});

test("version and step are inherited even into another use case", () => {
  const outer = mergeContext({}, { useCaseName: "a", useCaseVersion: 3, useCaseStep: "plan" });
  expect(mergeContext(outer, { useCaseName: "b" })).toMatchObject({ useCaseVersion: 3, useCaseStep: "plan" });
  expect(mergeContext(outer, { useCaseStep: "" }).useCaseStep).toBeUndefined();
});

test("clearing the name clears everything that belongs to it, and without a name nothing of it is kept", () => {
  const outer = mergeContext({}, { useCaseName: "a", useCaseVersion: 3, useCaseProperties: { k: "v" } });
  for (const values of [
    mergeContext(outer, { useCaseName: "" }),
    mergeContext({}, { useCaseId: "x", useCaseVersion: 1 }),
  ]) {
    expect([values.useCaseName, values.useCaseId, values.useCaseVersion, values.useCaseProperties]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  }
});

test("properties merge, the inner value wins, null stays, an empty bag clears", () => {
  const outer = { requestProperties: { a: "1", b: "2" } };
  expect(mergeContext(outer, { requestProperties: { b: null, c: "3" } }).requestProperties).toEqual({
    a: "1",
    b: null,
    c: "3",
  });
  expect(mergeContext(outer, { requestProperties: {} }).requestProperties).toBeUndefined();
});

test("limit ids are united, an empty list clears", () => {
  expect(mergeContext({ limitIds: ["a", "b"] }, { limitIds: ["b", "c"] }).limitIds).toEqual(["a", "b", "c"]);
  expect(mergeContext({ limitIds: ["a"] }, { limitIds: [] }).limitIds).toBeUndefined();
});

const text = fc.option(fc.constantFrom("", "a", "b"), { nil: undefined });
const bag = fc.option(fc.dictionary(fc.constantFrom("k", "l", "__proto__"), fc.constantFrom("1", null)), {
  nil: undefined,
});
const frame: fc.Arbitrary<PayiContext> = fc.record({
  useCaseName: text,
  useCaseId: text,
  userId: text,
  accountName: text,
  requestProperties: bag,
  useCaseProperties: bag,
  limitIds: fc.option(fc.array(fc.constantFrom("x", "y", "z"), { maxLength: 3 }), { nil: undefined }),
});

test("merging changes neither side, gives an id to every name, and an empty frame changes nothing", () => {
  fc.assert(
    fc.property(frame, frame, (first, second) => {
      const parent = mergeContext({}, first);
      const before = JSON.stringify([parent, second]);
      const merged = mergeContext(parent, second);
      expect(JSON.stringify([parent, second])).toBe(before);
      expect(merged.useCaseName === undefined).toBe(merged.useCaseId === undefined);
      expect(mergeContext(merged, {})).toEqual(merged);
      expect(new Set(merged.limitIds).size).toBe(merged.limitIds?.length ?? 0);
      expect(({} as Record<string, unknown>)["k"]).toBeUndefined();
    }),
  );
});

test("a context holds for everything awaited inside, and for nothing outside", async () => {
  await trackContext({ userId: "jane" }, async () => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    expect(getContext().userId).toBe("jane");
    trackContext({ userId: "omar" }, () => expect(getContext().userId).toBe("omar"));
    expect(getContext().userId).toBe("jane");
  });
  expect(getContext().userId).toBeUndefined();
});

test("a hundred interleaved flows never see each other's user", async () => {
  const seen = await Promise.all(
    Array.from({ length: 100 }, (_, index) =>
      trackContext({ userId: `user-${index}` }, async () => {
        for (let turn = 0; turn < 5; turn += 1) {
          await new Promise((resolve) => setImmediate(resolve));
        }
        return getContext().userId;
      }),
    ),
  );
  expect(seen).toEqual(Array.from({ length: 100 }, (_, index) => `user-${index}`));
});

test("configured defaults hold outside of every frame and are inherited inside", () => {
  setBaseContext({ useCaseName: "batch_job", accountName: "acme" });
  const outside = getContext();
  expect(outside).toMatchObject({ useCaseName: "batch_job", accountName: "acme" });
  trackContext({ userId: "jane" }, () =>
    expect(getContext()).toMatchObject({ userId: "jane", useCaseId: outside.useCaseId }),
  );
});

test("track keeps this, arguments, result and name, and gives each call an instance of its own", () => {
  const ids = new Set<string | undefined>();
  const service = {
    factor: 2,
    double: track(
      { useCaseName: "doubling" },
      function double(this: { factor: number }, value: number): number {
        ids.add(getContext().useCaseId);
        return value * this.factor;
      },
    ),
  };
  expect([service.double(4), service.double(5), service.double.name]).toEqual([8, 10, "double"]);
  expect(ids.size).toBe(2);
});
