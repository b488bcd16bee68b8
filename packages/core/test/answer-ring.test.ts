import fc from "fast-check";
import { expect, test } from "vitest";

import { AnswerRing } from "../src/answer-ring.ts";

const word = fc.constantFrom("a", "b", "aa", "id-1", "id-2", "id-10", "x".repeat(40), `y${"x".repeat(39)}`);
const step = fc.tuple(fc.constantFrom("openai", "anthropic"), word, fc.nat(99));

test("a ring holds the latest entries, the newest value of each, and nothing else", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), fc.array(step, { maxLength: 40 }), (capacity, steps) => {
      const ring = new AnswerRing<number>(capacity);
      let model: (readonly [key: string, value: number])[] = [];
      for (const [group, id, value] of steps) {
        ring.set(group, id, value);
        const key = `${group} ${id}`;
        model = model.some(([known]) => known === key)
          ? model.map((entry) => (entry[0] === key ? [key, value] : entry))
          : [...model, [key, value] as const].slice(-capacity);
      }
      const known = new Map(model);
      for (const [group, id] of steps) expect(ring.get(group, id)).toBe(known.get(`${group} ${id}`));
    }),
  );
});

test("an id alone finds the latest entry with it, whatever its group", () => {
  const ring = new AnswerRing<string>(10);
  ring.set("openai", "id", "first");
  ring.set("anthropic", "id", "second");
  expect([ring.get(undefined, "id"), ring.get(undefined, "other")]).toEqual(["second", undefined]);
});

test("ids that differ only far from their end are told apart", () => {
  const ring = new AnswerRing<number>(10);
  const end = "x".repeat(64);
  ring.set("openai", `a${end}`, 1);
  ring.set("openai", `b${end}`, 2);
  expect([ring.get("openai", `a${end}`), ring.get("openai", `b${end}`)]).toEqual([1, 2]);
});
