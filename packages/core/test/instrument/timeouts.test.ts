/** Who ended a call: a timer, such as the SDK's own, or the application. */
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import OpenAI5 from "openai-5";
import OpenAI6 from "openai-6";
import { afterAll, expect, test } from "vitest";

import { type Loopback, meter, settledEvents, startLoopback } from "../support.ts";

const USER = [{ role: "user" as const, content: "hello" }];
const MS = 60;

let onRequest: (() => void) | undefined;
/** Never answers. */
const silent: Loopback = await startLoopback(() => onRequest?.());
afterAll(() => silent[Symbol.asyncDispose]());

const openai = (options: { timeout?: number }, Client: typeof OpenAI = OpenAI): OpenAI =>
  new Client({ apiKey: "k", baseURL: `${silent.url}/v1`, maxRetries: 0, ...options });
const anthropic = (options: { timeout?: number }): Anthropic =>
  new Anthropic({ apiKey: "k", baseURL: silent.url, maxRetries: 0, ...options });

/** Each asks the silent provider, and ends by itself or by `signal`. */
const clients: Readonly<
  Record<string, (options: { timeout?: number }, signal?: AbortSignal) => Promise<unknown>>
> = {
  "openai 7": (options, signal) =>
    openai(options).chat.completions.create({ model: "gpt-5", messages: USER }, { signal }),
  "openai 6": (options, signal) =>
    openai(options, OpenAI6 as never).chat.completions.create({ model: "gpt-5", messages: USER }, { signal }),
  "openai 5": (options, signal) =>
    openai(options, OpenAI5 as never).chat.completions.create({ model: "gpt-5", messages: USER }, { signal }),
  anthropic: (options, signal) =>
    anthropic(options).messages.create(
      { model: "claude-sonnet-4-6", max_tokens: 9, messages: USER },
      { signal },
    ),
};

async function outcomeOf(call: () => Promise<unknown>): Promise<string | null | undefined> {
  await using metered = await meter([silent], "system.openai");
  await call().catch(() => undefined);
  return (await settledEvents(metered))[0]?.properties?.["system.outcome"];
}

for (const [name, ask] of Object.entries(clients)) {
  test(`${name}: the client's own timeout is a timeout`, async () => {
    expect(await outcomeOf(() => ask({ timeout: MS }))).toBe("timeout");
  });

  test(`${name}: an abort of the application's is one, however near the timeout`, async () => {
    const controller = new AbortController();
    onRequest = () => controller.abort();
    expect(await outcomeOf(() => ask({ timeout: 900 }, controller.signal))).toBe("aborted");
    onRequest = undefined;
  });
}
