import { expect, test } from "vitest";

import { countTokens } from "../../src/domain/event-tokens.ts";

test("tokens of every kind are counted, other units are not", () => {
  const one = { input: 1, output: 10 };
  const units = {
    text: one,
    text_cache_read: one,
    text_cache_write_1h_large_context: one,
    reasoning: one,
    vision: one,
    audio: one,
    video_cache_read: one,
    web_search_request: one,
    guardrail_topic: one,
    image: one,
    textile: one,
  };
  expect(countTokens(units)).toEqual({ input: 7, output: 70 });
  expect(countTokens({})).toEqual({ input: 0, output: 0 });
});
