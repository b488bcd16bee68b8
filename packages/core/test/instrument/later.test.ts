import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import OpenAI from "openai";
import { expect, test } from "vitest";

import { trackContext } from "../../src/context.ts";
import { inTurn, settledEvents, startLoopback } from "../support.ts";
import { MESSAGE_ANSWER } from "../synthetic.ts";
import { meterEverything, redirectTo } from "./recorded/replay.ts";

const USAGE = { input_tokens: 10, output_tokens: 20, total_tokens: 30 };

test("speech that is dropped unread was billed by its text, and says so", async () => {
  await using provider = await startLoopback((_request, response) => {
    response.writeHead(200, { "content-type": "audio/mpeg" }).end("sound");
  });
  using _redirected = redirectTo(provider);
  await using metered = await meterEverything();
  const speech = await new OpenAI({ apiKey: "test" }).audio.speech.create({
    model: "tts-1",
    voice: "alloy",
    input: "Grüße",
  });
  await speech.body?.cancel();
  const [told] = await settledEvents(metered);
  expect(told).toMatchObject({
    units: { characters: { input: 5, output: 0 } },
    properties: { "system.outcome": "aborted" },
  });
});

test("a batch is reported once, when it is over, at the batch tier", async () => {
  const batch = { id: "batch_1", object: "batch", model: "gpt-5-mini", status: "validating" };
  const done = { ...batch, status: "completed", usage: USAGE };
  await using provider = await startLoopback(
    inTurn([batch, { ...batch, status: "in_progress" }, done, done]),
  );
  using _redirected = redirectTo(provider);
  await using metered = await meterEverything();
  const client = new OpenAI({ apiKey: "test" });
  await trackContext({ userId: "jane" }, () =>
    client.batches.create({
      input_file_id: "f",
      endpoint: "/v1/chat/completions",
      completion_window: "24h",
    }),
  );
  for (let poll = 0; poll < 3; poll += 1) {
    // oxlint-disable-next-line no-await-in-loop -- polling
    await client.batches.retrieve("batch_1");
  }
  const events = await settledEvents(metered);
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({ userId: "jane", resource: "gpt-5-mini", providerResponseId: "batch_1" });
  expect(events[0]?.properties).toMatchObject({
    "system.service_tier": "batch",
    "system.sum_of_calls": "true",
  });
});

test("each line of an Anthropic batch's results is a call of its own, and reading twice bills once", async () => {
  const line = (id: string, type: string): string =>
    `${JSON.stringify({ custom_id: id, result: { type, message: { ...MESSAGE_ANSWER, id } } })}\n`;
  const lines = [line("msg_1", "succeeded"), line("msg_2", "errored"), line("msg_3", "succeeded")];
  const batch = {
    id: "msgbatch_1",
    type: "message_batch",
    processing_status: "ended",
    results_url: "https://api.anthropic.com/v1/messages/batches/msgbatch_1/results",
  };
  await using provider = await startLoopback((request, response) => {
    const results = request.url.endsWith("/results");
    response.setHeader("content-type", results ? "application/x-jsonl" : "application/json");
    response.end(results ? lines.join("") : JSON.stringify(batch));
  });
  using _redirected = redirectTo(provider);
  await using metered = await meterEverything();
  const client = new Anthropic({ apiKey: "test" });
  const params = {
    model: "claude-sonnet-4-6",
    max_tokens: 10,
    messages: [{ role: "user" as const, content: "hello" }],
  };
  await trackContext({ userId: "jane" }, () =>
    client.messages.batches.create({ requests: [{ custom_id: "a", params }] }),
  );
  for (let time = 0; time < 2; time += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    for await (const _result of await client.messages.batches.results("msgbatch_1"));
  }
  const events = await settledEvents(metered);
  expect(events.map(({ providerResponseId }) => providerResponseId)).toEqual(["msg_1", "msg_3"]);
  expect(metered.stats().produced).toBe(2);
  expect(events[0]).toMatchObject({ userId: "jane", resource: "claude-sonnet-4-6" });
  expect(events[0]?.properties?.["system.service_tier"]).toBe("batch");
  expect(events[0]?.properties).not.toHaveProperty("system.sum_of_calls");
});

