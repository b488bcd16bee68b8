/** Recorded answers through every version of the SDK and every pile of layers: one call, one cost, whoever read it. */
import { type IngestEvent, decodeIngestItem } from "@payi/core/wire";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { originalFetch } from "../../core/src/instrument/original-fetch.ts";
import { type Metered, type Recording, loadRecordings, meter } from "../../core/test/support.ts";
import { payiMiddleware, payiOptions, trackModel } from "../src/index.ts";
import { type Model, type Replay, VERSIONS, type Version, startReplay } from "./support.ts";

const APIS = new Set(["openai.chat", "openai.responses", "anthropic.messages", "google.generateContent"]);
const recordings = loadRecordings().filter(({ api, http_status }) => APIS.has(api) && http_status === 200);

/** What the SDK keeps from whoever does not see the wire. */
const LOST: Readonly<Record<string, string>> = {
  "ai 5 · 42": "the prompt tokens of Google's own tools, in streams",
};

let provider: Replay;
let metered: Metered;

beforeAll(async () => {
  globalThis.AI_SDK_LOG_WARNINGS = false;
  provider = await startReplay();
  metered = await meter([], "own", { config: { hostMappings: { [provider.host]: {} } } });
});

afterAll(async () => {
  globalThis.AI_SDK_LOG_WARNINGS = undefined;
  await metered[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
});

/** `transport`: without the adapter. `adapter`: where no transport sees the call. `nested`: the adapter twice, and it. */
type Layers = "transport" | "adapter" | "both" | "nested";

const OPTIONS = { userId: "jane", requestProperties: { layer: "adapter" } };

function place({ sdk }: Version, model: Model, layers: Layers): Model {
  if (layers === "transport") return model;
  if (layers === "adapter") return trackModel(model, OPTIONS);
  const inner = layers === "nested" ? trackModel(model) : model;
  return sdk.wrapLanguageModel({ model: inner, middleware: payiMiddleware(OPTIONS) });
}

/** Everything that was reported of one call. */
async function call(version: Version, recording: Recording, layers: Layers): Promise<readonly IngestEvent[]> {
  provider.answer = recording;
  const fetch = layers === "adapter" ? originalFetch() : globalThis.fetch;
  const make = version.models({ apiKey: "k", baseURL: provider.url, fetch })[recording.api];
  if (make === undefined) throw new Error(`No model speaks ${recording.api}.`);
  const model = place(version, make(recording.request_hints.model ?? recording.response_model ?? ""), layers);
  const before = metered.platform.received.length;
  const providerOptions = payiOptions({ accountName: "acme" });
  const request = { model, prompt: "Where to?", maxRetries: 0, providerOptions };
  if (recording.streaming) {
    const { fullStream } = version.sdk.streamText({ ...request, onError: () => undefined });
    for await (const _part of fullStream);
  } else {
    // Some answers call tools that were not given, or cannot be parsed by an older SDK: billed all the same.
    await version.sdk.generateText(request).catch(() => undefined);
  }
  await metered.flush({ timeoutMs: 30_000 });
  return metered.platform.received
    .slice(before)
    .filter(({ url }) => url.endsWith("/ingest/bulk"))
    .flatMap(({ body }) => (JSON.parse(body) as unknown[]).map((item) => decodeIngestItem(item)));
}

function billed(events: readonly IngestEvent[]): unknown {
  return events.map(({ category, resource, units }) => ({ category, resource, units }));
}

function tiers(events: readonly IngestEvent[]): unknown {
  return events.map(({ properties }) => properties?.["system.service_tier"] ?? "standard");
}

/** The first recording of its API and kind. */
function isFirst(recording: Recording): boolean {
  const { api, streaming } = recording;
  return recording === recordings.find((other) => other.api === api && other.streaming === streaming);
}

describe.runIf(recordings.length > 0).for(Object.entries(VERSIONS))("%s", ([name, version]) => {
  const mixed = name.includes("providers of");
  const cases = recordings
    .filter((recording) => !mixed || isFirst(recording))
    .map((recording) => [recording.file, recording] as const);

  test.for(cases)("%s", async ([, recording]) => {
    const transport = await call(version, recording, "transport");
    expect(transport.length).toBeGreaterThan(0);
    for (const layers of isFirst(recording) ? (["both", "nested"] as const) : (["both"] as const)) {
      const events = await call(version, recording, layers);
      expect([layers, billed(events), tiers(events)]).toEqual([layers, billed(transport), tiers(transport)]);
      expect(events).toEqual(events.map(() => expect.objectContaining(ATTRIBUTED) as unknown));
    }
    const alone = await call(version, recording, "adapter");
    expect(alone).toHaveLength(transport.length);
    expect(alone).toEqual(alone.map(() => expect.objectContaining(ATTRIBUTED) as unknown));
    const told = transport[0]?.properties?.["system.usage_source"];
    if (told !== "provider" || LOST[`${name} · ${recording.id}`] !== undefined) return;
    expect([billed(alone), tiers(alone)]).toEqual([billed(transport), tiers(transport)]);
  });
});

const ATTRIBUTED = {
  userId: "jane",
  accountName: "acme",
  properties: expect.objectContaining({ layer: "adapter" }) as unknown,
};
