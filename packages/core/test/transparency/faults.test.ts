/** Our own internals fail at every point where they can, and the application does not notice. */
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { afterEach, expect, test, vi } from "vitest";

import { AttemptLinks } from "../../src/attempt-links.ts";
import { Call } from "../../src/call.ts";
import { IngestQueue } from "../../src/ingest/queue.ts";
import { OpenCalls } from "../../src/open-calls.ts";
import { anthropic } from "../../src/providers/anthropic.ts";
import { openai } from "../../src/providers/openai.ts";
import { Recording } from "../../src/recording.ts";
import { AnswerIndex } from "../../src/results.ts";
import { getRuntime } from "../../src/runtime.ts";
import { meter } from "../support.ts";
import { outcomeOf } from "./outcome.ts";
import { startProvider } from "./provider.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const USER = [{ role: "user" as const, content: "hello" }];

async function all(iterable: AsyncIterable<unknown>): Promise<unknown[]> {
  const seen: unknown[] = [];
  for await (const item of iterable) seen.push(item);
  return seen;
}

/** What an application does, over both SDKs: whole answers, streams, errors. */
function acts(url: string): (() => unknown)[] {
  const gpt = new OpenAI({ apiKey: "k", baseURL: `${url}/v1`, maxRetries: 1 });
  const claude = new Anthropic({ apiKey: "k", baseURL: url, maxRetries: 1 });
  const chat = (which: string) => ({ model: "gpt-5", messages: USER, metadata: { case: which } });
  const ask = { model: "claude-sonnet-4-6", max_tokens: 9, messages: USER };
  return [
    () => gpt.chat.completions.create(chat("plain")),
    () => gpt.chat.completions.create(chat("500")),
    async () => all(await gpt.chat.completions.create({ ...chat("plain"), stream: true })),
    () => gpt.embeddings.create({ model: "text-embedding-3-small", input: "hi" }),
    () => claude.messages.create(ask),
    () => claude.messages.stream(ask).finalMessage(),
  ];
}

function explode(): never {
  throw new Error("a fault of ours");
}

/** Object and method of every point that can fail. */
const POINTS: readonly (readonly [owner: object, method: string])[] = [
  ...[openai, anthropic].flatMap((provider) =>
    ["match", "readRequest", "readUsage", "openStream"].map((method) => [provider, method] as const),
  ),
  ...[
    "authorize",
    "attach",
    "startReading",
    "keepWatch",
    "noteRead",
    "finish",
    "fail",
    "settle",
    "grant",
  ].map((method) => [Call.prototype, method] as const),
  ...["push"].map((method) => [IngestQueue.prototype, method] as const),
  ...["add", "delete", "attempts"].map((method) => [OpenCalls.prototype, method] as const),
  ...["find", "note", "attach"].map((method) => [AnswerIndex.prototype, method] as const),
  ...["find", "remember"].map((method) => [AttemptLinks.prototype, method] as const),
  ...["request", "responseHeaders", "answer", "chunk", "fields"].map(
    (method) => [Recording.prototype, method] as const,
  ),
];

test("a fault at any of our points changes nothing that the application sees, and rejects nothing unheard", async () => {
  const rejections: unknown[] = [];
  const note = (reason: unknown): void => void rejections.push(reason);
  process.on("unhandledRejection", note);
  await using provider = await startProvider();
  const bare = await Promise.all(acts(provider.url).map(outcomeOf));
  let tried = 0;
  for (const [owner, method] of POINTS) {
    await using metered = await meter([provider], "own", {
      config: { hostMappings: { [provider.host]: {} } },
      logPromptAndResponse: true,
    });
    const spy = vi.spyOn(owner as Record<string, () => unknown>, method).mockImplementation(explode);
    const outcomes = await Promise.all(acts(provider.url).map(outcomeOf));
    tried += outcomes.length;
    spy.mockRestore();
    expect.soft({ method, outcomes }).toEqual({ method, outcomes: bare });
    await metered.flush({ timeoutMs: 100 });
  }
  for (const part of ["guard", "book", "send"] as const) {
    await using _metered = await meter([provider], "system.openai");
    Object.assign(getRuntime() ?? {}, { [part]: part === "guard" ? { authorize: explode } : explode });
    expect.soft(await Promise.all(acts(provider.url).map(outcomeOf))).toEqual(bare);
    tried += bare.length;
  }
  expect(tried).toBeGreaterThanOrEqual(100);
  await new Promise((resolve) => setTimeout(resolve, 20));
  process.off("unhandledRejection", note);
  expect(rejections).toEqual([]);
});
