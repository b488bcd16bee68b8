/** Streams whose reader is let go in the middle: nothing is cancelled, and nobody says that nobody reads on. */
import { GoogleGenAI } from "@google/genai";
import { GoogleGenAI as FirstGenAI } from "genai-1";
import { GoogleGenAI as SecondGenAI } from "genai-2";
import { expect, test } from "vitest";

import { settledEvents, startLoopback, until } from "../support.ts";
import { meterEverything, redirectTo } from "./recorded/replay.ts";

const chunk = (index: number): string =>
  `data: ${JSON.stringify({
    responseId: "gem_1",
    modelVersion: "gemini-2.5-flash",
    candidates: [{ index: 0, content: { role: "model", parts: [{ text: "forest " }] } }],
    usageMetadata: { promptTokenCount: 9, candidatesTokenCount: 2 * index, totalTokenCount: 9 + 2 * index },
  })}\n\n`;

test.for([
  ["genai 1", FirstGenAI],
  ["genai 2", SecondGenAI],
  ["genai 3", GoogleGenAI],
] as const)("%s: who broke off a stream was reported at the end of the process", async ([, Client]) => {
  let closed = false;
  await using provider = await startLoopback((_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    let index = 0;
    const timer = setInterval(() => response.write(chunk((index += 1))), 5);
    response.once("close", () => {
      closed = true;
      clearInterval(timer);
    });
  });
  using _redirected = redirectTo(provider);
  await using metered = await meterEverything();
  const client = new Client({ apiKey: "k" }) as unknown as GoogleGenAI;
  const stream = await client.models.generateContentStream({ model: "gemini-2.5-flash", contents: "hello" });
  let seen = 0;
  for await (const _part of stream) {
    seen += 1;
    if (seen === 3) break;
  }
  await until(() => metered.stats().produced === 1, "the call to be given up");
  // Its SDK leaves the connection open, with us as without.
  expect(closed).toBe(false);
  await stream.return(undefined);
  const [event, ...more] = await settledEvents(metered);
  expect(more).toEqual([]);
  const { input, output } = event?.units["text"] ?? {};
  expect(input).toBe(9);
  expect(output).toBeGreaterThanOrEqual(6);
});

test("who lets go of a reader and takes another one reads on, and all of it is counted", async () => {
  await using provider = await startLoopback((_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(chunk(1));
    setTimeout(() => response.end(chunk(50)), 50);
  });
  using _redirected = redirectTo(provider);
  await using metered = await meterEverything();
  const url =
    "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse";
  const { body } = await fetch(url, { method: "POST", body: "{}" });
  const first = body?.getReader();
  await first?.read();
  first?.releaseLock();
  const second = body?.getReader();
  while ((await second?.read())?.done === false);
  const [event, ...more] = await settledEvents(metered);
  expect(more).toEqual([]);
  expect(event?.units["text"]).toMatchObject({ input: 9, output: 100 });
});
