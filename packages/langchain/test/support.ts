/** What the tests share: recorded answers served to LangChain's own integrations, and a platform that keeps events. */
import { ChatAnthropic } from "@langchain/anthropic";
import { type BaseChatModel } from "@langchain/core/language_models/chat_models";
import { ChatGoogleGenerativeAI } from "@langchain/google-genai";
import { ChatOpenAI } from "@langchain/openai";
import { type PayiInstrumentOptions } from "@payi/core";
import { type IngestEvent } from "@payi/core/wire";

import {
  areAbsent,
  drain,
  recordingsOf,
  redirectTo,
  startProvider,
} from "../../core/test/instrument/recorded/replay.ts";
import { type Recording, type Score, meter, settledEvents } from "../../core/test/support.ts";

export { areAbsent, drain, settledEvents };

/** What a replayed answer made. */
export interface Replayed {
  readonly events: readonly IngestEvent[];
  readonly scores: readonly Score[];
}

/** Serves one recorded answer as the provider's own host while `work` runs. */
export async function replay(
  recording: Recording,
  options: PayiInstrumentOptions,
  work: () => Promise<unknown>,
): Promise<Replayed> {
  await using provider = await startProvider(recording);
  using _redirected = redirectTo(provider);
  await using metered = await meter([], "own", options);
  await work();
  const events = [...(await settledEvents(metered))];
  return { events, scores: [...metered.platform.scores] };
}

/** The recordings with these numbers; stand-ins for skipped tests where there are none. */
export function recorded(...numbers: readonly string[]): readonly Recording[] {
  return recordingsOf(({ file }) => numbers.some((number) => file.startsWith(`${number}-`)));
}

/** LangChain's integration for a recording's API. */
export function modelFor(recording: Recording): BaseChatModel {
  const settings = { model: MODELS[recording.provider] ?? "gpt-5", apiKey: "sk-test", maxRetries: 0 };
  if (recording.provider === "anthropic") return new ChatAnthropic(settings);
  if (recording.provider === "google") return new ChatGoogleGenerativeAI(settings);
  return new ChatOpenAI({ ...settings, useResponsesApi: recording.api.includes("responses") });
}

const MODELS: Readonly<Record<string, string>> = {
  anthropic: "claude-sonnet-4-5",
  google: "gemini-2.5-flash",
};
