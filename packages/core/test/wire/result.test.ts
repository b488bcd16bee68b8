import fc from "fast-check";
import { expect, test } from "vitest";

import { parseMoney } from "../../src/money.ts";
import {
  decodeBulkResult,
  decodeXproxyResult,
  encodeBulkResult,
  encodeXproxyResult,
} from "../../src/wire/result.ts";

test("a cost survives the wire to the last digit, whatever its size", () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 10n ** 26n }),
      fc.bigInt({ min: 0n, max: 10n ** 26n }),
      (input, output) => {
        const cost = { status: "priced" as const, book: "b", input, output, total: input + output };
        const sent: unknown = JSON.parse(JSON.stringify(encodeXproxyResult({ requestId: "r", cost })));
        expect(decodeXproxyResult(sent).cost).toMatchObject({ input, output, total: input + output });
      },
    ),
  );
});

test("a cost that is not known is left out, and read as not known", () => {
  const sent = encodeXproxyResult({ requestId: "r", unknownUnits: { text: { input: 1, output: 0 } } });
  expect(Object.keys(sent)).toEqual(["request_id", "unknown_units"]);
  expect(decodeXproxyResult(sent).cost).toBeUndefined();
});

test("the hosted service's numbers are read without their text", () => {
  const cost = {
    currency: "usd",
    input: { base: 2.75e-6 },
    output: { base: 0.00002625 },
    total: { base: 0.000029 },
  };
  expect(decodeXproxyResult({ cost }).cost).toMatchObject({
    input: parseMoney("0.00000275"),
    output: parseMoney("0.00002625"),
    total: parseMoney("0.000029"),
  });
});

test("bulk results keep their order and their errors", () => {
  const bulk = {
    requestId: "b",
    ingestTimeMs: 1_000,
    results: [{ requestId: "1" }, { error: { code: "invalid_json", message: "no" } }],
    errors: [{ index: 1, code: "invalid_json", message: "no" }],
  };
  const sent: unknown = JSON.parse(JSON.stringify(encodeBulkResult(bulk)));
  expect(sent).toMatchObject({ ingest_count: 1, error_count: 1, total_count: 2 });
  expect(decodeBulkResult(sent)).toMatchObject(bulk);
});

test("whatever is not understood is left undefined", () => {
  for (const value of [null, 5, "x", [], { cost: "free" }, { cost: { total: {} } }]) {
    expect(decodeXproxyResult(value).cost).toBeUndefined();
  }
});
