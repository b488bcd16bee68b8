import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { countImage } from "../../src/simulator/image-size.ts";
import { sampleSchema } from "../../src/simulator/schema-sample.ts";

/** As much of a PNG as says how large it is. */
function png(width: number, height: number): string {
  const bytes = Buffer.alloc(24);
  bytes.write("\u0089PNG\r\n\u001a\n", 0, "latin1");
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes.toString("base64");
}

test.each([
  [640, 480, 410],
  [1, 1, 1],
  [1568, 1568, 3279],
  // Shrunk to 1568 × 1176.
  [4000, 3000, 2459],
])("an image of %i × %i pixels is %i tokens", (width, height, tokens) => {
  expect(countImage(png(width, height))).toBe(tokens);
});

test("a JPEG is as many tokens as its pixels make", () => {
  const sample = readFileSync(new URL("../../src/page/sample-trail.jpg", import.meta.url));
  expect(countImage(sample.toString("base64"))).toBe(Math.ceil((960 * 640) / 750));
  // Cut anywhere it is counted all the same, or like an unknown one.
  for (let end = 0; end < 700; end += 1) {
    expect([820, 1000]).toContain(countImage(sample.subarray(0, end).toString("base64")));
  }
});

test.each([
  ["", 1000],
  ["R0lGODlh", 1000],
  [png(0, 5), 1000],
])("the image %j counts like a large one", (data, tokens) => {
  expect(countImage(data)).toBe(tokens);
});

test("arguments take what the prompt's lines say, where it fits", () => {
  const schema = {
    properties: {
      location: { type: "string" },
      days: { type: "integer", minimum: 1, maximum: 5 },
      difficulty: { type: "string", enum: ["easy", "hard"] },
      "a.b(": { type: "string" },
    },
  };
  const prompt = "Location: Moab, Utah\nDays: 9\nDifficulty: hard";
  const sample = sampleSchema(schema, "topic", prompt) as { days: number };
  expect(sample).toMatchObject({ location: "Moab, Utah", difficulty: "hard", "a.b(": "topic" });
  expect([3, 4, 5]).toContain(sample.days);
  expect(sampleSchema(schema, "topic", prompt)).toEqual(sample);
  expect(sampleSchema(schema, "topic", "Days: 2\nDifficulty: insane")).toMatchObject({
    days: 2,
    difficulty: "easy",
  });
});
