import fc from "fast-check";
import { expect, test } from "vitest";

import { RepeatedChunk } from "../../src/providers/repeated-chunk.ts";

function chunk(content: string, more: object = {}): string {
  return JSON.stringify({ id: "c1", choices: [{ delta: { content } }], usage: null, ...more });
}

function learned(): RepeatedChunk {
  const repeated = new RepeatedChunk();
  repeated.learn(chunk("trail "), "content", 6);
  return repeated;
}

test("a chunk that differs in its text alone tells the length of that text", () => {
  expect(learned().textLength(chunk("Moab"))).toBe(4);
  expect(learned().textLength(chunk(""))).toBe(0);
});

test("before anything was learned, nothing repeats", () => {
  expect(new RepeatedChunk().textLength(chunk("Moab"))).toBeUndefined();
});

test("a chunk with usage, a tool call or another id is never taken for a repetition", () => {
  expect(learned().textLength(chunk("a", { usage: { total_tokens: 1 } }))).toBeUndefined();
  expect(learned().textLength(chunk("a", { id: "c2" }))).toBeUndefined();
  expect(learned().textLength('{"id":"c1","choices":[{"delta":{"content":"a"},"x":""}}]')).toBeUndefined();
});

test("whatever the text, its length is right or not told", () => {
  fc.assert(
    fc.property(fc.string(), (content) => {
      const escaped = JSON.stringify(content).slice(1, -1);
      const length = learned().textLength(chunk(content));
      expect(length).toBe(escaped.includes('"') ? undefined : escaped.length);
    }),
  );
});
