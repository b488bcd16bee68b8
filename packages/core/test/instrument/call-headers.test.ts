/** Pay-i's headers among the per-request headers of every SDK that has such. */
import AnthropicBedrock from "@anthropic-ai/bedrock-sdk";
import AnthropicFoundry from "@anthropic-ai/foundry-sdk";
import Anthropic from "@anthropic-ai/sdk";
import { AnthropicVertex } from "@anthropic-ai/vertex-sdk";
import { GoogleGenAI } from "@google/genai";
import EarlyAnthropic from "anthropic-0";
import { GoogleGenAI as FirstGenAI } from "genai-1";
import { GoogleGenAI as SecondGenAI } from "genai-2";
import OpenAI, { AzureOpenAI } from "openai";
import OpenAI5 from "openai-5";
import OpenAI6 from "openai-6";
import { expect, test } from "vitest";

import { trackContext } from "../../src/context.ts";
import { type Loopback, SILENT, settledEvents, startLoopback } from "../support.ts";
import { CHAT_ANSWER, MESSAGE_ANSWER } from "../synthetic.ts";
import { meterEverything, redirectTo } from "./recorded/replay.ts";

type Headers_ = Record<string, string>;
type Ask = (headers: Headers_) => Promise<unknown>;

const USER = [{ role: "user" as const, content: "hello" }];
const CHAT = { model: "gpt-5", messages: USER };
const MESSAGE = { model: "claude-sonnet-4-6", max_tokens: 9, messages: USER };
const GEMINI_ANSWER = {
  responseId: "g_1",
  candidates: [{ content: { role: "model", parts: [{ text: "Moab" }] }, finishReason: "STOP" }],
  usageMetadata: { promptTokenCount: 9, candidatesTokenCount: 12, totalTokenCount: 21 },
};

/** Stands for a Google login. */
const googleAuth = {
  getClient: () =>
    Promise.resolve({
      projectId: "p",
      getRequestHeaders: () => Promise.resolve(new Headers({ authorization: "Bearer x" })),
    }),
};

function generate(client: GoogleGenAI, headers: Headers_): Promise<unknown> {
  const config = { httpOptions: { headers } };
  return client.models.generateContent({ model: "gemini-2.5-flash", contents: "hello", config });
}

const SDKS: readonly (readonly [name: string, ask: Ask])[] = [
  ["openai 7", (headers) => new OpenAI({ apiKey: "k" }).chat.completions.create(CHAT, { headers })],
  ["openai 6", (headers) => new OpenAI6({ apiKey: "k" }).chat.completions.create(CHAT, { headers })],
  ["openai 5", (headers) => new OpenAI5({ apiKey: "k" }).chat.completions.create(CHAT, { headers })],
  [
    "openai, Azure",
    (headers) =>
      new AzureOpenAI({
        apiKey: "k",
        endpoint: "https://r.openai.azure.com",
        apiVersion: "2024-10-21",
      }).chat.completions.create(CHAT, { headers }),
  ],
  [
    "openai, Databricks",
    (headers) =>
      new OpenAI({
        apiKey: "k",
        baseURL: "https://w.cloud.databricks.com/serving-endpoints",
      }).chat.completions.create(CHAT, { headers }),
  ],
  ["anthropic 1", (headers) => new Anthropic({ apiKey: "k" }).messages.create(MESSAGE, { headers })],
  [
    "anthropic 1, stream helper",
    (headers) => new Anthropic({ apiKey: "k" }).messages.stream(MESSAGE, { headers }).finalMessage(),
  ],
  ["anthropic 0.60", (headers) => new EarlyAnthropic({ apiKey: "k" }).messages.create(MESSAGE, { headers })],
  [
    "anthropic, Foundry",
    (headers) => new AnthropicFoundry({ apiKey: "k", resource: "r" }).messages.create(MESSAGE, { headers }),
  ],
  [
    "anthropic, Vertex",
    (headers) =>
      new AnthropicVertex({
        region: "us-east5",
        projectId: "p",
        googleAuth: googleAuth as never,
      }).messages.create(MESSAGE, { headers }),
  ],
  ["genai 3", (headers) => generate(new GoogleGenAI({ apiKey: "k" }), headers)],
  ["genai 2", (headers) => generate(new SecondGenAI({ apiKey: "k" }) as never, headers)],
  ["genai 1", (headers) => generate(new FirstGenAI({ apiKey: "k" }) as never, headers)],
];

