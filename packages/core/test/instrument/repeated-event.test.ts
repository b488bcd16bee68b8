import fc from "fast-check";
import { expect, test } from "vitest";

import { RepeatedEvent } from "../../src/instrument/repeated-event.ts";

const NAMES = ["content", "obfuscation"];
const encoder = new TextEncoder();

function event(content: string, more: object = {}): string {
  return `data: ${JSON.stringify({ id: "c1", choices: [{ delta: { content } }], usage: null, ...more })}\n\n`;
}

function learned(text = event("trail ")): RepeatedEvent {
  const repeated = new RepeatedEvent();
  repeated.learn(text, NAMES);
  return repeated;
}

/** The length that is told of the text; undefined where the bytes are not taken for a repetition. */
function lengthOf(text: string, repeated = learned()): number | undefined {
  const bytes = encoder.encode(text);
  const end = repeated.endOf(bytes, 0);
  if (end === -1) return undefined;
  expect(end).toBe(bytes.length);
  return repeated.length;
}

test("an event that differs in its text alone tells the length of that text", () => {
  expect(lengthOf(event("Moab"))).toBe(4);
  expect(lengthOf(event(""))).toBe(0);
});

test("before anything was learned, nothing repeats", () => {
  expect(lengthOf(event("Moab"), new RepeatedEvent())).toBeUndefined();
});

test("padding that differs in every event is a text like another, and the first one's length is told", () => {
  const repeated = learned(event("trail ", { obfuscation: "aB3" }));
  expect(lengthOf(event("Moab", { obfuscation: "x" }), repeated)).toBe(4);
  expect(lengthOf(event("Moab"), repeated)).toBeUndefined();
});

test("an event with usage, a tool call or another id is never taken for a repetition", () => {
  expect(lengthOf(event("a", { usage: { total_tokens: 1 } }))).toBeUndefined();
  expect(lengthOf(event("a", { id: "c2" }))).toBeUndefined();
  expect(lengthOf('data: {"id":"c1","choices":[{"delta":{"content":"a"},"x":""}}]\n\n')).toBeUndefined();
});

test("several events in one chunk are recognised one after another, and a part of one is not", () => {
  const repeated = learned();
  const bytes = encoder.encode(event("one") + event("three") + event("cut").slice(0, -1));
  const first = repeated.endOf(bytes, 0);
  expect([first, repeated.length]).toEqual([event("one").length, 3]);
  const second = repeated.endOf(bytes, first);
  expect([second, repeated.length]).toEqual([event("one").length + event("three").length, 5]);
  expect(repeated.endOf(bytes, second)).toBe(-1);
});

test("whatever the text, its length is right or not told", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (content) => {
      const escaped = JSON.stringify(content).slice(1, -1);
      expect(lengthOf(event(content))).toBe(escaped.includes('"') ? undefined : escaped.length);
    }),
  );
});

test("a stream in which nothing repeats is not learned for ever", () => {
  const repeated = new RepeatedEvent();
  for (let index = 0; index < 50; index += 1) repeated.learn(event("a", { id: `c${index}` }), NAMES);
  expect(lengthOf(event("b", { id: "c49" }), repeated)).toBeUndefined();
});
