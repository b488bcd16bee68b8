import OpenAI, { AzureOpenAI } from "openai";
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

const recordings = recordingsOf(({ api }) => api.startsWith("openai."));

test.skipIf(areAbsent).for(recordings)(
  "$id $api tells exactly the recorded usage, once",
  async (recording) => {
    const events = await replay(recording, () => call(recording));
    expect(events).toHaveLength(1);
    const [event] = events;
    expect(event?.category).toBe(categoryOf(recording));
    expect(event?.httpStatusCode).toBe(recording.http_status);
    const failed = recording.http_status >= 400;
    expect(event?.properties?.["system.outcome"]).toBe(failed ? "error" : "ok");
    expect(event?.properties?.["system.usage_source"]).toBe(sourceOf(recording));
    const expected = expectedOf(recording, OTHERWISE_CHECKED);
    expect(toldOf(toldBy(event, recording), expected)).toEqual(expected);
    // Where nothing was told, although we asked, both sides are estimated, and neither is nothing.
    expect(countsOf(event).total("output") > 0).toBe(!WITHOUT_OUTPUT.has(recording.id));
  },
);

const byId = (id: string): Recording | undefined => recordings.find((recording) => recording.id === id);

test.skipIf(areAbsent)("searches, files and images of a response are charged as tools", async () => {
  const units = async (id: string): Promise<IngestEvent["units"] | undefined> => {
    const recording = byId(id);
    return recording && (await replay(recording, () => call(recording)))[0]?.units;
  };
  expect(await units("22")).toMatchObject({ file_search_request: { input: 0, output: 1 } });
  expect(await units("91")).toHaveProperty("web_search_preview_request");
  expect(await units("18")).toHaveProperty("web_search_preview_request");
});

test.skipIf(areAbsent)("Azure is priced by the model that answered, not by the deployment", async () => {
  const recording = byId("90");
  const [event] = recording === undefined ? [] : await replay(recording, () => call(recording));
  expect(event?.resource).toBe("gpt-5-nano-2025-08-07");
});

/** Makes the call that got the recorded answer, through the real SDK, and reads the answer to its end. */
async function call(recording: Recording): Promise<void> {
  const { request_hints: hints, streaming: stream } = recording;
  const model = hints.model ?? recording.response_model ?? "";
  const client = clientFor(recording);
  const messages = [{ role: "user" as const, content: "hello" }];
  const include =
    stream && hints.stream_options !== undefined ? { stream_options: { include_usage: true } } : {};
  switch (recording.api) {
    case "openai.chat":
      await drain(await client.chat.completions.create({ model, messages, stream, ...include }));
      break;
    case "openai.completions":
      await drain(await client.completions.create({ model, prompt: "hello", stream, ...include }));
      break;
    case "openai.responses":
      await drain(await client.responses.create({ model, input: "hello", stream }));
      break;
    case "openai.embeddings":
      await client.embeddings.create({ model, input: "hello" });
      break;
    case "openai.transcription":
      await client.audio.transcriptions.create({
        model: "gpt-4o-transcribe",
        file: new File(["sound"], "a.wav"),
      });
      break;
    case "openai.moderation":
      await client.moderations.create({ input: "hello" });
      break;
    case "openai.image":
      await client.images.generate({ model, prompt: "a capybara" });
      break;
    default:
      throw new Error(`No call is known for ${recording.api}`);
  }
}

function clientFor(recording: Recording): OpenAI {
  const common = { apiKey: "test", maxRetries: 0 };
  if (recording.provider === "deepseek-via-openai-client") {
    return new OpenAI({ ...common, baseURL: "https://api.deepseek.com" });
  }
  if (recording.provider !== "azure") return new OpenAI(common);
  if (recording.api === "openai.responses") {
    return new OpenAI({ ...common, baseURL: "https://example.openai.azure.com/openai/v1" });
  }
  return new AzureOpenAI({
    ...common,
    endpoint: "https://example.openai.azure.com",
    apiVersion: "2024-10-21",
    deployment: recording.request_hints.model ?? "model-router",
  });
}

function categoryOf({ provider }: Recording): string {
  if (provider === "azure") return "system.azureopenai";
  return provider === "openai" ? "system.openai" : "system.deepseek";
}

function sourceOf(recording: Recording): string {
  if (recording.http_status >= 400) return "provider";
  return recording.expected_usage === null && recording.streaming ? "estimated" : "provider";
}

/** Embeddings and moderation put out no tokens, pictures are counted as such, failures cost nothing. */
const WITHOUT_OUTPUT: ReadonlySet<string> = new Set(["08", "11", "12", "14", "24"]);

/** Predictions are inside the output total; tool items are compared in a test of their own. */
const OTHERWISE_CHECKED = ["accepted_prediction", "rejected_prediction", "server_tool_items_in_output"];

/** Our disjoint units, told in the words of the recordings. */
function toldBy(event: IngestEvent | undefined, recording: Recording): Record<string, unknown> {
  const counts = countsOf(event);
  const pictures = recording.api === "openai.image" ? counts.output("image") : 0;
  const tier = event?.properties?.["system.service_tier"];
  return {
    input_total: counts.total("input"),
    output_total: counts.total("output"),
    total: counts.total("input") + counts.total("output"),
    input_text: counts.input("text"),
    cache_read: counts.input("text_cache_read"),
    cache_write: counts.input("text_cache_write"),
    input_audio: counts.input("audio"),
    output_audio: counts.output("audio"),
    reasoning: counts.output("reasoning"),
    images: pictures,
    service_tier: tier === "standard" || tier === undefined ? "default" : tier,
  };
}
