import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { expect, test } from "vitest";

import { type UnitCount } from "../../src/usage.ts";
import { type IngestEvent } from "../../src/wire/ingest.ts";
import { type Recording, loadRecordings, meter, settledEvents, startLoopback } from "../support.ts";

const recordings = loadRecordings().filter(
  ({ provider, expected_usage: usage }) =>
    (provider === "openai" || provider === "anthropic") && usage !== null,
);

test.skipIf(recordings.length === 0).for(recordings)(
  "$id $api tells exactly the recorded usage",
  async (recording) => {
    await using provider = await startLoopback((_request, response) => {
      response.writeHead(recording.http_status, {
        "content-type": recording.streaming ? "text/event-stream" : "application/json",
      });
      response.end(recording.body);
    });
    const category = recording.provider === "openai" ? "system.openai" : "system.anthropic";
    await using metered = await meter([provider], category);
    await call(recording, provider.url);
    const events = await settledEvents(metered);
    const [event] = events;
    expect(events.length).toBe(1 + billedIterations(recording).length);
    expect(event?.properties?.["system.usage_source"]).toBe("provider");
    expect(event?.properties?.["system.outcome"]).toBe("ok");
    expect(usageOf(event, recording)).toEqual(recording.expected_usage);
    expect(events.slice(1).map(({ units }) => units)).toEqual(
      billedIterations(recording).map(iterationUnits),
    );
  },
);

/** Makes the call that got the recorded answer, through the real SDK, and reads the answer to its end. */
async function call(recording: Recording, baseUrl: string): Promise<void> {
  const hints = recording.request_hints;
  const model = hints.model ?? "unknown";
  const stream = recording.streaming;
  if (recording.provider === "anthropic") {
    const client = new Anthropic({ apiKey: "test", baseURL: baseUrl, maxRetries: 0 });
    const body = { model, max_tokens: 4096, messages: [{ role: "user" as const, content: "hello" }] };
    if (stream) for await (const _event of client.messages.stream(body));
    else await client.messages.create(body);
    return;
  }
  const client = new OpenAI({ apiKey: "test", baseURL: `${baseUrl}/v1`, maxRetries: 0 });
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
    case "openai.image":
      await client.images.generate({ model, prompt: "a capybara" });
      break;
    default:
      throw new Error(`No call is known for ${recording.api}`);
  }
}

async function drain(answer: unknown): Promise<void> {
  if (typeof answer === "object" && answer !== null && Symbol.asyncIterator in answer) {
    for await (const _part of answer as AsyncIterable<unknown>);
  }
}

/** Our disjoint units, told in the words of the recording's `expected_usage`. */
function usageOf(event: IngestEvent | undefined, recording: Recording): Record<string, unknown> {
  const units: Readonly<Record<string, UnitCount | undefined>> = event?.units ?? {};
  const input = (name: string): number => units[name]?.input ?? 0;
  const output = (name: string): number => units[name]?.output ?? 0;
  const read = input("text_cache_read");
  const writes = { five: input("text_cache_write"), hour: input("text_cache_write_1h") };
  const inputTotal = input("text") + read + writes.five + writes.hour + input("audio") + input("vision");
  const outputTotal = output("text") + output("reasoning") + output("audio");
  const all: Record<string, unknown> = {
    input_total: inputTotal,
    output_total: outputTotal,
    total: inputTotal + outputTotal,
    input_uncached: input("text"),
    input_text: input("text"),
    cache_read: read,
    cache_write: writes.five,
    cache_write_5m: writes.five,
    cache_write_1h: writes.hour,
    cache_write_total: writes.five + writes.hour,
    input_audio: input("audio"),
    output_audio: output("audio"),
    reasoning: output("reasoning"),
    images: output("image"),
    server_tool_web_search_requests: output("web_search_request"),
    server_tool_web_fetch_requests: output("web_fetch_request"),
    service_tier:
      event?.properties?.["system.service_tier"] === "standard" && recording.provider === "openai"
        ? "default"
        : event?.properties?.["system.service_tier"],
    inference_geo: event?.properties?.["system.inference_geo"] ?? "not_available",
  };
  const expected = recording.expected_usage ?? {};
  return Object.fromEntries(
    Object.keys(expected).map((name) => [name, OTHERWISE_CHECKED.has(name) ? expected[name] : all[name]]),
  );
}

/**
 * Not units of their own: predictions and thinking are inside the output total, iterations are compared as events of
 * their own, and tool items are compared in `openai-usage.test.ts`.
 */
const OTHERWISE_CHECKED = new Set([
  "accepted_prediction",
  "rejected_prediction",
  "thinking",
  "iterations",
  "server_tool_items_in_output",
]);

interface Iteration {
  readonly type: string;
  readonly input_uncached: number;
  readonly output_total: number;
  readonly cache_read: number;
  readonly cache_write_total: number;
}

/** Compaction and advisor runs are billed beside the top-level usage; message iterations are inside it. */
function billedIterations(recording: Recording): readonly Iteration[] {
  const iterations = (recording.expected_usage?.["iterations"] ?? []) as readonly Iteration[];
  return iterations.filter(({ type }) => type !== "message");
}

function iterationUnits(iteration: Iteration): Record<string, UnitCount> {
  const units: Record<string, UnitCount> = {
    text: { input: iteration.input_uncached, output: iteration.output_total },
  };
  if (iteration.cache_read > 0) units["text_cache_read"] = { input: iteration.cache_read, output: 0 };
  if (iteration.cache_write_total > 0)
    units["text_cache_write"] = { input: iteration.cache_write_total, output: 0 };
  return units;
}
