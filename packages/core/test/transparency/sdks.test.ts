/**
 * Every scenario runs twice against the same provider, with and without us, and must come to the same.
 *
 * The one documented difference: what the provider receives on an OpenAI chat stream (`stream_options`).
 */
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { afterAll, beforeAll, expect, test } from "vitest";

import { type Loopback } from "../support.ts";
import { ANTHROPIC_SCENARIOS } from "./anthropic-scenarios.ts";
import { OPENAI_SCENARIOS } from "./openai-scenarios.ts";
import { startProvider } from "./provider.ts";
import { twice } from "./twice.ts";

let provider: Loopback;
const rejections: unknown[] = [];
const note = (reason: unknown): void => void rejections.push(reason);

beforeAll(async () => {
  provider = await startProvider();
  process.on("unhandledRejection", note);
});

afterAll(async () => {
  process.off("unhandledRejection", note);
  await provider[Symbol.asyncDispose]();
});

test("there are enough scenarios to speak of", () => {
  expect(OPENAI_SCENARIOS.length + ANTHROPIC_SCENARIOS.length).toBeGreaterThanOrEqual(60);
});

test.for(OPENAI_SCENARIOS)("openai: $name", async ({ act }) => {
  const client = (): OpenAI => new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1` });
  const { bare, metered } = await twice(() => act(client()), { hostMappings: { [provider.host]: {} } }, [
    provider,
  ]);
  expect(metered).toEqual(bare);
});

test.for(ANTHROPIC_SCENARIOS)("anthropic: $name", async ({ act }) => {
  const client = (): Anthropic => new Anthropic({ apiKey: "k", baseURL: provider.url });
  const { bare, metered } = await twice(() => act(client()), { hostMappings: { [provider.host]: {} } }, [
    provider,
  ]);
  expect(metered).toEqual(bare);
});

test("nothing of all that left a rejection unhandled", async () => {
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(rejections).toEqual([]);
});
