/** Bedrock's own client through the platform's proxy (contract 7.1): signed for AWS, sent to the platform. */
import {
  ApplyGuardrailCommand,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from "@aws-sdk/client-bedrock-runtime";
import { afterAll, beforeEach, expect, test } from "vitest";

import { getContext, trackContext } from "../../src/context.ts";
import { LimitExceededError } from "../../src/errors.ts";
import { startInstance } from "../../src/instance.ts";
import { getRuntime } from "../../src/runtime.ts";
import { converseStream, event } from "../aws-frames.ts";
import { SILENT, startLoopback } from "../support.ts";
import { decode, instrument, ours } from "./proxy-stand-in.ts";
import { clientOf, startHttp2 } from "./recorded/bedrock-loopback.ts";

const MODEL = "us.amazon.nova-micro-v1:0";
const messages = [{ role: "user" as const, content: [{ text: "Plan a day near Möab." }] }];
const RESULT = { request_id: "9", cost: { currency: "usd", total: { base: 0.000029 } }, limits: {} };
const ANSWER = {
  output: { message: { role: "assistant", content: [{ text: "Go to Moab." }] } },
  stopReason: "end_turn",
  usage: { inputTokens: 20, outputTokens: 30, totalTokens: 50 },
};
const BLOCKED = {
  statusCode: 400,
  message: "Bad Request",
  xproxy_error: { code: "limit_reached", message: "Insufficient limit for the requested operation" },
  xproxy_result: { request_id: "1", limits: { daily: { state: "blocked" } }, blocked_limit_ids: ["daily"] },
};

const state = { blocked: false, failing: 0, silent: false };
beforeEach(() => Object.assign(state, { blocked: false, failing: 0, silent: false }));

const chunk = (body: object): Buffer =>
  event("chunk", { bytes: Buffer.from(JSON.stringify(body)).toString("base64") });

/** The proxy: adds its result to what Bedrock would answer. */
const proxy = await startLoopback(({ url }, response) => {
  const headers = { "content-type": "application/json", "x-amzn-requestid": "request-1" };
  if (state.silent) return;
  if (state.failing > 0) {
    state.failing -= 1;
    response.writeHead(503, { ...headers, "x-amzn-errortype": "ServiceUnavailableException" }).end("{}");
  } else if (state.blocked) {
    response.writeHead(400, headers).end(JSON.stringify(BLOCKED));
  } else if (url.endsWith("stream")) {
    response.writeHead(200, { ...headers, "content-type": "application/vnd.amazon.eventstream" });
    const usage = { inputTokens: 20, outputTokens: 30, totalTokens: 50 };
    const frames = url.includes("converse")
      ? [...converseStream(2).slice(0, -1), event("metadata", { usage, xproxy_result: RESULT })]
      : [
          chunk({ outputText: "Go." }),
          chunk({
            "amazon-bedrock-invocationMetrics": { inputTokenCount: 20, outputTokenCount: 30 },
            xproxy_result: RESULT,
          }),
        ];
    response.end(Buffer.concat(frames));
  } else if (url.includes("/proxy/")) {
    response.writeHead(200, headers).end(JSON.stringify({ ...ANSWER, xproxy_result: RESULT }));
  } else {
    response.writeHead(200, headers).end('{"request_id":"b","results":[]}');
  }
});
afterAll(() => proxy[Symbol.asyncDispose]());

/** AWS, which must not hear of anything that goes through the proxy. */
const aws = await startHttp2(() => ({
  status: 200,
  headers: { "content-type": "application/json", "x-amzn-requestid": "direct" },
  body: Buffer.from(JSON.stringify(ANSWER)),
}));
afterAll(() => aws[Symbol.asyncDispose]());

test("the request is what would have been signed and sent, with Pay-i's headers beside it", async () => {
  const client = clientOf(aws.url);
  await client.send(new ConverseCommand({ modelId: MODEL, messages }));
  const direct = aws.received.at(-1);
  const before = proxy.received.length;
  await using _instrumented = instrument(proxy, { config: { limitIds: ["daily"] } });
  const properties = { plan: "größer" };
  await trackContext({ userId: "jane", requestProperties: properties }, () =>
    client.send(new ConverseCommand({ modelId: MODEL, messages })),
  );
  client.destroy();
  const [sent, ...more] = proxy.received.slice(before);
  expect(more).toEqual([]);
  expect(aws.received).toHaveLength(1);
  expect(sent?.url).toBe(`/api/v1/proxy/aws.bedrock${direct?.path ?? ""}`);
  expect(sent?.body).toBe(direct?.body.toString());
  const signed = (authorization: unknown): string =>
    /SignedHeaders=([^,]+)/.exec(String(authorization))?.[1] ?? "none";
  expect(signed(sent?.headers.authorization)).toBe(signed(direct?.headers["authorization"]));
  // Host and authority are the proxy's to put back; every other header that was signed has to arrive.
  const names = signed(sent?.headers.authorization).split(";");
  const missing = names.filter((name) => sent?.headers[name] === undefined);
  expect(missing.filter((name) => name !== ":authority" && name !== "host")).toEqual([]);
  expect(sent?.headers["x-amz-content-sha256"]).toBe(direct?.headers["x-amz-content-sha256"]);
  const { "xproxy-request-properties": sentProperties, ...rest } = ours(sent);
  expect(decode(sentProperties)).toEqual(properties);
  expect(rest).toEqual({
    "xproxy-api-key": "payi-key",
    "xproxy-provider-baseuri": aws.url,
    "xproxy-limit-ids": "daily",
    "xproxy-usecase-name": "tests",
    "xproxy-usecase-id": "run-1",
    "xproxy-user-id": "jane",
    "xproxy-logging-disable": "True",
  });
});

test("answers are the SDK's own, and the platform's result is found by them; nothing is reported twice", async () => {
  await using _instrumented = instrument(proxy);
  const client = clientOf(aws.url);
  const instance = startInstance({ name: "trail_finder", kpis: false });
  const answer = await instance.run(() => client.send(new ConverseCommand({ modelId: MODEL, messages })));
  expect(answer.output?.message?.content).toEqual([{ text: "Go to Moab." }]);
  expect(getContext().lastResult?.requestId).toBe("9");
  const invoked = await client.send(new InvokeModelCommand({ modelId: MODEL, body: '{"a":1}' }));
  expect(JSON.parse(invoked.body.transformToString())).toMatchObject({ stopReason: "end_turn" });
  client.destroy();
  expect(getRuntime()?.queue.stats.produced).toBe(0);
});

test("the result is read from binary streams, which stay the SDK's", async () => {
  await using _instrumented = instrument(proxy);
  const client = clientOf(aws.url);
  const conversed = await client.send(new ConverseStreamCommand({ modelId: MODEL, messages }));
  let text = "";
  for await (const part of conversed.stream ?? []) text += part.contentBlockDelta?.delta?.text ?? "";
  expect(text).toBe("word 0 of the answer word 1 of the answer ");
  expect(getRuntime()?.answers.resultOf("request-1")?.requestId).toBe("9");
  const streamed = await client.send(
    new InvokeModelWithResponseStreamCommand({ modelId: MODEL, body: '{"inputText":"hi"}' }),
  );
  const chunks: string[] = [];
  for await (const part of streamed.body ?? []) chunks.push(new TextDecoder().decode(part.chunk?.bytes));
  client.destroy();
  expect(chunks).toHaveLength(2);
  expect(getContext().lastResult?.requestId).toBe("9");
});

test("a refusal of the proxy is the limit's error, thrown once and never repeated", async () => {
  await using _instrumented = instrument(proxy);
  state.blocked = true;
  const before = proxy.received.length;
  const client = clientOf(aws.url, { maxAttempts: 3 });
  const error: unknown = await client
    .send(new ConverseCommand({ modelId: MODEL, messages }))
    .catch((thrown: unknown) => thrown);
  client.destroy();
  expect(LimitExceededError.from(error)?.limitIds).toEqual(["daily"]);
  expect(proxy.received).toHaveLength(before + 1);
});

test("the SDK repeats what failed behind the proxy, signed anew, and what has no route goes straight to AWS", async () => {
  await using _instrumented = instrument(proxy);
  state.failing = 1;
  const [before, direct] = [proxy.received.length, aws.received.length];
  const client = clientOf(aws.url, { maxAttempts: 2 });
  const answer = await client.send(new ConverseCommand({ modelId: MODEL, messages }));
  expect(answer.$metadata.attempts).toBe(2);
  expect(proxy.received).toHaveLength(before + 2);
  await client.send(
    new ApplyGuardrailCommand({
      guardrailIdentifier: "g",
      guardrailVersion: "1",
      source: "INPUT",
      content: [{ text: { text: "hi" } }],
    }),
  );
  client.destroy();
  expect(aws.received).toHaveLength(direct + 1);
});

test("the application's signal and its timeout end a call behind the proxy too", async () => {
  await using _instrumented = instrument(proxy);
  state.silent = true;
  const client = clientOf(aws.url);
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 20);
  const command = new ConverseCommand({ modelId: MODEL, messages });
  const nameOf = async (options: object): Promise<unknown> =>
    client.send(command, options).catch((error: unknown) => (error as Error).name);
  expect(await nameOf({ abortSignal: abort.signal })).toBe("AbortError");
  expect(await nameOf({ requestTimeout: 20 })).toBe("TimeoutError");
  client.destroy();
});

