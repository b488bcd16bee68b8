import { expect, test } from "vitest";

import {
  mergeUsage,
  readFacts,
  readIterations,
  readMessagesUsage,
} from "../../src/providers/anthropic-usage.ts";

test("cache writes of both lifetimes are told apart, and their total is no third count", () => {
  expect(
    readMessagesUsage({
      input_tokens: 3,
      output_tokens: 33,
      cache_read_input_tokens: 1111,
      cache_creation_input_tokens: 418,
      cache_creation: { ephemeral_5m_input_tokens: 400, ephemeral_1h_input_tokens: 18 },
      server_tool_use: { web_search_requests: 2, web_fetch_requests: 1 },
    }),
  ).toEqual({
    text: { input: 3, output: 33 },
    text_cache_read: { input: 1111, output: 0 },
    text_cache_write: { input: 400, output: 0 },
    text_cache_write_1h: { input: 18, output: 0 },
    web_search_request: { input: 0, output: 2 },
    web_fetch_request: { input: 0, output: 1 },
  });
});

test("stream usage is cumulative: the last non-null value of each field counts", () => {
  const start = {
    input_tokens: 25,
    output_tokens: 1,
    cache_read_input_tokens: 7,
    server_tool_use: { web_search_requests: 0 },
  };
  const delta = { input_tokens: null, output_tokens: 40, server_tool_use: { web_search_requests: 2 } };
  expect(mergeUsage(start, delta)).toEqual({
    input_tokens: 25,
    output_tokens: 40,
    cache_read_input_tokens: 7,
    server_tool_use: { web_search_requests: 2 },
  });
});

test("compaction and advisor runs are billed beside the totals, message runs are inside them", () => {
  const usage = {
    iterations: [
      { type: "message", input_tokens: 10, output_tokens: 5 },
      { type: "compaction", input_tokens: 100, output_tokens: 131, cache_creation_input_tokens: 55_096 },
      { type: "advisor_message", model: "claude-opus-4-8", input_tokens: 2_518, output_tokens: 22 },
    ],
  };
  expect(readIterations(usage)).toEqual([
    {
      model: undefined,
      units: { text: { input: 100, output: 131 }, text_cache_write: { input: 55_096, output: 0 } },
    },
    { model: "claude-opus-4-8", units: { text: { input: 2_518, output: 22 } } },
  ]);
});

test("a geography that is not available is none", () => {
  expect(readFacts({ inference_geo: "not_available", service_tier: "priority", speed: "fast" })).toEqual({
    serviceTier: "priority",
    speed: "fast",
    inferenceGeo: undefined,
  });
});
