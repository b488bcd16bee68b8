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
import { type IngestEvent, decodeIngestItem, encodeBulkItem } from "../src/wire/ingest.ts";

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

describe("attribution that cannot be sent must not cost the event", () => {
  test.for([
    ["a number where an id is meant", { userId: 42 }, { userId: "42" }],
    ["a list from a query that was given twice", { userId: ["a", "b"] }, { userId: "outer" }],
    ["nobody", { userId: null }, { userId: "outer" }],
    ["257 characters", { accountName: "x".repeat(257) }, { accountName: undefined }],
    ["a control character", { userId: "a\u0000b" }, { userId: "outer" }],
    ["a version in digits", { useCaseVersion: "2" }, { useCaseVersion: 2 }],
    ["half a version", { useCaseVersion: 1.5 }, { useCaseVersion: undefined }],
    ["one limit instead of a list", { limitIds: "daily" }, { limitIds: ["daily"] }],
    ["numbers among limits", { limitIds: ["a", 5, {}] }, { limitIds: ["a", "5"] }],
    ["no properties", { requestProperties: null }, { requestProperties: undefined }],
    [
      "numbers and flags",
      { requestProperties: { n: 1, f: true } },
      { requestProperties: { n: "1", f: "true" } },
    ],
    ["objects inside", { requestProperties: { o: {}, k: "v" } }, { requestProperties: { k: "v" } }],
    [
      "a long text",
      { requestProperties: { t: "x".repeat(2000) } },
      { requestProperties: { t: `${"x".repeat(1023)}…` } },
    ],
  ] as const)("%s", ([, given, expected]) => {
    const outer = mergeContext({}, { useCaseName: "a", userId: "outer" });
    expect(mergeContext(outer, given as unknown as PayiContext)).toMatchObject(expected);
  });

  test.for([
    [{ requestProperties: { region: undefined } }, { requestProperties: { tenant: "acme" } }],
    [{ useCaseProperties: { o: {} } }, { useCaseProperties: { k: "v" } }],
    [{ limitIds: [undefined] }, { limitIds: ["cap"] }],
    [{ limitIds: [""] }, { limitIds: ["cap"] }],
    [{ limitIds: [] }, { limitIds: undefined }],
    [{ requestProperties: {} }, { requestProperties: undefined }],
  ] as const)("what cannot be sent is no word to clear what holds around it: %o", ([given, expected]) => {
    const outer = mergeContext(
      {},
      {
        useCaseName: "a",
        useCaseProperties: { k: "v" },
        requestProperties: { tenant: "acme" },
        limitIds: ["cap"],
      },
    );
    expect(mergeContext(outer, given as unknown as PayiContext)).toMatchObject(expected);
  });

  test("more properties than an event holds: the first count", () => {
    const many = Object.fromEntries(Array.from({ length: 70 }, (_, index) => [`p${index}`, "v"]));
    const { requestProperties } = mergeContext(
      { requestProperties: { first: "v" } },
      { requestProperties: many },
    );
    expect(Object.keys(requestProperties ?? {})).toHaveLength(48);
    expect(requestProperties).toMatchObject({ first: "v", p0: "v" });
  });

  test("whatever is given, the platform can read what is sent", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...CONTEXT_FIELDS), fc.anything()), (given) => {
        const values = mergeContext({ useCaseName: "a" }, given);
        const item = JSON.parse(
          JSON.stringify(encodeBulkItem({ category: "c", units: {}, ...sent(values) })),
        ) as unknown;
        expect(() => decodeIngestItem(item)).not.toThrow();
      }),
    );
  });
});

const CONTEXT_FIELDS = [
  "useCaseName",
  "useCaseId",
  "useCaseVersion",
  "useCaseStep",
  "useCaseProperties",
  "requestProperties",
  "limitIds",
  "userId",
  "accountName",
] as const;

function sent({ requestProperties, ...values }: PayiContext): Partial<IngestEvent> {
  return { ...values, properties: requestProperties };
}

test("a generator runs in the context in which it was made, step by step", async () => {
  const seen: (string | undefined)[] = [];
  const read = track({ userId: "jane" }, async function* read() {
    try {
      seen.push(getContext().userId);
      yield 1;
      await Promise.resolve();
      seen.push(getContext().userId);
      yield 2;
    } finally {
      seen.push(getContext().userId);
    }
  });
  for await (const step of read()) {
    expect(getContext().userId).toBeUndefined();
    if (step === 2) break;
  }
  expect(seen).toEqual(["jane", "jane", "jane"]);
  const numbers = trackContext({ userId: "omar" }, function* count() {
    yield getContext().userId;
  });
  expect([...numbers]).toEqual(["omar"]);
});

test("a generator that cannot be changed, or refuses to be looked at, is returned as it is", () => {
  const frozen = Object.freeze(
    (function* one(): Generator<number> {
      yield 1;
    })(),
  );
  expect(trackContext({ userId: "jane" }, () => frozen)).toBe(frozen);
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  expect(trackContext({ userId: "jane" }, () => ({ proxy })).proxy).toBe(proxy);
  expect(() => trackContext({ userId: "jane" }, () => proxy)).not.toThrow();
});