/** The application's own middleware, which says whom the call is for. */
const saying = (headers: Record<string, string>): never =>
  ((next: (given: { request: { headers: object } }) => unknown) =>
    (given: { request: { headers: object } }) => {
      Object.assign(given.request.headers, headers);
      return next(given);
    }) as never;

test("headers for the platform that the application's middleware adds were signed for AWS, which then refused", async () => {
  await using _instrumented = instrument(proxy);
  const client = clientOf(aws.url);
  client.middlewareStack.add(saying({ "xProxy-User-ID": "omar", "xProxy-Forward-X-Trace": "7" }), {
    step: "build",
  });
  const [before, direct] = [proxy.received.length, aws.received.length];
  await trackContext({ userId: "jane" }, () =>
    client.send(new ConverseCommand({ modelId: MODEL, messages })),
  );
  client.destroy();
  const [sent] = proxy.received.slice(before);
  expect(aws.received).toHaveLength(direct);
  expect(String(sent?.headers.authorization)).toContain("SignedHeaders=");
  expect(String(sent?.headers.authorization)).not.toContain("xproxy");
  expect(ours(sent)).toMatchObject({ "xproxy-user-id": "omar", "xproxy-forward-x-trace": "7" });
});

test("what is signed all the same goes where it was signed for, and that is said", async () => {
  const warnings: string[] = [];
  const logger = { ...SILENT, warn: (message: string) => void warnings.push(message) };
  await using _instrumented = instrument(proxy, { logger });
  const client = clientOf(aws.url);
  client.middlewareStack.addRelativeTo(saying({ "xProxy-User-ID": "omar" }), {
    relation: "before",
    toMiddleware: "httpSigningMiddleware",
  });
  const [before, direct] = [proxy.received.length, aws.received.length];
  const answer = await client.send(new ConverseCommand({ modelId: MODEL, messages }));
  client.destroy();
  expect(answer.output?.message?.content).toEqual([{ text: "Go to Moab." }]);
  expect(proxy.received).toHaveLength(before);
  expect(aws.received.slice(direct)).toMatchObject([{ headers: { "xproxy-user-id": "omar" } }]);
  expect(warnings.join()).toContain("straight to AWS");
});
