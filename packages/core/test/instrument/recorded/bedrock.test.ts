import {
  ApplyGuardrailCommand,
  type BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from "@aws-sdk/client-bedrock-runtime";
import { expect, test } from "vitest";

import { type IngestEvent } from "../../../src/wire/ingest.ts";
import { settledEvents } from "../../support.ts";
import { clientOf, startHttp2 } from "./bedrock-loopback.ts";
import {
  areAbsent,
  type Recording,
  countsOf,
  drain,
  expectedOf,
  meterEverything,
  recordedHeaders,
  recordingsOf,
  toldOf,
} from "./replay.ts";

const recordings = recordingsOf(({ provider }) => provider === "bedrock");

test.skipIf(areAbsent).for(recordings)(
  "$id $api tells exactly the recorded usage, once, over HTTP/2",
  async (recording) => {
    await using provider = await startHttp2(() => ({
      status: recording.http_status,
      headers: { "x-amzn-requestid": `request-${recording.id}`, ...recordedHeaders(recording) },
      body: recording.body,
    }));
    await using metered = await meterEverything({
      hostMappings: { [provider.host]: { priceAsCategory: "system.aws.bedrock" } },
    });
    const client = clientOf(provider.url);
    const failed = recording.http_status >= 400;
    await call(client, recording).catch((error: unknown) => {
      if (!failed) throw error;
    });
    client.destroy();
    const events = await settledEvents(metered);
    expect(events).toHaveLength(1);
    const [event] = events;
    expect(event?.category).toBe("system.aws.bedrock");
    expect(event?.resource).toBe(modelOf(recording) ?? "guardrail");
    expect(event?.httpStatusCode).toBe(recording.http_status);
    expect(event?.providerResponseId).toMatch(/^(?:request-|[0-9a-f]{8}-)/);
    expect(event?.properties?.["system.outcome"]).toBe(failed ? "error" : "ok");
    expect(event?.properties?.["system.usage_source"]).toBe("provider");
    const expected = expectedOf(recording);
    expect(toldOf(toldBy(event, expected), expected)).toEqual(expected);
  },
);

async function call(client: BedrockRuntimeClient, recording: Recording): Promise<void> {
  const { request_hints: hints, streaming } = recording;
  const modelId = modelOf(recording) ?? "";
  const body = JSON.stringify({ prompt: "hello", max_tokens: 100 });
  const converse = { modelId, messages: [{ role: "user" as const, content: [{ text: "hello" }] }], ...hints };
  if (recording.api === "bedrock.applyGuardrail") {
    await client.send(
      new ApplyGuardrailCommand({
        guardrailIdentifier: "274u1upxm897",
        guardrailVersion: "1",
        source: "INPUT",
        content: [{ text: { text: "hello" } }],
      }),
    );
  } else if (recording.api === "bedrock.converse") {
    if (streaming) await drain((await client.send(new ConverseStreamCommand(converse))).stream);
    else await client.send(new ConverseCommand(converse));
  } else if (streaming) {
    await drain((await client.send(new InvokeModelWithResponseStreamCommand({ modelId, body }))).body);
  } else {
    await client.send(new InvokeModelCommand({ modelId, body }));
  }
}

/** The model's id as the application gives it, ARNs too. */
function modelOf({ url }: Recording): string | undefined {
  const model = /\/model\/([^/]+)\//.exec(url ?? "")?.[1];
  return model === undefined ? undefined : decodeURIComponent(model);
}

const GUARDRAILS: Readonly<Record<string, string>> = {
  topicPolicyUnits: "guardrail_topic",
  contentPolicyUnits: "guardrail_content",
  sensitiveInformationPolicyUnits: "guardrail_sensitive_information",
};

function toldBy(
  event: IngestEvent | undefined,
  expected: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const counts = countsOf(event);
  const read = counts.input("text_cache_read");
  const written = counts.input("text_cache_write") + counts.input("text_cache_write_1h");
  const headers: Record<string, number> = {
    input: counts.input("text"),
    output: counts.output("text"),
    cache_read: read,
    cache_write: written,
  };
  const guardrails = Object.entries(GUARDRAILS)
    .map(([name, unit]) => [name, counts.input(unit)] as const)
    .filter(([, units]) => units > 0);
  return {
    input_uncached: counts.input("text"),
    input_total: counts.total("input"),
    output_total: counts.total("output"),
    total: counts.total("input") + counts.total("output"),
    cache_read: read,
    cache_write_total: written,
    cache_write_5m: counts.input("text_cache_write"),
    cache_write_1h: counts.input("text_cache_write_1h"),
    from_headers: toldOf(headers, (expected["from_headers"] ?? {}) as Record<string, unknown>),
    guardrail_units: Object.fromEntries(guardrails),
    service_tier: event?.properties?.["system.service_tier"],
    latency_mode: event?.properties?.["system.speed"],
  };
}