function startProvider(): Promise<Loopback> {
  return startLoopback(({ url, body }, response) => {
    const answer = url.includes("generateContent")
      ? GEMINI_ANSWER
      : /messages|rawPredict|invoke/.test(url)
        ? MESSAGE_ANSWER
        : CHAT_ANSWER;
    if (body.includes('"stream":true')) {
      const start = { type: "message_start", message: { ...MESSAGE_ANSWER, content: [] } };
      const events = [start, { type: "message_stop" }];
      response.setHeader("content-type", "text/event-stream");
      response.end(events.map((one) => `event: ${one.type}\ndata: ${JSON.stringify(one)}\n\n`).join(""));
      return;
    }
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(answer));
  });
}

function ours(provider: Loopback): readonly string[] {
  return provider.received.flatMap(({ headers }) =>
    Object.keys(headers).filter((name) => /^x-?(?:proxy|payi)/.test(name)),
  );
}

test.for(SDKS)(
  "%s: headers of one call beat the context, and none leaves for the provider",
  async ([, ask]) => {
    await using provider = await startProvider();
    using _redirected = redirectTo(provider);
    await using metered = await meterEverything();
    const properties = Buffer.from('{"team":"blue"}').toString("base64");
    await trackContext({ userId: "jane", accountName: "acme", requestProperties: { env: "test" } }, () =>
      ask({
        "xProxy-User-ID": "omar",
        "xProxy-Account-Name": "",
        "xProxy-Limit-IDs": "a, b",
        "xProxy-UseCase-Name": "inner",
        "xProxy-Request-Properties": properties,
        "xProxy-api-key": "a key",
      }),
    );
    const [event] = await settledEvents(metered);
    expect(event).toMatchObject({
      userId: "omar",
      limitIds: ["a", "b"],
      useCaseName: "inner",
      properties: { team: "blue" },
    });
    expect(event?.accountName).toBeUndefined();
    expect(event?.properties).not.toHaveProperty("env");
    expect(ours(provider)).toEqual([]);
  },
);

test.for([
  ['{"team":"blue"}', { team: "blue" }],
  ["", undefined],
  ["no properties", { env: "test" }],
  ['{"team":5}', { team: "5" }],
] as const)(
  "properties of one call, %j, replace the context's where they can be read",
  async ([header, told]) => {
    await using provider = await startProvider();
    using _redirected = redirectTo(provider);
    await using metered = await meterEverything();
    await trackContext({ useCaseName: "trails", useCaseProperties: { env: "test" } }, () =>
      new OpenAI({ apiKey: "k" }).chat.completions.create(CHAT, {
        headers: { "xProxy-UseCase-Properties": header },
      }),
    );
    const [event] = await settledEvents(metered);
    expect(event?.useCaseProperties).toEqual(told);
  },
);

test("a use case that a call clears takes what belongs to it along", async () => {
  await using provider = await startProvider();
  using _redirected = redirectTo(provider);
  await using metered = await meterEverything();
  await trackContext({ useCaseStep: "one", useCaseProperties: { tier: "gold" } }, () =>
    new OpenAI({ apiKey: "k" }).chat.completions.create(CHAT, { headers: { "xProxy-UseCase-Name": "" } }),
  );
  const [event] = await settledEvents(metered);
  const { useCaseName, useCaseId, useCaseStep, useCaseProperties } = event ?? {};
  expect([useCaseName, useCaseId, useCaseStep, useCaseProperties]).toEqual(Array(4).fill(undefined));
});

test("what an SDK has signed for AWS stays as it was signed, still counts, and is warned of", async () => {
  await using provider = await startProvider();
  using _redirected = redirectTo(provider);
  const warnings: string[] = [];
  const logger = { ...SILENT, warn: (message: string) => void warnings.push(message) };
  await using metered = await meterEverything({}, { logger });
  const client = new AnthropicBedrock({ awsAccessKey: "AKIA", awsSecretKey: "s", awsRegion: "us-east-1" });
  await client.messages.create(MESSAGE, { headers: { "xProxy-User-ID": "omar" } });
  const headers = provider.received[0]?.headers ?? {};
  const signed = /SignedHeaders=([^,]+)/.exec(headers.authorization ?? "")?.[1]?.split(";") ?? [];
  expect(signed).toContain("xproxy-user-id");
  expect(signed.filter((name) => headers[name] === undefined)).toEqual([]);
  expect(warnings.join()).toContain("trackContext()");
  const [event] = await settledEvents(metered);
  expect(event?.userId).toBe("omar");
});
