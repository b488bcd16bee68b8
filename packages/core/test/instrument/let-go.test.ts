/** Streams whose reader is let go in the middle: nothing is cancelled, and nobody says that nobody reads on. */
import { GoogleGenAI } from "@google/genai";
import { GoogleGenAI as FirstGenAI } from "genai-1";
import { GoogleGenAI as SecondGenAI } from "genai-2";
import { afterEach, expect, test, vi } from "vitest";

import { LET_GO_MS } from "../../src/instrument/lookout.ts";
import { settledEvents, startLoopback } from "../support.ts";
import { meterEverything, redirectTo } from "./recorded/replay.ts";

afterEach(() => {
  vi.useRealTimers();
});

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
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  for await (const _part of stream) {
    seen += 1;
    if (seen === 3) break;
  }
  expect(metered.stats().produced).toBe(0);
  vi.advanceTimersByTime(LET_GO_MS);
  vi.useRealTimers();
  expect(metered.stats().produced).toBe(1);
  // Its SDK leaves the connection open, with us as without.
  expect(closed).toBe(false);
  await stream.return(undefined);
  const [event, ...more] = await settledEvents(metered);
  expect(more).toEqual([]);
  const { input, output } = event?.units["text"] ?? {};
  expect(input).toBe(9);
  expect(output).toBeGreaterThanOrEqual(6);
});

const READ_ON: readonly (readonly [string, (body: ReadableStream<Uint8Array>) => Promise<unknown>])[] = [
  [
    "takes another one",
    async (body) => {
      const reader = body.getReader();
      while (!(await reader.read()).done);
    },
  ],
  [
    "iterates",
    async (body) => {
      for await (const _chunk of body);
    },
  ],
  ["splits the body", (body) => Promise.all(body.tee().map((branch) => new Response(branch).text()))],
  ["pipes it elsewhere", (body) => body.pipeTo(new WritableStream())],
];

test.for(READ_ON)(
  "who lets go of a reader for a while and then %s was reported as having broken off",
  async ([, readOn]) => {
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
    if (body === null) throw new Error("no body");
    const first = body.getReader();
    await first.read();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    first.releaseLock();
    vi.advanceTimersByTime(LET_GO_MS - 1);
    const reading = readOn(body);
    vi.advanceTimersByTime(LET_GO_MS);
    vi.useRealTimers();
    await reading;
    const [event, ...more] = await settledEvents(metered);
    expect(more).toEqual([]);
    expect(event?.units["text"]).toMatchObject({ input: 9, output: 100 });
  },
);
