/** Proxy mode against a stand-in for the platform's proxy that keeps every header and answers with a result. */
import AnthropicBedrock from "@anthropic-ai/bedrock-sdk";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI, { AzureOpenAI } from "openai";
import { expect, test } from "vitest";

import { getContext, trackContext } from "../../src/context.ts";
import { LimitExceededError } from "../../src/errors.ts";
import { startInstance } from "../../src/instance.ts";
import { payiAnthropicUrl, payiAwsBedrockUrl, payiOpenaiUrl, createHeaders } from "../../src/proxy-urls.ts";
import { type ResultAbout } from "../../src/results.ts";
import { getRuntime } from "../../src/runtime.ts";
import { xproxyResult } from "../../src/xproxy-result.ts";
import { SILENT, startLoopback } from "../support.ts";
import { CHAT_ANSWER } from "../synthetic.ts";
import { startProvider } from "../transparency/provider.ts";
import { decode, instrument, ours, startProxy } from "./proxy-stand-in.ts";
import { redirectTo } from "./recorded/replay.ts";

const USER = [{ role: "user" as const, content: "hello" }];
test("an OpenAI call goes to the proxy with every part of its context, and nothing is reported beside it", async () => {
  await using proxy = await startProxy();
  await using _instrumented = instrument(proxy);
  const client = new OpenAI({ apiKey: "sk-provider", maxRetries: 0 });
  const context = {
    useCaseVersion: 3,
    useCaseStep: "plan",
    useCaseProperties: { tier: "gold", gone: null },
    requestProperties: { place: "Zürich" },
    limitIds: ["daily", "team"],
    userId: "jane",
    accountName: "acme",
    priceAsCategory: "system.azureopenai",
    priceAsResource: "gpt-4o",
    resourceScope: "datazone",
  };
  const answer = await trackContext(context, () =>
    client.chat.completions.create({ model: "gpt-5", messages: USER }),
  );
  const [request, ...more] = proxy.received;
  expect(more).toEqual([]);
  expect(request?.url).toBe("/api/v1/proxy/openai/v1/chat/completions");
  expect(request?.headers.authorization).toBe("Bearer sk-provider");
  const {
    "xproxy-usecase-properties": useCase,
    "xproxy-request-properties": properties,
    ...rest
  } = ours(request);
  expect(decode(useCase)).toEqual({ tier: "gold", gone: null });
  expect(decode(properties)).toEqual({ place: "Zürich" });
  expect(rest).toEqual({
    "xproxy-api-key": "payi-key",
    "xproxy-limit-ids": "daily,team",
    "xproxy-usecase-name": "tests",
    "xproxy-usecase-id": "run-1",
    "xproxy-usecase-version": "3",
    "xproxy-usecase-step": "plan",
    "xproxy-user-id": "jane",
    "xproxy-account-name": "acme",
    "xproxy-priceas-category": "system.azureopenai",
    "xproxy-priceas-resource": "gpt-4o",
    "xproxy-resource-scope": "datazone",
    "xproxy-logging-disable": "True",
  });
  expect(xproxyResult(answer)?.cost?.total).toBe(29_000_000_000_000n);
  expect(getContext().lastResult?.limits).toEqual({ daily: { state: "ok" } });
});

test("prompts may be kept where that was asked for", async () => {
  await using proxy = await startProxy();
  await using _instrumented = instrument(proxy, { logPromptAndResponse: true });
  await new OpenAI({ apiKey: "k" }).chat.completions.create({ model: "gpt-5", messages: USER });
  expect(ours(proxy.received[0])["xproxy-logging-disable"]).toBeUndefined();
});

