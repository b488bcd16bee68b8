import { describe, expect, test } from "vitest";

import { builtInPriceBook, price, withCustomResources } from "../../src/cost/index.ts";
import { type PriceVectorResult, toPriceVectorResult } from "../../src/cost/price-vector-result.ts";
import { readPriceVector } from "../../src/cost/price-vector.ts";

const head = { id: "one", provider: "openai", model: "gpt-5.4", date: "2026-09-10T12:00:00Z" };

function answer(vector: object): PriceVectorResult {
  const { id, request, customResources } = readPriceVector(vector);
  return toPriceVectorResult(id, price(request, withCustomResources(builtInPriceBook(), customResources)));
}

describe("a price vector", () => {
  test("with reasoning inside its output is charged for it once", () => {
    const usage = { text: { input: 1000, output: 300, reasoning_of_output: 200, cache_read: 400 } };
    expect(readPriceVector({ ...head, usage }).request.units).toEqual({
      text: { input: 1000, output: 100 },
      text_cache_read: { input: 400, output: 0 },
      reasoning: { input: 0, output: 200 },
    });
    expect(answer({ ...head, usage })).toMatchObject({
      id: "one",
      status: "priced",
      input: "0.0026",
      output: "0.0045",
      other: "0",
      total: "0.0071",
      rates: [
        { unit: "text_input", count: "1000", usd: "2.5", amount: "0.0025" },
        { unit: "text_output", count: "300", usd: "15", amount: "0.0045" },
        { unit: "text_cache_read", count: "400", usd: "0.25", amount: "0.0001" },
      ],
    });
  });

  test("shows a multiplied price beside the published one", () => {
    const vector = {
      ...head,
      provider: "anthropic",
      model: "claude-opus-4-6",
      modifiers: { inference_geo: "us" },
    };
    expect(answer({ ...vector, usage: { text: { input: 1000 } } }).rates).toMatchObject([
      {
        usd: "5.5",
        published: "5",
        multipliers: ["1.1"],
        amount: "0.0055",
        source: "https://www.anthropic.com/pricing#api",
      },
    ]);
  });

  test("counts tools, and a container's minutes from five on", () => {
    const tools = { web_search: 2, file_search: 4, code_interpreter: [{ memory_gb: 4, minutes: 2.5 }] };
    expect(answer({ ...head, usage: { tools } })).toMatchObject({ status: "priced", other: "0.06" });
    expect(readPriceVector({ ...head, usage: { tools } }).request.units).toEqual({
      web_search_request: { input: 0, output: 2 },
      file_search_request: { input: 0, output: 4 },
      "container_session@4gb": { input: 0, output: 1 },
      "container_minute@4gb": { input: 0, output: 5 },
    });
    expect(readPriceVector({ ...head, usage: { tools: { code_interpreter: 1 } } }).request.units).toEqual({
      code_interpreter_session: { input: 0, output: 1 },
    });
  });

  test("names guardrails, media, sizes and units of one's own", () => {
    const usage = {
      guardrail_text_units: { content_policy: 3, made_up: 1 },
      images: { output: 2 },
      resolution: "1024x1024",
      audio: { input: 5, output: 6, cache_read: 7 },
      session_seconds: 60,
      cache_storage_token_hours: 100,
      pages: 9,
      video: null,
    };
    expect(readPriceVector({ ...head, usage }).request.units).toEqual({
      guardrail_content: { input: 3, output: 0 },
      guardrail_made_up: { input: 1, output: 0 },
      "images@1024x1024": { input: 0, output: 2 },
      audio: { input: 5, output: 6 },
      audio_cache_read: { input: 7, output: 0 },
      live_session_second: { input: 0, output: 60 },
      cache_storage_token_hour: { input: 0, output: 100 },
      pages: { input: 9, output: 0 },
    });
  });

  test("is priced as another resource, or by versions of its own", () => {
    const usage = { text: { input: 1000 } };
    const modifiers = { price_as_category: "system.anthropic", price_as_resource: "claude-sonnet-4-6" };
    expect(answer({ ...head, modifiers, usage }).total).toBe("0.003");
    const own = {
      id: "two",
      category: "acme",
      model: "ocr",
      date: head.date,
      modifiers: {
        custom_resource_versions: [{ start: "2026-01-01T00:00:00Z", units: { pages: { input: "0.01" } } }],
      },
      usage: { pages: 7 },
    };
    expect(answer(own)).toMatchObject({ status: "priced", total: "0.07" });
    expect(answer({ ...own, date: "2025-12-31T23:59:59Z" })).toMatchObject({
      status: "no_price_at_time",
      total: null,
      rates: [],
    });
  });

  test.each([
    ["the vector", "text", 'the vector is "text"; an object is expected.'],
    ["no id", { ...head, id: undefined }, "id is missing; text is expected."],
    [
      "no time",
      { ...head, date: "soon", usage: {} },
      'date is "soon"; a time such as "2026-09-10T12:00:00Z" is expected.',
    ],
    ["no usage", head, "usage is missing; an object is expected."],
    [
      "a negative count",
      { ...head, usage: { text: { input: -1 } } },
      "usage.text.input is -1; a number from 0 is expected.",
    ],
    [
      "more reasoning than output",
      { ...head, usage: { text: { output: 1, reasoning_of_output: 2 } } },
      "usage.text.reasoning_of_output is 2, more than usage.text.output, which includes it.",
    ],
    [
      "containers that are no list",
      { ...head, usage: { tools: { code_interpreter: "two" } } },
      'usage.tools.code_interpreter is "two"; give a list of {memory_gb, minutes}.',
    ],
    [
      "versions that are no list",
      { ...head, usage: {}, modifiers: { custom_resource_versions: 3 } },
      "modifiers.custom_resource_versions is 3; give a list of {start, units}.",
    ],
  ])("with an error is refused by the field's name: %s", (_what, vector, message) => {
    expect(() => readPriceVector(vector)).toThrow(message);
  });
});
