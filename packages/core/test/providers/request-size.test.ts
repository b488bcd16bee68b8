import fc from "fast-check";
import { expect, test } from "vitest";

import { matchProvider } from "../../src/providers/index.ts";
import { type RequestSize, sizeOf } from "../../src/providers/request-size.ts";

const CHAT = "https://api.openai.com/v1/chat/completions";
const RESPONSES = "https://api.openai.com/v1/responses";
const MESSAGES = "https://api.anthropic.com/v1/messages";

function sizeAt(url: string, body: Record<string, unknown>): RequestSize {
  const match = matchProvider("POST", new URL(url));
  if (match === undefined) throw new Error(`${url} is no billable call`);
  return sizeOf(match, match.provider.readRequest(match, body));
}

/** Texts and the tokens they have, the larger count of o200k_base and cl100k_base. */
const COUNTED: readonly (readonly [text: string, tokens: number])[] = [
  ["The quick brown fox jumps over the lazy dog.", 10],
  ["function add(left: number, right: number): number { return left + right; }", 18],
  ['{"id":1,"name":"Moab","latitude":38.5733,"longitude":-109.5498}', 25],
  ["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", 43],
  ["素早い茶色の狐が怠け者の犬を飛び越える。", 30],
  ["Быстрая коричневая лиса прыгает через ленивую собаку.", 28],
  ["🥾🏜️🏔️", 11],
];

test.for(COUNTED)("%s is estimated upwards", ([text, tokens]) => {
  const { inputTokens = 0 } = sizeAt(CHAT, { model: "gpt-5", messages: [{ role: "user", content: text }] });
  const { inputTokens: empty = 0 } = sizeAt(CHAT, {
    model: "gpt-5",
    messages: [{ role: "user", content: "" }],
  });
  expect(inputTokens - empty).toBeGreaterThanOrEqual(tokens);
});

test("more text is never less, and what is read of a long one is bounded", () => {
  const grows = fc.property(
    fc.string({ unit: "grapheme" }),
    fc.string({ unit: "grapheme" }),
    (left, right) => {
      const ask = (content: string): number =>
        sizeAt(CHAT, { model: "gpt-5", messages: [{ role: "user", content }] }).inputTokens ?? 0;
      return ask(left + right) >= ask(left);
    },
  );
  expect(fc.check(grows).failed).toBe(false);
  const long = "word ".repeat(1_000_000);
  expect(sizeAt(CHAT, { messages: [{ role: "user", content: long }] }).inputTokens).toBeGreaterThan(
    2_000_000,
  );
});

test.for([
  [CHAT, { max_completion_tokens: 50, messages: [] }, { bounded: true, outputTokens: 50 }],
  [CHAT, { messages: [], n: 3, max_tokens: 5 }, { answers: 3, outputTokens: 5 }],
  [
    CHAT,
    { messages: [], tools: [{ type: "function", function: { name: "f" } }] },
    { bounded: true, fees: {} },
  ],
  [CHAT, { messages: [], web_search_options: {} }, { bounded: false }],
  [RESPONSES, { input: "a", previous_response_id: "resp_1" }, { bounded: false }],
  [
    RESPONSES,
    { input: "a", tools: [{ type: "web_search" }] },
    { bounded: false, fees: { web_search_request: { input: 0, output: 10 } } },
  ],
  [
    MESSAGES,
    { max_tokens: 9, messages: [], tools: [{ type: "web_search_20250305", name: "s", max_uses: 2 }] },
    { bounded: false, fees: { web_search_request: { input: 0, output: 2 } } },
  ],
  [
    MESSAGES,
    { max_tokens: 9, system: [{ type: "text", text: "a", cache_control: { type: "ephemeral", ttl: "1h" } }] },
    { cacheWrite: "text_cache_write_1h", bounded: true },
  ],
  [
    "https://api.openai.com/v1/embeddings",
    { model: "text-embedding-3-small", input: "hello" },
    { bounded: true, outputTokens: 0 },
  ],
  [
    "https://api.openai.com/v1/images/generations",
    { prompt: "a hill" },
    { inputTokens: undefined, bounded: false },
  ],
  [
    CHAT,
    { messages: [{ role: "user", content: [{ type: "input_audio", input_audio: { data: "a" } }] }] },
    { bounded: false },
  ],
] as const)("%s with %o is %o", ([url, body, expected]) => {
  expect(sizeAt(url, body)).toMatchObject(expected);
});

test("what leads back to itself is looked at for a bounded time, and has no bound", () => {
  const loop: Record<string, unknown> = { text: "hello" };
  loop["again"] = [loop, loop];
  expect(sizeAt(CHAT, { messages: [loop] }).bounded).toBe(false);
});

test("a picture counts by its finest resolution, not by its bytes", () => {
  const image = `data:image/png;base64,${"A".repeat(100_000)}`;
  const content = [{ type: "image_url", image_url: { url: image } }];
  const { inputTokens = 0, bounded } = sizeAt(CHAT, { messages: [{ role: "user", content }] });
  expect(bounded).toBe(true);
  expect(inputTokens).toBeGreaterThan(5_000);
  expect(inputTokens).toBeLessThan(5_200);
});
