import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { encodeIngestHeaders } from "../../src/wire/headers.ts";
import { type IngestEvent, decodeIngestItem, encodeBulkItem } from "../../src/wire/ingest.ts";
import { WireError } from "../../src/wire/parse.ts";

const SMALLEST = { category: "system.openai", units: {} };

function decode(more: object, headers: Record<string, string> = {}, id?: string): IngestEvent {
  return decodeIngestItem({ ...SMALLEST, ...more }, (name) => headers[name], id);
}

function refusal(more: object): string {
  try {
    decode(more);
  } catch (error) {
    if (WireError.is(error)) return error.message;
    throw error;
  }
  throw new Error("was accepted");
}

test("an event survives encoding and decoding", () => {
  const text = fc.string({
    minLength: 1,
    maxLength: 40,
    unit: fc.constantFrom("a", "é", "李", "😀", " ", '"', "\\"),
  });
  const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
    fc.option(arbitrary, { nil: undefined });
  const bag = optional(
    fc.dictionary(fc.constantFrom("a", "__proto__", "constructor"), fc.constantFrom("x", null)),
  );
  const event: fc.Arbitrary<IngestEvent> = fc.record({
    category: text,
    resource: optional(text),
    units: fc.dictionary(text, fc.record({ input: fc.nat(), output: fc.nat() }), { maxKeys: 4 }),
    eventTimeMs: optional(fc.integer({ min: 0, max: 4_102_444_800_000 })),
    endToEndLatencyMs: optional(fc.nat()),
    httpStatusCode: optional(fc.constantFrom(200, 299, 429)),
    providerResponseId: optional(text),
    properties: bag,
    useCaseProperties: bag,
    limitIds: optional(fc.array(text, { minLength: 1, maxLength: 3 })),
    useCaseName: optional(text),
    useCaseId: optional(text),
    useCaseVersion: optional(fc.nat(100)),
    userId: optional(text),
    accountName: optional(text),
    resourceScope: optional(text),
  });
  fc.assert(
    fc.property(event, (given) => {
      const read = decodeIngestItem(JSON.parse(JSON.stringify(encodeBulkItem(given))));
      const known = Object.fromEntries(Object.entries(read).filter(([name]) => name in given));
      expect(JSON.parse(JSON.stringify(known))).toEqual(JSON.parse(JSON.stringify(given)));
      expect(({} as { x?: unknown }).x).toBeUndefined();
    }),
  );
});

describe("context may stand in headers or in the body, and a header wins", () => {
  test("headers", () => {
    const headers = {
      "xproxy-limit-ids": " a, b ,,c",
      "xproxy-usecase-name": "chat",
      "xproxy-usecase-id": "1",
      "xproxy-usecase-version": "2",
      "xproxy-user-id": "jane",
      "xproxy-account-name": "acme",
      "xproxy-resource-scope": "region.eu",
    };
    expect(decode({ user_id: "omar", limit_ids: ["z"] }, headers, "resp_1")).toMatchObject({
      limitIds: ["a", "b", "c"],
      useCaseName: "chat",
      useCaseId: "1",
      useCaseVersion: 2,
      userId: "jane",
      accountName: "acme",
      resourceScope: "region.eu",
      providerResponseId: "resp_1",
    });
  });

  test("body, under the names of the seeds too", () => {
    const body = { user_id: "omar", request_properties: { a: "1" }, use_case_name: "chat", scope: "global" };
    expect(decode(body)).toMatchObject({
      userId: "omar",
      properties: { a: "1" },
      useCaseName: "chat",
      resourceScope: "global",
    });
  });

  test("property headers are base64 of JSON, or plain JSON", () => {
    const json = '{"location":"Zürich"}';
    const base64 = Buffer.from(json).toString("base64");
    for (const value of [
      Buffer.from(json).toString("latin1") === json ? json : '{"location":"Zürich"}',
      base64,
    ]) {
      expect(decode({}, { "xproxy-usecase-properties": value }).useCaseProperties).toEqual({
        location: "Zürich",
      });
    }
  });
});

test("a bare number for a unit is its input, as an official client sends it", () => {
  expect(decode({ units: { text_cache_read: 5 } }).units).toEqual({
    text_cache_read: { input: 5, output: 0 },
  });
});

test("a unit called __proto__ is a unit", () => {
  const event = decodeIngestItem(JSON.parse('{"category":"c","units":{"__proto__":{"input":1}}}'));
  expect(Object.keys(event.units)).toEqual(["__proto__"]);
  expect(({} as { input?: unknown }).input).toBeUndefined();
});

test.for([-1, -0, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, "5", [1], true])(
  "%s is no count, and the refusal names field, value and rule",
  (input) => {
    expect(refusal({ units: { text: { input } } })).toMatch(
      /units\.text\.input must be a whole number from 0 to/,
    );
  },
);

test.for([
  [{ category: "" }, "category is required"],
  [{ category: 5 }, "category must be a string, got 5"],
  [{ units: [] }, "units must be a JSON object"],
  [{ units: undefined }, "units is required"],
  [
    { event_timestamp: "yesterday" },
    'event_timestamp must be an ISO 8601 time such as "2026-11-21T12:00:00Z", got "yesterday"',
  ],
  [{ user_id: "a\nb" }, "user_id holds control characters"],
  [{ user_id: "x".repeat(300) }, "user_id is 300 characters long; at most 256"],
  [{ properties: { a: { b: 1 } } }, "properties.a must be a string or null"],
  [{ limit_ids: "a" }, "limit_ids must be an array of strings"],
] as const)("%o is refused: %s", ([more, message]) => {
  expect(refusal(more)).toContain(message);
});

test("unknown fields are never refused", () => {
  expect(decode({ something_new: { deep: [1] } }).category).toBe("system.openai");
});

test("text that no header can carry is left to the body", () => {
  expect(encodeIngestHeaders({ userId: "李", accountName: "acme", useCaseVersion: 3 })).toEqual({
    "xproxy-account-name": "acme",
    "xproxy-usecase-version": "3",
  });
});
