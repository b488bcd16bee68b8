import { expect, test } from "vitest";

import { addGuardrailUsage, withGuardrails } from "../../src/providers/bedrock-guardrails.ts";
import {
  readConverseUsage,
  readInvokeBody,
  readInvokeHeaders,
  readServed,
} from "../../src/providers/bedrock-usage.ts";
import { type UnitCount } from "../../src/usage.ts";

test("cache writes of an hour are told apart from the others, and stay a part of the whole", () => {
  const usage = {
    inputTokens: 5,
    outputTokens: 7,
    cacheReadInputTokens: 11,
    cacheWriteInputTokens: 100,
    cacheDetails: [
      { ttl: "1h", inputTokens: 60 },
      { ttl: "5m", inputTokens: 40 },
    ],
  };
  expect(readConverseUsage(usage)).toEqual({
    text: { input: 5, output: 7 },
    text_cache_read: { input: 11, output: 0 },
    text_cache_write: { input: 40, output: 0 },
    text_cache_write_1h: { input: 60, output: 0 },
  });
});

test.for([
  ["Claude", { usage: { input_tokens: 3, output_tokens: 4 } }],
  ["Nova", { usage: { inputTokens: 3, outputTokens: 4 } }],
  ["the OpenAI family and AI21", { usage: { prompt_tokens: 3, completion_tokens: 4 } }],
  ["Llama", { prompt_token_count: 3, generation_token_count: 4 }],
  ["Titan", { inputTextTokenCount: 3, results: [{ tokenCount: 1 }, { tokenCount: 3 }] }],
] as const)("a body of %s tells its tokens without headers", ([, body]) => {
  expect(readInvokeBody(body)).toEqual({ text: { input: 3, output: 4 } });
});

test("a body that tells nothing is unknown, not zero", () => {
  expect(readInvokeBody({ completion: "hello" })).toBeUndefined();
  expect(readInvokeHeaders(new Headers({ "content-type": "application/json" }))).toBeUndefined();
  expect(readConverseUsage({})).toBeUndefined();
});

test("both sides of a guardrail's trace are summed, for Converse and for InvokeModel", () => {
  const assessed = (topicPolicyUnits: number): object => ({
    invocationMetrics: { usage: { topicPolicyUnits, wordPolicyUnits: 1 } },
  });
  const expected = { guardrail_topic: { input: 5, output: 0 }, guardrail_word_free: { input: 2, output: 0 } };
  const converse = {
    guardrail: { inputAssessment: { g: assessed(2) }, outputAssessments: { g: [assessed(3)] } },
  };
  const invoke = { guardrail: { input: { g: assessed(2) }, outputs: [{ g: assessed(3) }] } };
  expect(withGuardrails(undefined, converse)).toEqual(expected);
  expect(withGuardrails(undefined, invoke)).toEqual(expected);
  expect(withGuardrails(undefined, { guardrail: {} })).toBeUndefined();
});

test("checks without a guardrail tell text units by check", () => {
  const units: Record<string, UnitCount> = {};
  addGuardrailUsage(units, { contentFilter: { textUnits: 2 }, sensitiveInformation: { textUnits: 1 } });
  expect(units).toEqual({
    guardrail_content: { input: 2, output: 0 },
    guardrail_sensitive_information: { input: 1, output: 0 },
  });
});

test("the default tier is the standard one, and standard latency says nothing", () => {
  expect(
    readServed({ serviceTier: { type: "default" }, performanceConfig: { latency: "standard" } }),
  ).toEqual({
    serviceTier: "standard",
    speed: undefined,
  });
});
