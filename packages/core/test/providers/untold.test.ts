/** Usage of which a provider leaves a side out. */
import { expect, test } from "vitest";

import { MessagesStream } from "../../src/providers/anthropic-stream.ts";
import { matchProvider } from "../../src/providers/index.ts";
import { type Match, type Reading } from "../../src/providers/provider.ts";
import { type Json } from "../../src/providers/read.ts";
import { readToldUsage } from "../../src/providers/told-usage.ts";

const CHAT = "https://api.openai.com/v1/chat/completions";
const RESPONSES = "https://api.openai.com/v1/responses";
const EMBEDDINGS = "https://api.openai.com/v1/embeddings";
const MESSAGES = "https://api.anthropic.com/v1/messages";

/** Twelve tokens, in every API's place for them. */
const PROMPT = "Plan a hike for two that ends at a hut with soup";
const BODIES: Readonly<Record<string, Json>> = {
  [CHAT]: { model: "m", messages: [{ role: "user", content: PROMPT }] },
  [RESPONSES]: { model: "m", input: PROMPT },
  [EMBEDDINGS]: { model: "m", input: PROMPT },
  [MESSAGES]: { model: "m", max_tokens: 100, messages: [{ role: "user", content: PROMPT }] },
};

/** Two tokens, likewise. */
const ANSWER: Json = {
  choices: [{ message: { role: "assistant", content: "Go east" }, finish_reason: "stop" }],
  output: [{ type: "message", content: [{ type: "output_text", text: "Go east" }] }],
  content: [{ type: "text", text: "Go east" }],
};

function matched(url: string): Match {
  return matchProvider("POST", new URL(url)) as Match;
}

function readAnswer(url: string, usage: Json | null, body: Json | undefined = BODIES[url]): Reading {
  const match = matched(url);
  const request = match.provider.readRequest(match, body);
  return match.provider.readUsage(match, request, { ...ANSWER, usage }, new Headers());
}

test.for<readonly [string, Json, input: number, output: number]>([
  [CHAT, { prompt_tokens: 10 }, 10, 2],
  [CHAT, { prompt_tokens: 10.5, completion_tokens: 5 }, 12, 5],
  [CHAT, { prompt_tokens: -1, completion_tokens: 5 }, 12, 5],
  [CHAT, { prompt_tokens: null, completion_tokens: 5 }, 12, 5],
  [RESPONSES, { input_tokens: 10 }, 10, 2],
  [RESPONSES, { output_tokens: 5 }, 12, 5],
  [MESSAGES, { input_tokens: 10 }, 10, 2],
  [MESSAGES, { output_tokens: 5 }, 12, 5],
  [MESSAGES, { input_tokens: "10", output_tokens: 5 }, 12, 5],
])("the side that was left out was the provider's zero: %s %j", ([url, usage, input, output]) => {
  const { units, source } = readAnswer(url, usage);
  expect([units, source]).toEqual([{ text: { input, output } }, "estimated"]);
});

test.for<readonly [string, Json]>([
  [CHAT, { prompt_tokens: 10, total_tokens: 15 }],
  [CHAT, { completion_tokens: 5, total_tokens: 15 }],
  [RESPONSES, { input_tokens: 10, total_tokens: 15 }],
])("what the total tells of the other side is told: %s %j", ([url, usage]) => {
  expect(readAnswer(url, usage)).toMatchObject({
    units: { text: { input: 10, output: 5 } },
    source: "provider",
  });
});

test.for<readonly [string, Json]>([
  [CHAT, { completion_tokens: 5 }],
  [MESSAGES, { output_tokens: 5 }],
])("a side that nobody can estimate makes the usage partial: %s %j", ([url, usage]) => {
  const body = { model: "m" };
  expect(readAnswer(url, usage, body)).toMatchObject({
    units: { text: { input: 0, output: 5 } },
    source: "partial",
  });
});

