import Anthropic from "@anthropic-ai/sdk";
import { expect, test } from "vitest";

import { type UnitCount } from "../../../src/usage.ts";
import { type IngestEvent } from "../../../src/wire/ingest.ts";
import { areAbsent, type Recording, countsOf, expectedOf, recordingsOf, replay, toldOf } from "./replay.ts";

const recordings = recordingsOf(({ provider }) => provider === "anthropic");

test.skipIf(areAbsent).for(recordings)(
  "$id $api tells exactly the recorded usage, once",
  async (recording) => {
    const events = await replay(recording, () => call(recording));
    const billed = billedIterations(recording);
    expect(events).toHaveLength(1 + billed.length);
    const [event] = events;
    expect(event?.category).toBe("system.anthropic");
    expect(event?.properties?.["system.usage_source"]).toBe("provider");
    expect(event?.properties?.["system.outcome"]).toBe("ok");
    const expected = expectedOf(recording, OTHERWISE_CHECKED);
    expect(toldOf(toldBy(event), expected)).toEqual(expected);
    expect(events.slice(1).map(({ units }) => units)).toEqual(billed.map(iterationUnits));
    expect(events.slice(1).map(({ resource }) => resource)).toEqual(
      billed.map(({ model }) => model ?? event?.resource),
    );
  },
);

async function call(recording: Recording): Promise<void> {
  const client = new Anthropic({ apiKey: "test", maxRetries: 0 });
  const body = {
    model: recording.request_hints.model ?? recording.response_model ?? "",
    max_tokens: 4096,
    messages: [{ role: "user" as const, content: "hello" }],
  };
  if (recording.streaming) for await (const _event of client.beta.messages.stream(body));
  else await client.beta.messages.create(body);
}

/** Thinking is inside the output total; iterations are compared as events of their own. */
const OTHERWISE_CHECKED = ["thinking", "iterations"];

function toldBy(event: IngestEvent | undefined): Record<string, unknown> {
  const counts = countsOf(event);
  const writes = { five: counts.input("text_cache_write"), hour: counts.input("text_cache_write_1h") };
  return {
    input_uncached: counts.input("text"),
    output_total: counts.total("output"),
    cache_read: counts.input("text_cache_read"),
    cache_write_5m: writes.five,
    cache_write_1h: writes.hour,
    cache_write_total: writes.five + writes.hour,
    server_tool_web_search_requests: counts.output("web_search_request"),
    server_tool_web_fetch_requests: counts.output("web_fetch_request"),
    service_tier: event?.properties?.["system.service_tier"],
    inference_geo: event?.properties?.["system.inference_geo"] ?? "not_available",
  };
}

interface Iteration {
  readonly type: string;
  readonly model?: string;
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
