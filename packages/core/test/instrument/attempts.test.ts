/** Calls of which the application sees one and the provider several. */
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { expect, test } from "vitest";

import { type Answer, meter, settledEvents, startLoopback } from "../support.ts";
import { CHAT_ANSWER, MESSAGE_ANSWER } from "../synthetic.ts";

const USER = [{ role: "user" as const, content: "hello" }];

/** Of several attempts all but the last came too late. On a busy machine they may be more than the two that are meant. */
const PATIENT = { maxRetries: 20 };

/** Answers each request by its number, from 1. */
function byNumber(answer: (number: number, ...given: Parameters<Answer>) => void | Promise<void>): Answer {
  let requests = 0;
  return (...given) => {
    requests += 1;
    return answer(requests, ...given);
  };
}

test("the attempts of one call share an id, and those of two calls do not", async () => {
  await using provider = await startLoopback(
    byNumber((number, _request, response) => {
      response.setHeader("content-type", "application/json");
      if (number <= 2) response.writeHead(500, { "retry-after-ms": "1" }).end("{}");
      else response.end(JSON.stringify({ ...CHAT_ANSWER, id: `chatcmpl-n${number}` }));
    }),
  );
  await using metered = await meter([provider], "system.openai");
  const client = new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1`, maxRetries: 2 });
  await client.chat.completions.create({ model: "gpt-5", messages: USER });
  await client.chat.completions.create({ model: "gpt-5", messages: USER });
  const events = await settledEvents(metered);
  const ids = events.map(({ properties }) => properties?.["system.call_id"]);
  expect(ids[0]).toMatch(/^[0-9a-f-]{36}$/);
  expect(ids).toEqual([ids[0], ids[0], ids[0], undefined]);
  expect(events.map(({ properties }) => properties?.["system.attempt"])).toEqual([
    undefined,
    "2",
    "3",
    undefined,
  ]);
});

test("calls that fail at the same time are linked each with its own repetition", async () => {
  await using provider = await startLoopback((request, response) => {
    response.setHeader("content-type", "application/json");
    if (request.headers["x-stainless-retry-count"] === "0") {
      response.writeHead(500, { "retry-after-ms": "1" }).end("{}");
    } else response.end(JSON.stringify({ ...MESSAGE_ANSWER, id: `msg_${request.body}` }));
  });
  await using metered = await meter([provider], "system.anthropic");
  const client = new Anthropic({ apiKey: "k", baseURL: provider.url, maxRetries: 1 });
  await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      client.messages.create({
        model: "claude-sonnet-4-6",
        max_tokens: 9,
        messages: [{ role: "user", content: `question ${index}` }],
      }),
    ),
  );
  const events = await settledEvents(metered);
  const ids = events.map(({ properties }) => properties?.["system.call_id"]);
  expect(events).toHaveLength(16);
  expect(new Set(ids).size).toBe(8);
  expect(ids).not.toContain(undefined);
});

test("openai 7 repeats a request whose good answer arrives too slowly: two bills, two events, one call", async () => {
  await using provider = await startLoopback(
    byNumber((number, _request, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const text = JSON.stringify({ ...CHAT_ANSWER, id: `chatcmpl-n${number}` });
      response.write(text.slice(0, 40));
      if (number > 1) response.end(text.slice(40));
    }),
  );
  await using metered = await meter([provider], "system.openai");
  const client = new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1`, ...PATIENT });
  const answer = await client.chat.completions.create({ model: "gpt-5", messages: USER }, { timeout: 1_000 });
  expect(answer.id).toBe(`chatcmpl-n${provider.received.length}`);
  const events = await settledEvents(metered);
  expect(
    [events[0], events.at(-1)].map((event) => [
      event?.httpStatusCode,
      event?.units,
      event?.properties?.["system.outcome"],
      event?.properties?.["system.usage_source"],
    ]),
  ).toEqual([
    [200, {}, "timeout", "unknown"],
    [200, { text: { input: 9, output: 12 } }, "ok", "provider"],
  ]);
  expect(events).toHaveLength(provider.received.length);
  expect(new Set(events.map(({ properties }) => properties?.["system.call_id"])).size).toBe(1);
});

test("a timeout before any answer is a timeout with unknown usage, and is repeated under the same id", async () => {
  await using provider = await startLoopback(
    byNumber((number, _request, response) => {
      if (number === 1) return;
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(CHAT_ANSWER));
    }),
  );
  await using metered = await meter([provider], "system.openai");
  const client = new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1`, timeout: 150, ...PATIENT });
  await client.chat.completions.create({ model: "gpt-5", messages: USER });
  const events = await settledEvents(metered);
  const outcomes = events.map(({ properties }) => properties?.["system.outcome"]);
  expect([outcomes.length > 1, outcomes.at(-1)]).toEqual([true, "ok"]);
  expect(new Set(outcomes.slice(0, -1))).toEqual(new Set(["timeout"]));
  expect(events[0]?.units).toEqual({});
  expect(new Set(events.map(({ properties }) => properties?.["system.call_id"])).size).toBe(1);
});

test("both halves of a teed answer are whole, and the call is counted once", async () => {
  await using provider = await startLoopback((_request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(CHAT_ANSWER));
  });
  await using metered = await meter([provider], "system.openai");
  const client = new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1` });
  const response = await client.chat.completions.create({ model: "gpt-5", messages: USER }).asResponse();
  const halves = response.body?.tee() ?? [];
  const texts = await Promise.all(halves.map((half) => new Response(half).text()));
  expect(texts).toEqual([JSON.stringify(CHAT_ANSWER), JSON.stringify(CHAT_ANSWER)]);
  const events = await settledEvents(metered);
  expect(events.map(({ units }) => units)).toEqual([{ text: { input: 9, output: 12 } }]);
});

test("a cloned answer is counted once", async () => {
  await using provider = await startLoopback((_request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(CHAT_ANSWER));
  });
  await using metered = await meter([provider], "system.openai");
  const client = new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1` });
  const response = await client.chat.completions.create({ model: "gpt-5", messages: USER }).asResponse();
  const copy = response.clone();
  expect([await copy.json(), await response.json()]).toEqual([CHAT_ANSWER, CHAT_ANSWER]);
  expect(await settledEvents(metered)).toHaveLength(1);
});