test("each provider has its route, and a host that is not the proxy's default is named", async () => {
  await using proxy = await startProxy();
  await using _instrumented = instrument(proxy, {
    config: { openaiConfig: { modelMappings: [{ model: "llama", priceAsResource: "llama-3" }] } },
  });
  const body = { model: "claude-sonnet-4-6", max_tokens: 9, messages: USER };
  await new Anthropic({ apiKey: "k" }).messages.create(body);
  await new Anthropic({ apiKey: "k", baseURL: "https://gateway.example/anthropic" }).messages.create(body);
  await new Anthropic({
    apiKey: "k",
    baseURL: "https://res.services.ai.azure.com/anthropic",
  }).messages.create(body);
  await new OpenAI({ apiKey: "k" }).responses.create({ model: "gpt-5", input: "hi" });
  await new OpenAI({
    apiKey: "k",
    baseURL: "https://ws.cloud.databricks.com/serving-endpoints",
  }).chat.completions.create({ model: "llama", messages: USER });
  await new AzureOpenAI({
    apiKey: "azure-key",
    endpoint: "https://res.openai.azure.com",
    apiVersion: "2024-10-21",
    deployment: "mine",
  }).chat.completions.create({ model: "mine", messages: USER });
  expect(
    proxy.received.map((request) => [
      request.url,
      request.headers["xproxy-provider-baseuri"],
      request.headers["xproxy-priceas-category"],
      request.headers["xproxy-priceas-resource"],
    ]),
  ).toEqual([
    ["/api/v1/proxy/anthropic/v1/messages", undefined, undefined, undefined],
    ["/api/v1/proxy/anthropic/v1/messages", "https://gateway.example/anthropic", undefined, undefined],
    [
      "/api/v1/proxy/azure.anthropic/v1/messages",
      "https://res.services.ai.azure.com/anthropic",
      undefined,
      "claude-sonnet-4-6",
    ],
    ["/api/v1/proxy/openai/v1/responses", undefined, undefined, undefined],
    [
      "/api/v1/proxy/openai/v1/chat/completions",
      "https://ws.cloud.databricks.com/serving-endpoints",
      "system.databricks.aws",
      // OpenAI's client asks there, so its section names the resource.
      "llama-3",
    ],
    [
      "/api/v1/proxy/azure.openai/openai/deployments/mine/chat/completions?api-version=2024-10-21",
      "https://res.openai.azure.com",
      undefined,
      undefined,
    ],
  ]);
  expect(proxy.received[5]?.headers["api-key"]).toBe("azure-key");
});

test("a signed Bedrock request keeps path, body and signed headers, and the host is left to the proxy", async () => {
  await using proxy = await startProxy();
  await using _instrumented = instrument(proxy);
  const body = JSON.stringify({ anthropic_version: "bedrock-2023-05-31", max_tokens: 9, messages: USER });
  await fetch(
    "https://bedrock-runtime.us-east-1.amazonaws.com/model/anthropic.claude-sonnet-4-6-v1%3A0/invoke",
    {
      method: "POST",
      headers: {
        host: "bedrock-runtime.us-east-1.amazonaws.com",
        authorization: "AWS4-HMAC-SHA256 Credential=x",
        "x-amz-date": "20261121T000000Z",
        "content-type": "application/json",
      },
      body,
    },
  );
  const [request] = proxy.received;
  expect(request).toMatchObject({
    url: "/api/v1/proxy/aws.bedrock/model/anthropic.claude-sonnet-4-6-v1%3A0/invoke",
    body,
    headers: {
      host: proxy.host,
      authorization: "AWS4-HMAC-SHA256 Credential=x",
      "x-amz-date": "20261121T000000Z",
      "xproxy-provider-baseuri": "https://bedrock-runtime.us-east-1.amazonaws.com",
    },
  });
});

test("what an SDK has signed for AWS was sent to the proxy, which may not hand it on: it goes straight there", async () => {
  await using proxy = await startProxy();
  await using provider = await startProvider();
  using _redirected = redirectTo(provider);
  const warnings: string[] = [];
  const logger = { ...SILENT, warn: (message: string) => void warnings.push(message) };
  await using _instrumented = instrument(proxy, { logger });
  const client = new AnthropicBedrock({ awsAccessKey: "AKIA", awsSecretKey: "s", awsRegion: "us-east-1" });
  const message = { model: "anthropic.claude-sonnet-4-6-v1:0", max_tokens: 9, messages: USER };
  await client.messages.create(message, { headers: { "xProxy-User-ID": "omar" } });
  const proxied = (): string[] =>
    proxy.received.map(({ url }) => url).filter((url) => url.includes("/proxy/"));
  expect(proxied()).toEqual([]);
  expect(provider.received.map(({ headers }) => headers["xproxy-user-id"])).toEqual(["omar"]);
  expect(getRuntime()?.queue.stats.produced).toBe(1);
  expect(warnings.join()).toContain("trackContext()");
});

