import fc from "fast-check";
import { expect, test } from "vitest";

import { shortValues } from "../../src/instrument/short-values.ts";

/** Names and texts that matter to whoever looks for quotes and brackets. */
const word = fc.oneof(fc.string(), fc.constantFrom('"', "\\", '\\"', "{", "}]", "model", "__proto__", "é\n"));
const { tree: json } = fc.letrec((tie) => ({
  tree: fc.oneof(
    word,
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    tie("list"),
    tie("object"),
  ),
  list: fc.array(tie("tree"), { maxLength: 4 }),
  object: fc.dictionary(word, tie("tree"), { maxKeys: 4 }),
}));

test("short values are those that JSON.parse gives, and long ones are left out", () => {
  fc.assert(
    fc.property(fc.dictionary(word, json, { maxKeys: 5 }), (object) => {
      const text = JSON.stringify(object);
      const parsed = Object.entries(JSON.parse(text) as Record<string, unknown>);
      const short = parsed.map(([name, value]) => [
        name,
        JSON.stringify(value).length > 256 ? undefined : value,
      ]);
      const expected: unknown = Object.fromEntries(short);
      expect(shortValues(text) ?? expected).toStrictEqual(expected);
    }),
    { numRuns: 500 },
  );
});

test("the model stands beside a conversation that is not parsed", () => {
  const messages = [{ role: "user", content: '"{\\" '.repeat(200) }];
  expect(shortValues(JSON.stringify({ messages, model: "gpt-5", stream: true, max_tokens: 5 }))).toEqual({
    messages: undefined,
    model: "gpt-5",
    stream: true,
    max_tokens: 5,
  });
});

test("the last of several values of one name counts", () => {
  const long = `"${"x".repeat(300)}"`;
  expect(shortValues(`{"model":"a","model":"b"}`)).toEqual({ model: "b" });
  expect(shortValues(`{"model":"a","model":${long}}`)).toEqual({ model: undefined });
});

test("a text that is cut off anywhere, written otherwise or no object says nothing", () => {
  const text = JSON.stringify({ model: "gpt-5", stop: ["}", '"'], input: "x".repeat(300), n: 1 });
  expect(shortValues(text)).toBeDefined();
  for (let length = 0; length < text.length; length += 1) {
    expect(shortValues(text.slice(0, length))).toBeUndefined();
  }
  const others = [
    "",
    "[]",
    "{}",
    '{ "model": "a" }',
    `${text} `,
    `${text}}`,
    '{"mod\\u0065l":"a"}',
    '{"a":nul}',
  ];
  for (const other of others) expect(shortValues(other)).toBeUndefined();
});
