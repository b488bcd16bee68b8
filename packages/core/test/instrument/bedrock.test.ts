import {
  BedrockRuntime,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
} from "@aws-sdk/client-bedrock-runtime";
import { expect, test } from "vitest";

import { type PayiInstrumentConfig } from "../../src/config.ts";
import { LimitExceededError } from "../../src/errors.ts";
import { wrapBedrock } from "../../src/instrument/bedrock.ts";
import { bedrock } from "../../src/providers/bedrock.ts";
import { NOTHING_TOLD } from "../../src/providers/provider.ts";
import { converseStream, event, exception } from "../aws-frames.ts";
import { type Metered, getRuntime, settledEvents, startLoopback } from "../support.ts";
import { type Http2Loopback, clientOf, startHttp2 } from "./recorded/bedrock-loopback.ts";
import { meterEverything } from "./recorded/replay.ts";

const JSON_HEADERS = { "content-type": "application/json", "x-amzn-requestid": "request-1" };
const STREAM_HEADERS = { ...JSON_HEADERS, "content-type": "application/vnd.amazon.eventstream" };
const ANSWER = {
  output: { message: { role: "assistant", content: [{ text: "Go to Moab." }] } },
  stopReason: "end_turn",
  usage: { inputTokens: 20, outputTokens: 30, totalTokens: 50 },
};
const HELLO = {
  modelId: "us.amazon.nova-micro-v1:0",
  messages: [{ role: "user" as const, content: [{ text: "hello" }] }],
};

const startConverse = (): Promise<Http2Loopback> =>
  startHttp2(() => ({ status: 200, headers: JSON_HEADERS, body: Buffer.from(JSON.stringify(ANSWER)) }));

const startStream = (frames: readonly Buffer[], open = false): Promise<Http2Loopback> =>
  startHttp2(() => ({ status: 200, headers: STREAM_HEADERS, body: frames, open }));

const meterAt = (provider: Http2Loopback, config: PayiInstrumentConfig = {}): Promise<Metered> =>
  meterEverything({
    hostMappings: { [provider.host]: { priceAsCategory: "system.aws.bedrock" } },
    ...config,
  });

async function collect(stream: AsyncIterable<unknown> | undefined): Promise<unknown[]> {
  const events: unknown[] = [];
  for await (const one of stream ?? []) events.push(one);
  return events;
}

test("what is signed and sent is the same with us and without us", async () => {
  await using provider = await startConverse();
  const send = async (): Promise<void> => {
    const client = clientOf(provider.url);
    await client.send(new ConverseCommand(HELLO));
    await client.send(new InvokeModelCommand({ modelId: HELLO.modelId, body: '{"a": 1}' }));
    client.destroy();
  };
  await send();
  await using _metered = await meterAt(provider);
  await send();
  const seen = provider.received.map(({ path, body, headers }) => ({
    path,
    body: body.toString(),
    signed: String(headers["authorization"]).replace(/Signature=.*$/, ""),
    hash: headers["x-amz-content-sha256"],
    length: headers["content-length"],
  }));
  expect(seen.slice(2)).toEqual(seen.slice(0, 2));
});

test("the aggregated client and its callbacks are metered, made early or late", async () => {
  await using provider = await startConverse();
  const early = new BedrockRuntime({
    endpoint: provider.url,
    region: "us-east-1",
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
  });
  await using metered = await meterAt(provider);
  await early.converse(HELLO);
  await new Promise<void>((resolve, reject) => {
    early.converse(HELLO, (error: unknown) => (error == null ? resolve() : reject(error)));
  });
  wrapBedrock(wrapBedrock(early));
  await early.send(new ConverseCommand(HELLO));
  early.destroy();
  const events = await settledEvents(metered);
  // The loopback gives one small number for all of them: they are three bills all the same.
  expect(metered.stats().produced).toBe(3);
  expect(events[0]).toMatchObject({
    units: { text: { input: 20, output: 30 } },
    resourceScope: "datazone.us",
  });
});

test("something else than a Bedrock client is refused with a word on what to do", () => {
  expect(() => wrapBedrock({})).toThrow(/BedrockRuntimeClient or BedrockRuntime/);
});

test("a refusal is thrown before anything is sent, and is not retried", async () => {
  await using provider = await startConverse();
  await using metered = await meterAt(provider);
  const refusal = { limitIds: ["daily"], limits: {} } as never;
  Object.assign(getRuntime() ?? {}, { guard: { authorize: () => ({ refusal, settle: () => undefined }) } });
  const client = clientOf(provider.url, { maxAttempts: 3 });
  const error: unknown = await client.send(new ConverseCommand(HELLO)).catch((thrown: unknown) => thrown);
  client.destroy();
  expect(LimitExceededError.from(error)?.limitIds).toEqual(["daily"]);
  expect(provider.received).toHaveLength(0);
  const [refused] = await settledEvents(metered);
  expect(refused?.properties?.["system.outcome"]).toBe("refused");
});

