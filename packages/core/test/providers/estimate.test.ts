import fc from "fast-check";
import { expect, test } from "vitest";

import { estimatePromptTokens, estimateTokens } from "../../src/providers/estimate.ts";

test("more text is never fewer tokens, and only empty text is none", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (first, second) => {
      expect(estimateTokens(first + second)).toBeGreaterThanOrEqual(estimateTokens(first));
      expect(estimateTokens(first) === 0).toBe(first === "");
    }),
  );
});

test("scripts without blanks count about a token per character", () => {
  expect(estimateTokens("東京都の天気はどうですか")).toBeGreaterThan(8);
  expect(estimateTokens("What is the weather?")).toBe(5);
});

test("a million characters are sampled and scaled", () => {
  expect(estimateTokens("word ".repeat(200_000))).toBe(250_000);
});

test("a prompt counts its text, not its settings and not its pictures", () => {
  const picture = `data:image/png;base64,${"A".repeat(10_000)}`;
  const body = {
    model: "gpt-5",
    messages: [
      {
        role: "user",
        content: [{ type: "text", text: "Hello there, you." }, { image_url: { url: picture } }],
      },
    ],
  };
  expect(estimatePromptTokens(body)).toBe(estimateTokens("Hello there, you."));
});

test("a body that is nested without end is no trap", () => {
  const body: { inner?: object } = {};
  body.inner = body;
  expect(estimatePromptTokens(body)).toBe(0);
});
