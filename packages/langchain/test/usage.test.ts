import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { providerId, readAnswer, readUsageMetadata } from "../src/usage.ts";

const count = fc.nat({ max: 1_000_000 });

function answer(message: object, llmOutput: object = {}): object {
  return { generations: [[{ text: "", message }]], llmOutput };
}

describe("usage_metadata", () => {
  test("its parts are disjoint and sum to its total", () => {
    fc.assert(
      fc.property(
        count,
        count,
        count,
        count,
        count,
        count,
        (read, written, text, audio, reasoning, words) => {
          const input_tokens = read + written + text + audio;
          const output_tokens = reasoning + words;
          const told = readUsageMetadata({
            input_tokens,
            output_tokens,
            total_tokens: input_tokens + output_tokens,
            input_token_details: { cache_read: read, cache_creation: written, audio },
            output_token_details: { reasoning },
          });
          const counts = Object.values(told?.units ?? {});
          expect(counts.reduce((sum, { input }) => sum + input, 0)).toBe(input_tokens);
          expect(counts.reduce((sum, { output }) => sum + output, 0)).toBe(output_tokens);
          expect(told?.source).toBe("provider");
        },
      ),
    );
  });

  test("what its total has beside the parts is thinking, marked as an estimate", () => {
    expect(readUsageMetadata({ input_tokens: 29, output_tokens: 736, total_tokens: 1766 })).toMatchObject({
      units: { text: { input: 29, output: 736 }, reasoning: { input: 0, output: 1001 } },
      source: "estimated",
    });
  });

  test("details that exceed their total are not believed", () => {
    const input_token_details = { cache_read: 11 };
    expect(readUsageMetadata({ input_tokens: 10, output_tokens: 1, input_token_details })).toBeUndefined();
  });
});

test("hostile answers are read without an error", () => {
  fc.assert(
    fc.property(
      fc.anything(),
      fc.constantFrom("system.openai", "system.anthropic", undefined),
      (any, category) => {
        for (const result of [
          any,
          answer({ usage_metadata: any, response_metadata: any, id: any, tool_calls: any }),
        ]) {
          const { units } = readAnswer(category, result);
          for (const { input, output } of Object.values(units ?? {}))
            expect(Math.min(input, output)).toBeGreaterThanOrEqual(0);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test("nothing told is unknown, not zero", () => {
  expect(readAnswer("system.openai", answer({}, { tokenUsage: {} })).units).toBeUndefined();
});

test("several choices of one request repeat its usage", () => {
  const message = { usage_metadata: { input_tokens: 5, output_tokens: 20, total_tokens: 25 } };
  const { units } = readAnswer("system.openai", { generations: [[{ message }, { message }]] });
  expect(units).toEqual({ text: { input: 5, output: 20 } });
});

test("a model's name that merging a stream has doubled is told once", () => {
  expect(readAnswer(undefined, answer({ response_metadata: { model_name: "gpt-5gpt-5" } })).model).toBe(
    "gpt-5",
  );
});

test.for([
  [{ response_metadata: { finish_reason: "stop" } }, "stop"],
  [{ response_metadata: { finish_reason: "stopstop" } }, "stop"],
  [{ response_metadata: { stopReason: "guardrail_intervened" } }, "guardrail_intervened"],
  [{ response_metadata: { finishReason: "STOP" } }, "STOP"],
  [{ response_metadata: {}, additional_kwargs: { stop_reason: "max_tokens" } }, "max_tokens"],
  [{ response_metadata: { status: "completed", incomplete_details: null } }, "completed"],
  [
    { response_metadata: { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } } },
    "max_output_tokens",
  ],
  [{}, undefined],
] as const)("the finish reason of %j is %s", ([message, finishReason]) => {
  expect(readAnswer("system.openai", answer(message)).finishReason).toBe(finishReason);
});

test("of several choices the one that was cut off tells how the answer ended", () => {
  const messages = ["stop", "length"].map((finish_reason) => ({
    message: { response_metadata: { finish_reason } },
  }));
  expect(readAnswer("system.openai", { generations: [messages] }).finishReason).toBe("length");
});

test.for([
  ["chatcmpl-n1", "chatcmpl-n1"],
  ["resp_02a325206886e7330168ff8667b35c81", "resp_02a325206886e7330168ff8667b35c81"],
  ["run-01a1fe57-1537-774c-97fe-b250ec227658", undefined],
  ["01a1fe57-1537-774c-97fe-b250ec227658", undefined],
  ["0", undefined],
  ["c0ffee00c0ffee00c0ffee00c0ffee00", "c0ffee00c0ffee00c0ffee00c0ffee00"],
] as const)("%s as a provider's id is %s", ([id, expected]) => {
  expect(providerId(id)).toBe(expected);
});
