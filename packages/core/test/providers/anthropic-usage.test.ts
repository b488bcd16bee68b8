import { expect, test } from "vitest";

import { MessagesStream } from "../../src/providers/anthropic-stream.ts";
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

test("a stream that breaks off has the searches whose results arrived, and its text weighs the same however it was cut", () => {
  const usage = { input_tokens: 900, output_tokens: 1 };
  const search = {
    type: "web_search_tool_result",
    content: [{ type: "web_search_result", url: "https://a.example" }],
  };
  const failed = { type: "web_search_tool_result", content: { type: "web_search_tool_result_error" } };
  const words = "Onion Creek has more than twenty creek crossings between red fins.";
  const read = (pieces: readonly string[]): unknown => {
    const stream = new MessagesStream();
    stream.event({
      name: "message_start",
      data: JSON.stringify({ message: { id: "msg_1", model: "claude", usage } }),
    });
    for (const block of [search, search, failed]) {
      stream.event({ name: "content_block_start", data: JSON.stringify({ content_block: block }) });
    }
    for (const text of pieces) {
      const data = JSON.stringify({
        type: "content_block_delta",
        index: 3,
        delta: { type: "text_delta", text },
      });
      stream.event({ name: "content_block_delta", data });
    }
    return stream.read().units;
  };
  const whole = { text: { input: 900, output: 17 }, web_search_request: { input: 0, output: 2 } };
  expect(read([words])).toEqual(whole);
  expect(read(words.split(/(?<= )/))).toEqual(whole);
});
