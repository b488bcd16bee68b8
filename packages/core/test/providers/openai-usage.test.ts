import fc from "fast-check";
import { expect, test } from "vitest";

import {
  addToolUnits,
  readChatUsage,
  readResponsesUsage,
  servedTier,
} from "../../src/providers/openai-usage.ts";
import { type UnitCount } from "../../src/usage.ts";

test("the parts add up to the provider's totals, or the breakdown is refused", () => {
  const details = fc.record({ cached: fc.nat(50), audio: fc.nat(50), reasoning: fc.nat(50) });
  fc.assert(
    fc.property(fc.nat(200), fc.nat(200), details, (prompt, completion, { cached, audio, reasoning }) => {
      const { units, failure } = readChatUsage({
        prompt_tokens: prompt,
        completion_tokens: completion,
        prompt_tokens_details: { cached_tokens: cached, audio_tokens: audio },
        completion_tokens_details: { reasoning_tokens: reasoning },
      });
      const contradicts = cached + audio > prompt || reasoning > completion;
      const sum = (side: "input" | "output"): number =>
        Object.values(units ?? {}).reduce((total, unit) => total + unit[side], 0);
      expect([failure, sum("input"), sum("output")]).toEqual(
        contradicts ? ["usage_contradicts_itself", 0, 0] : [undefined, prompt, completion],
      );
    }),
  );
});

test("usage that tells no total tells nothing: absent is not zero", () => {
  expect(readChatUsage({}).units).toBeUndefined();
  expect(readResponsesUsage({ input_tokens: null }).units).toBeUndefined();
  expect(readChatUsage({ prompt_tokens: 0, completion_tokens: 0 }).units).toEqual({});
});

test("tools are counted by the call, and of web search only the searches", () => {
  const units: Record<string, UnitCount> = {};
  addToolUnits(units, {
    output: [
      { type: "web_search_call", action: { type: "search" } },
      { type: "web_search_call", action: { type: "open_page" } },
      { type: "web_search_call" },
      { type: "file_search_call" },
      { type: "message" },
    ],
  });
  expect(units).toEqual({
    web_search_request: { input: 0, output: 2 },
    file_search_request: { input: 0, output: 1 },
  });
});

test("the provider's own count of billable searches beats the items", () => {
  const units: Record<string, UnitCount> = {};
  addToolUnits(units, {
    tools: [{ type: "web_search" }],
    tool_usage: { web_search: { num_requests: 1 } },
    output: [{ type: "web_search_call" }, { type: "web_search_call" }],
  });
  expect(units).toEqual({ web_search_request: { input: 0, output: 1 } });
});

test("a container that runs twice is charged once", () => {
  const units: Record<string, UnitCount> = {};
  addToolUnits(units, {
    output: [
      { type: "code_interpreter_call", id: "a", container_id: "c1" },
      { type: "code_interpreter_call", id: "b", container_id: "c1" },
    ],
  });
  expect(units).toEqual({ code_interpreter_session: { input: 0, output: 1 } });
});

test.for([
  ["default", "standard"],
  ["priority", "priority"],
  ["flex", "flex"],
  ["auto", undefined],
  [null, undefined],
] as const)("service tier %s was served as %s", ([told, served]) => {
  expect(servedTier(told)).toBe(served);
});
