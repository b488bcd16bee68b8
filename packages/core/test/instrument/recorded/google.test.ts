import { GoogleGenAI } from "@google/genai";
import { expect, test } from "vitest";

import { type IngestEvent } from "../../../src/wire/ingest.ts";
import {
  areAbsent,
  type Recording,
  countsOf,
  drain,
  expectedOf,
  recordingsOf,
  replay,
  toldOf,
} from "./replay.ts";

const recordings = recordingsOf(({ provider }) => provider.startsWith("google"));

test.skipIf(areAbsent).for(recordings)(
  "$id $api tells exactly the recorded usage, once",
  async (recording) => {
    const events = await replay(recording, () => call(recording));
    expect(events).toHaveLength(1);
    const [event] = events;
    expect(event?.category).toBe("system.google.vertex");
    expect(event?.resource).toMatch(/^google\./);
    expect(event?.resourceScope).toBe(isVertex(recording) ? "global" : undefined);
    expect(event?.properties?.["system.outcome"]).toBe("ok");
    expect(event?.properties?.["system.usage_source"]).toBe(
      recording.expected_usage === null ? "estimated" : "provider",
    );
    const expected = expectedOf(recording, OTHERWISE_CHECKED);
    expect(toldOf(toldBy(event, recording), expected)).toEqual(expected);
  },
);

async function call(recording: Recording): Promise<void> {
  const client = isVertex(recording) ? vertex() : new GoogleGenAI({ apiKey: "test" });
  const model = modelOf(recording);
  switch (recording.api) {
    case "google.interactions":
      await client.interactions.create({ model, input: "hello" });
      return;
    case "google.embed":
      await client.models.embedContent({ model, contents: "hello there" });
      return;
    default: {
      const request = { model, contents: "hello" };
      if (recording.streaming) await drain(await client.models.generateContentStream(request));
      else await client.models.generateContent(request);
    }
  }
}

function vertex(): GoogleGenAI {
  const authClient = {
    getRequestHeaders: () => Promise.resolve(new Headers({ authorization: "Bearer test" })),
  };
  return new GoogleGenAI({
    vertexai: true,
    project: "payi",
    location: "global",
    // The library asks for nothing but headers.
    googleAuthOptions: { authClient: authClient as never },
  });
}

function isVertex({ provider, url }: Recording): boolean {
  return provider === "google-vertex" || url?.includes("aiplatform") === true;
}

function modelOf({ url, response_model: model }: Recording): string {
  return /models\/([^:]+):/.exec(url ?? "")?.[1] ?? model ?? "text-embedding-005";
}

/** The prompt of tools is part of the input; queries are charged by the grounded prompt for these models. */
const OTHERWISE_CHECKED = [
  "prompt",
  "tool_use_prompt",
  "grounding_queries",
  "total_input_tokens",
  "total_tool_use_tokens",
  "input_tokens_by_modality",
  "tool_use_tokens_by_modality",
];

function toldBy(event: IngestEvent | undefined, recording: Recording): Record<string, unknown> {
  const counts = countsOf(event);
  const usage = recording.expected_usage ?? {};
  const tools = Number(usage["tool_use_prompt"] ?? 0);
  const input: Record<string, number> = {
    TEXT: counts.input("text") - tools,
    IMAGE: counts.input("vision"),
    AUDIO: counts.input("audio"),
    VIDEO: counts.input("video"),
  };
  const output: Record<string, number> = { TEXT: counts.output("text"), IMAGE: counts.output("image") };
  const pick = (name: string, from: Record<string, number>): Record<string, unknown> =>
    Object.fromEntries(Object.keys(usage[name] ?? {}).map((modality) => [modality, from[modality]]));
  const candidates = counts.total("output") - counts.output("reasoning");
  const tier = event?.properties?.["system.service_tier"];
  return {
    input_total: counts.total("input"),
    candidates,
    reasoning: counts.output("reasoning"),
    output_total: counts.total("output"),
    total: counts.total("input") + counts.total("output"),
    prompt_by_modality: pick("prompt_by_modality", input),
    candidates_by_modality: pick("candidates_by_modality", output),
    grounded_prompts: counts.output("grounded_prompt"),
    traffic_type: tier === "standard" ? "ON_DEMAND" : `ON_DEMAND_${tier?.toUpperCase()}`,
    service_tier: tier,
    total_tokens: counts.total("input") + counts.total("output"),
    total_cached_tokens: counts.input("text_cache_read"),
    total_output_tokens: candidates,
    total_thought_tokens: counts.output("reasoning"),
  };
}