test("a form's fields name the model, and usage by duration counts seconds", async () => {
  await using provider = await startLoopback(
    inTurn([{ text: "hello", usage: { type: "duration", seconds: 7.2 } }]),
  );
  using _redirected = redirectTo(provider);
  await using metered = await meterEverything();
  const client = new OpenAI({ apiKey: "test" });
  await client.audio.transcriptions.create({ model: "whisper-1", file: new File(["sound"], "a.wav") });
  const [told] = await settledEvents(metered);
  expect(told).toMatchObject({ resource: "whisper-1", units: { audio_seconds: { input: 8, output: 0 } } });
});

test("streamed speech and pictures tell tokens of sound and of pictures", async () => {
  await using provider = await startLoopback((request, response) => {
    response.setHeader("content-type", "text/event-stream");
    const type = request.url.endsWith("/speech") ? "speech.audio.done" : "image_generation.completed";
    response.end(`event: ${type}\ndata: ${JSON.stringify({ type, usage: USAGE })}\n\n`);
  });
  using _redirected = redirectTo(provider);
  await using metered = await meterEverything();
  const client = new OpenAI({ apiKey: "test" });
  const speech = await client.audio.speech.create({
    model: "gpt-4o-mini-tts",
    voice: "alloy",
    input: "hello",
    stream_format: "sse",
  });
  await speech.text();
  const pictures = await client.images.generate({ model: "gpt-image-1", prompt: "a fox", stream: true });
  for await (const _event of pictures);
  const events = await settledEvents(metered);
  expect(events.map(({ units }) => units)).toEqual([
    { text: { input: 10, output: 0 }, audio: { input: 0, output: 20 } },
    { text: { input: 10, output: 0 }, image: { input: 0, output: 20 } },
  ]);
});

test("a streamed interaction is settled by the event that brings it whole", async () => {
  const usage = {
    total_input_tokens: 7,
    total_output_tokens: 19,
    total_thought_tokens: 32,
    total_tokens: 58,
  };
  const interaction = { id: "int_1", object: "interaction", model: "gemini-2.5-flash" };
  const events = [
    { event_type: "interaction.created", interaction: { ...interaction, status: "in_progress" } },
    { event_type: "step.delta", index: 0, delta: { type: "text", text: "Go to Moab." } },
    { event_type: "interaction.completed", interaction: { ...interaction, status: "completed", usage } },
  ];
  await using provider = await startLoopback((_request, response) => {
    response.setHeader("content-type", "text/event-stream");
    const frames = events.map((one) => `event: ${one.event_type}\ndata: ${JSON.stringify(one)}\n\n`);
    response.end(`${frames.join("")}event: done\ndata: [DONE]\n\n`);
  });
  using _redirected = redirectTo(provider);
  await using metered = await meterEverything();
  const client = new GoogleGenAI({ apiKey: "test" });
  const stream = await client.interactions.create({
    model: "gemini-2.5-flash",
    input: "hello",
    stream: true,
  });
  for await (const _event of stream);
  const told = await settledEvents(metered);
  expect(told).toHaveLength(1);
  expect(told[0]).toMatchObject({
    resource: "google.gemini-2.5-flash",
    providerResponseId: "int_1",
    units: { text: { input: 7, output: 19 }, reasoning: { input: 0, output: 32 } },
  });
  expect(told[0]?.properties?.["system.usage_source"]).toBe("provider");
});

test("a form that edits pictures tells its model and its tokens", async () => {
  const details = { text_tokens: 3, image_tokens: 7 };
  await using provider = await startLoopback(
    inTurn([{ created: 1, data: [], usage: { ...USAGE, input_tokens_details: details } }]),
  );
  using _redirected = redirectTo(provider);
  await using metered = await meterEverything();
  const image = new File(["picture"], "a.png", { type: "image/png" });
  await new OpenAI({ apiKey: "test" }).images.edit({ model: "gpt-image-1", image, prompt: "a fox" });
  const [told] = await settledEvents(metered);
  expect(told).toMatchObject({
    resource: "gpt-image-1",
    units: {
      text: { input: 3, output: 0 },
      vision: { input: 7, output: 0 },
      image: { input: 0, output: 20 },
    },
  });
});
