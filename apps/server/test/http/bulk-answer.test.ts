import { type CostLineText, encodeBulkResult } from "@payi/core/wire";
import { describe, expect, test } from "vitest";

import { resultOf, writeBulkAnswer } from "../../src/http/bulk-answer.ts";
import { toStoredEvent } from "../../src/store/decided.ts";
import { type IngestOutcome, type StoredEvent } from "../../src/store/event.ts";
import { newEvent } from "../store/support.ts";

const LINE: CostLineText = {
  unit: "text",
  direction: "input",
  count: 900,
  usd: "3",
  per: "1000000",
  multipliers: [],
  amount: "0.0027",
  rate_id: "catalog:system.anthropic/claude-sonnet-4-0/text.input",
};

function recorded(fields: Partial<StoredEvent> = {}): IngestOutcome {
  const decided = {
    useCase: "search",
    instance: "instance-1",
    version: 1,
    user: "jane",
    account: null,
    useCaseProperties: {},
    limits: {},
    overrun: null,
  };
  const event = { ...toStoredEvent(newEvent({ book: "b", resourceId: "r" }), decided), ...fields };
  return { event, duplicate: false, differs: false };
}

function cost(input: bigint, output: bigint): Pick<StoredEvent, "cost"> {
  return { cost: { input, output, total: input + output } };
}

const repeat = { ...recorded(), duplicate: true, differs: true } as IngestOutcome;

describe("the answer to a bulk", () => {
  test.each<[what: string, outcomes: readonly IngestOutcome[]]>([
    ["nothing", []],
    ["one event", [recorded()]],
    [
      "an event without a use case",
      [recorded({ useCase: null, instance: null, user: null, resourceId: null })],
    ],
    [
      "names that have to be escaped",
      [recorded({ user: 'o"ha\\ra\n\u2028', account: "Zoë", step: "\u0007" })],
    ],
    ["limits", [recorded({ limits: { one: { state: "ok" }, 'tw"o': { state: "exceeded" } } })]],
    [
      "costs of every size",
      [
        [0n, 0n],
        [1n, 0n],
        [999_999n, 1_000_000n],
        [1_000_001n, 10n ** 12n],
        [123_456_789_012_345n, 2n ** 62n],
      ].map(([input = 0n, output = 0n]) => recorded(cost(input, output))),
    ],
    ["an unknown cost", [recorded({ cost: null, pricingStatus: "unknown_model", warnings: ["No price."] })]],
    [
      "a part of a cost",
      [recorded({ pricingStatus: "partial", unknownUnits: { audio: { input: 1, output: 0 } } })],
    ],
    ["lines of a cost", [recorded({ costLines: [LINE, { ...LINE, direction: "output", count: 1 }] })]],
    ["lines of one rate at two prices", [recorded({ costLines: [LINE, { ...LINE, usd: "4" }, LINE] })]],
    ["lines with multipliers", [recorded({ costLines: [{ ...LINE, multipliers: ["1.1", "0.5"] }, LINE] })]],
    ["lines with names of their own", [recorded({ costLines: [{ ...LINE, unit: 'a"b', rate_id: "ü" }] })]],
    ["tags, warnings and an overrun", [recorded({ requestTags: ["a"], warnings: ["w"], overrun: 5n })]],
    ["a refusal", [recorded({ blocked: true, refusedBy: ["one"], limits: { one: { state: "blocked" } } })]],
    ["a repeat", [recorded(), repeat]],
    [
      "an error beside what went well",
      [{ error: { code: "invalid_limit_ids", message: 'No "x".' } }, recorded()],
    ],
    ["errors alone", [{ error: { code: "invalid_limit_ids", message: "No." } }]],
  ])("is what encodeBulkResult tells: %s", async (_, outcomes) => {
    const bulk = { requestId: "id", ingestTimeMs: 5 };
    const told = encodeBulkResult({
      ...bulk,
      results: outcomes.map((outcome) =>
        "error" in outcome
          ? { error: outcome.error }
          : { requestId: outcome.event.id, result: resultOf(outcome) },
      ),
      errors: outcomes.flatMap((outcome, index) => ("error" in outcome ? [{ index, ...outcome.error }] : [])),
    });
    expect(await writeBulkAnswer({ ...bulk, outcomes })).toBe(JSON.stringify(told));
    const { results: _results, ...counted } = told;
    expect(await writeBulkAnswer({ ...bulk, outcomes }, true)).toBe(JSON.stringify(counted));
  });
});