test("a stream is the SDK's own, and is settled by its end", async () => {
  await using provider = await startStream(converseStream(3));
  const bare = clientOf(provider.url);
  const plain = await collect((await bare.send(new ConverseStreamCommand(HELLO))).stream);
  await using metered = await meterAt(provider);
  const answer = await bare.send(new ConverseStreamCommand(HELLO));
  expect(await collect(answer.stream)).toEqual(plain);
  bare.destroy();
  const [told] = await settledEvents(metered);
  expect(told?.units).toEqual({ text: { input: 20, output: 30 } });
  expect(told?.timeToFirstTokenMs).toBeGreaterThanOrEqual(0);
});

test("a stream that is left early is estimated from what was delivered", async () => {
  await using provider = await startStream(converseStream(50));
  await using metered = await meterAt(provider);
  const client = clientOf(provider.url);
  const { stream = [] } = await client.send(new ConverseStreamCommand(HELLO));
  let seen = 0;
  for await (const _event of stream) {
    seen += 1;
    if (seen === 6) break;
  }
  client.destroy();
  const [told] = await settledEvents(metered);
  expect(told?.properties).toMatchObject({ "system.outcome": "aborted", "system.usage_source": "estimated" });
  expect(told?.units["text"]?.output).toBeGreaterThan(10);
});

test("an exception inside a stream reaches the application and is counted as a failure", async () => {
  const frames = [...converseStream(2).slice(0, 3), exception("throttlingException", "slow down")];
  await using provider = await startStream(frames);
  await using metered = await meterAt(provider);
  const client = clientOf(provider.url);
  const { stream } = await client.send(new ConverseStreamCommand(HELLO));
  await expect(collect(stream)).rejects.toThrow("slow down");
  client.destroy();
  const [told] = await settledEvents(metered);
  expect(told?.properties?.["system.outcome"]).toBe("error");
  expect(told?.properties?.["system.failure"]).toMatch(/[tT]hrottlingException/);
});

test("a stream that breaks off without its terminal event is no short answer", async () => {
  await using provider = await startStream(converseStream(2).slice(0, 3));
  await using metered = await meterAt(provider);
  const client = clientOf(provider.url);
  const { stream } = await client.send(new ConverseStreamCommand(HELLO));
  await collect(stream).catch(() => undefined);
  client.destroy();
  const [told] = await settledEvents(metered);
  expect(told?.properties?.["system.outcome"]).toBe("error");
});

test("retries of the SDK are one call, which tells how many there were", async () => {
  let attempts = 0;
  await using provider = await startHttp2(() => {
    attempts += 1;
    return attempts === 1
      ? { status: 503, headers: JSON_HEADERS, body: Buffer.from('{"message":"busy"}') }
      : { status: 200, headers: JSON_HEADERS, body: Buffer.from(JSON.stringify(ANSWER)) };
  });
  await using metered = await meterAt(provider);
  const client = clientOf(provider.url, { maxAttempts: 2 });
  await client.send(new ConverseCommand(HELLO));
  client.destroy();
  const events = await settledEvents(metered);
  expect(events).toHaveLength(1);
  expect(events[0]?.properties?.["system.attempt"]).toBe("2");
});

test.for([
  { config: {}, sent: "enabled" },
  { config: { awsConfig: { guardrailTrace: false } }, sent: undefined },
])("a guardrail's trace is asked for unless awsConfig says no: $sent", async ({ config, sent }) => {
  await using provider = await startConverse();
  await using _metered = await meterAt(provider, config);
  const client = clientOf(provider.url);
  const guardrailConfig = { guardrailIdentifier: "g", guardrailVersion: "1" };
  await client.send(new ConverseCommand({ ...HELLO, guardrailConfig }));
  await client.send(
    new ConverseCommand({ ...HELLO, guardrailConfig: { ...guardrailConfig, trace: "disabled" } }),
  );
  await client.send(
    new InvokeModelCommand({ modelId: "m", body: "{}", guardrailIdentifier: "g", guardrailVersion: "1" }),
  );
  client.destroy();
  const bodies = provider.received
    .slice(0, 2)
    .map(({ body }) => JSON.parse(body.toString()) as { guardrailConfig: { trace?: string } });
  expect(bodies.map((body) => body.guardrailConfig.trace)).toEqual([sent, "disabled"]);
  expect(provider.received[2]?.headers["x-amzn-bedrock-trace"]).toBe(sent?.toUpperCase());
});