test("streams carry their result in an event, and the application reads them as it would without us", async () => {
  const heard: ResultAbout[] = [];
  await using proxy = await startProxy();
  await using _instrumented = instrument(proxy, { onResult: (_result, about) => heard.push(about) });
  const stream = await new OpenAI({ apiKey: "k" }).chat.completions.create({
    model: "gpt-5",
    messages: USER,
    stream: true,
  });
  let words = "";
  for await (const chunk of stream) words += chunk.choices[0]?.delta.content ?? "";
  expect(words).toBe("word 0 word 1 word 2 ");
  expect(xproxyResult(stream)?.requestId).toBe("5673972");
  const message = await new Anthropic({ apiKey: "k" }).messages
    .stream({ model: "claude-sonnet-4-6", max_tokens: 9, messages: USER })
    .finalMessage();
  expect(xproxyResult(message)?.requestId).toBe("5673972");
  expect(heard).toMatchObject([
    { category: "system.openai", responseId: "chatcmpl-n2", source: "platform" },
    { category: "system.anthropic", responseId: "msg_1", source: "platform" },
  ]);
  expect(proxy.received[0]?.body).not.toContain("stream_options");
});

test("a refusal of the proxy looks like a refusal without it", async () => {
  await using proxy = await startProxy();
  await using _instrumented = instrument(proxy);
  proxy.blocked = true;
  const refused: unknown = await new OpenAI({ apiKey: "k", maxRetries: 2 }).chat.completions
    .create({ model: "gpt-5", messages: USER })
    .catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(OpenAI.PermissionDeniedError);
  expect(LimitExceededError.from(refused)?.limitIds).toEqual(["daily"]);
  expect(proxy.received).toHaveLength(1);
});

test("headers of one call beat the context, and what is to be forwarded is", async () => {
  await using proxy = await startProxy();
  await using _instrumented = instrument(proxy);
  await new OpenAI({ apiKey: "k" }).chat.completions.create(
    { model: "gpt-5", messages: USER },
    { headers: { "xProxy-User-ID": "omar", "xProxy-Forward-OpenAI-Beta": "x=1", "xProxy-Limit-IDs": "" } },
  );
  expect(ours(proxy.received[0])).toMatchObject({
    "xproxy-user-id": "omar",
    "xproxy-forward-openai-beta": "x=1",
  });
  expect(ours(proxy.received[0])["xproxy-limit-ids"]).toBeUndefined();
});

test("a client that points at the proxy by itself gets its headers, and a call counts for its instance", async () => {
  await using proxy = await startProxy();
  await using _instrumented = instrument(proxy);
  const client = new OpenAI({ apiKey: "k", baseURL: payiOpenaiUrl() });
  const instance = startInstance({ name: "by_hand", kpis: false });
  await instance.run(() => client.chat.completions.create({ model: "gpt-5", messages: USER }));
  expect(proxy.received[0]?.url).toBe("/api/v1/proxy/openai/v1/chat/completions");
  expect(ours(proxy.received[0])).toMatchObject({
    "xproxy-usecase-name": "by_hand",
    "xproxy-usecase-id": instance.id,
  });
});

test("one frame can use the proxy while the rest does not, and what has no route is metered here", async () => {
  await using proxy = await startProxy();
  await using provider = await startLoopback((_request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(CHAT_ANSWER));
  });
  await using _instrumented = instrument(proxy, { config: { proxy: false } });
  const client = new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1` });
  await client.chat.completions.create({ model: "gpt-5", messages: USER });
  expect(provider.received).toHaveLength(1);
  await trackContext({ proxy: true }, () =>
    client.chat.completions.create({ model: "gpt-5", messages: USER }),
  );
  const proxied = proxy.received.filter(({ url }) => url.includes("/proxy/"));
  expect([provider.received.length, proxied.length]).toEqual([1, 1]);
  await trackContext({ proxy: true }, () => client.moderations.create({ input: "hi" }));
  expect(provider.received).toHaveLength(2);
});

test("base URLs and headers for clients that are set up by hand", () => {
  expect(payiOpenaiUrl("http://p")).toBe("http://p/api/v1/proxy/openai/v1");
  expect(payiAnthropicUrl("http://p")).toBe("http://p/api/v1/proxy/anthropic");
  expect(payiAwsBedrockUrl("http://p")).toBe("http://p/api/v1/proxy/aws.bedrock");
  expect(createHeaders({ limitIds: ["a", "b"], userId: "jane", logPromptAndResponse: false })).toEqual({
    "xproxy-limit-ids": "a,b",
    "xproxy-user-id": "jane",
    "xproxy-logging-disable": "True",
  });
});
