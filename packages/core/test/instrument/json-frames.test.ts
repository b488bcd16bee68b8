import fc from "fast-check";
import { expect, test } from "vitest";

import { JsonFrames } from "../../src/instrument/json-frames.ts";

const OBJECTS = [
  { text: 'quotes " and braces } { in "strings\\\\"', nested: { list: [{ deep: "{" }] } },
  { text: "ümläut, 李, 🙂", empty: {} },
  { usageMetadata: { totalTokenCount: 3 } },
];
const ARRAY = Buffer.from(`[${OBJECTS.map((one) => JSON.stringify(one)).join("\n,\r\n")}]\n`);
const LINES = Buffer.from(OBJECTS.map((one) => `${JSON.stringify(one)}\n`).join(""));

function read(chunks: readonly Uint8Array[]): unknown[] {
  const frames = new JsonFrames();
  const objects: unknown[] = [];
  for (const chunk of chunks) frames.feed(chunk, ({ data }) => objects.push(JSON.parse(data)));
  return objects;
}

test.for([
  ["an array", ARRAY],
  ["lines", LINES],
] as const)("the objects of %s are the same wherever the bytes are cut", ([, bytes]) => {
  for (let at = 0; at <= bytes.length; at += 1) {
    expect(read([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(OBJECTS);
  }
  expect(read([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(OBJECTS);
});

test("whatever objects there are, they come out one by one", () => {
  fc.assert(
    fc.property(
      fc.array(fc.dictionary(fc.string(), fc.jsonValue())),
      fc.integer({ min: 1, max: 64 }),
      (all, size) => {
        const bytes = Buffer.from(JSON.stringify(all));
        const chunks: Uint8Array[] = [];
        for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
        expect(read(chunks)).toEqual(JSON.parse(JSON.stringify(all)));
      },
    ),
  );
});