test.for<readonly [string, Json | null]>([
  [CHAT, { total_tokens: 15 }],
  [CHAT, null],
  [MESSAGES, {}],
])("a total alone, or nothing, is nobody's usage: %s %j", ([url, usage]) => {
  expect(readAnswer(url, usage)).toMatchObject({ units: undefined, source: "unknown" });
});

test("a total that is less than one of its sides contradicts itself", () => {
  const reading = readAnswer(CHAT, { prompt_tokens: 10, total_tokens: 5 });
  expect(reading).toMatchObject({ units: undefined, failure: "usage_contradicts_itself" });
});

test.for<Json>([{ prompt_tokens: 9, total_tokens: 9 }, { prompt_tokens: 9 }, { total_tokens: 9 }])(
  "an embedding has no output, so nothing of it is untold: %j",
  (usage) => {
    const { units, source } = readAnswer(EMBEDDINGS, usage);
    expect([units, source]).toEqual([{ text: { input: 9, output: 0 } }, "provider"]);
  },
);

test("reasoning that is told without the output that it is part of still counts", () => {
  const usage = { prompt_tokens: 10, completion_tokens_details: { reasoning_tokens: 64 } };
  expect(readAnswer(CHAT, usage)).toMatchObject({
    units: { text: { input: 10, output: 2 }, reasoning: { input: 0, output: 64 } },
    source: "estimated",
  });
});

test("a chat stream that told its prompt alone had an output of nothing", () => {
  const match = matched(CHAT);
  const stream = match.provider.openStream(
    match,
    match.provider.readRequest(match, BODIES[CHAT]),
    new Headers(),
  );
  const data = [
    { id: "c1", model: "m", choices: [{ index: 0, delta: { content: "Go east and then north" } }] },
    { id: "c1", choices: [], usage: { prompt_tokens: 10 } },
  ];
  for (const event of data) stream.event({ name: undefined, data: JSON.stringify(event) });
  stream.event({ name: undefined, data: "[DONE]" });
  expect(stream.read()).toMatchObject({
    units: { text: { input: 10, output: 5 } },
    source: "estimated",
    complete: true,
  });
});

function readMessages(start: Json, end: Json): Reading {
  const match = matched(MESSAGES);
  const stream = new MessagesStream(match.provider.readRequest(match, BODIES[MESSAGES]));
  const text = "Go east and then north, two miles";
  const events: readonly Json[] = [
    { type: "message_start", message: { id: "msg_1", model: "claude", usage: start } },
    { type: "content_block_delta", index: 0, delta: { type: "text_delta", text } },
    { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: end },
    { type: "message_stop" },
  ];
  for (const event of events) stream.event({ name: String(event["type"]), data: JSON.stringify(event) });
  return stream.read();
}

test("the placeholder of a message's start was its whole output where the end told none", () => {
  expect(readMessages({ input_tokens: 10, output_tokens: 1 }, {})).toMatchObject({
    units: { text: { input: 10, output: 9 } },
    source: "estimated",
  });
});

test("a whole message is not taken for less than its start told", () => {
  expect(readMessages({ input_tokens: 10, output_tokens: 50 }, {})).toMatchObject({
    units: { text: { input: 10, output: 50 } },
    source: "estimated",
  });
});

test("a message that never told its input had none", () => {
  expect(readMessages({}, { output_tokens: 7 })).toMatchObject({
    units: { text: { input: 12, output: 7 } },
    source: "estimated",
  });
  expect(readMessages({}, { input_tokens: 10, output_tokens: 7 })).toMatchObject({
    units: { text: { input: 10, output: 7 } },
    source: "provider",
  });
});

test.for<readonly [string, Json]>([
  ["system.openai", { prompt_tokens: 10 }],
  ["system.openai", { output_tokens: 5 }],
  ["system.anthropic", { output_tokens: 5 }],
])("a framework's usage object with one side made a zero of the other: %s %j", ([category, usage]) => {
  expect(readToldUsage(category, usage, { model: "m", body: undefined })).toBeUndefined();
});