test("the last event of a stream carries the result where the configuration asks for it", async () => {
  await using provider = await startStream(converseStream(2));
  await using _metered = await meterAt(provider, { awsConfig: { addStreamingXproxyResult: true } });
  const client = clientOf(provider.url);
  const events = await collect((await client.send(new ConverseStreamCommand(HELLO))).stream);
  client.destroy();
  const carrying = events.filter((one) => typeof one === "object" && one !== null && "xproxy_result" in one);
  expect(carrying).toEqual([events.at(-1)]);
  expect(carrying[0]).toMatchObject({ xproxy_result: { useCaseName: "tests", cost: { status: "priced" } } });
});

test("a client that was told to send through fetch is counted once", async () => {
  await using provider = await startLoopback((_request, response) => {
    response.writeHead(200, JSON_HEADERS).end(JSON.stringify(ANSWER));
  });
  await using metered = await meterEverything({
    hostMappings: { [provider.host]: { priceAsCategory: "system.aws.bedrock" } },
  });
  const client = clientOf(provider.url, { requestHandler: { handle: sendThroughFetch } as never });
  await client.send(new ConverseCommand(HELLO));
  expect(await settledEvents(metered)).toHaveLength(1);
});

/** What an AWS request handler does, over the global fetch. */
async function sendThroughFetch(request: {
  readonly hostname: string;
  readonly port: number;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}): Promise<unknown> {
  const { hostname, port, path, headers, body } = request;
  const { "content-length": _length, host: _host, ...rest } = headers;
  const response = await fetch(`http://${hostname}:${port}${path}`, { method: "POST", headers: rest, body });
  const answer = new Uint8Array(await response.arrayBuffer());
  return {
    response: { statusCode: response.status, headers: Object.fromEntries(response.headers), body: answer },
  };
}

test("a fault of ours inside a stream is invisible to the application", async () => {
  await using provider = await startStream(converseStream(2));
  await using metered = await meterAt(provider);
  const { openStream } = bedrock;
  const broken = {
    event: () => {
      throw new RangeError("a fault of ours");
    },
    read: () => NOTHING_TOLD,
  };
  Object.assign(bedrock, { openStream: () => broken });
  const client = clientOf(provider.url);
  try {
    const events = await collect((await client.send(new ConverseStreamCommand(HELLO))).stream);
    expect(events).toHaveLength(6);
  } finally {
    Object.assign(bedrock, { openStream });
    client.destroy();
  }
  expect(await settledEvents(metered)).toHaveLength(1);
});

test("a guardrail that stops an answer is served, billed and marked", async () => {
  const frames = [
    event("messageStart", { role: "assistant" }),
    event("messageStop", { stopReason: "guardrail_intervened" }),
    event("metadata", {
      usage: { inputTokens: 0, outputTokens: 0, totalTokens: 0 },
      trace: {
        guardrail: { inputAssessment: { g: { invocationMetrics: { usage: { topicPolicyUnits: 3 } } } } },
      },
    }),
  ];
  const guardrailConfig = { guardrailIdentifier: "g", guardrailVersion: "1" };
  await using provider = await startStream(frames);
  await using metered = await meterAt(provider);
  const client = clientOf(provider.url);
  await collect((await client.send(new ConverseStreamCommand({ ...HELLO, guardrailConfig }))).stream);
  client.destroy();
  const [told] = await settledEvents(metered);
  expect(told?.units).toEqual({ guardrail_topic: { input: 3, output: 0 } });
  expect(told?.properties).toMatchObject({
    "system.outcome": "ok",
    "system.failure": "guardrail_intervened",
    "system.aws.bedrock.guardrail.action": "INTERVENED",
    "system.aws.bedrock.guardrail.id": "g",
    "system.aws.bedrock.guardrail.version": "1",
  });
});

test("a guardrail beside a model's own body is named, and the stack tells where the call was made", async () => {
  await using provider = await startConverse();
  await using metered = await meterAt(provider, { captureStackTrace: true });
  const client = clientOf(provider.url);
  async function askForTrails(): Promise<void> {
    const guardrail = { guardrailIdentifier: "g", guardrailVersion: "2" };
    await client.send(new InvokeModelCommand({ modelId: "m", body: "{}", ...guardrail }));
  }
  await askForTrails();
  client.destroy();
  const [told] = await settledEvents(metered);
  expect(told?.properties).toMatchObject({
    "system.aws.bedrock.guardrail.id": "g",
    "system.aws.bedrock.guardrail.version": "2",
  });
  expect(told?.properties?.["system.stack_trace"]).toContain("askForTrails");
});
