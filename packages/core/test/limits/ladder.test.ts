/** Degrade instead of deny: what leaves the process once a step of a ladder is reached. */
import Anthropic from "@anthropic-ai/sdk";
import { ConverseCommand, InvokeModelCommand } from "@aws-sdk/client-bedrock-runtime";
import { GoogleGenAI } from "@google/genai";
import fc from "fast-check";
import OpenAI from "openai";
import { describe, expect, test } from "vitest";

import { LimitExceededError } from "../../src/errors.ts";
import { planChange } from "../../src/limits/ladder-plan.ts";
import { reachedSteps } from "../../src/limits/ladder.ts";
import { USD } from "../../src/money.ts";
import { type LadderStep } from "../../src/wire/limit-policy.ts";
import { clientOf, startHttp2 } from "../instrument/recorded/bedrock-loopback.ts";
import { type Loopback, startLoopback } from "../support.ts";
import { type Limited, blockLimit, limited } from "./limited.ts";

const USER = [{ role: "user" as const, content: "Find me a trail near Moab, Utah." }];
const SMALLER: LadderStep = { at: 0, action: "switch_model", model: "gpt-5-mini", from: "gpt-5" };
const SHORTER: LadderStep = { at: 0, action: "cap_output", maxOutputTokens: 64 };

async function startProvider(): Promise<Loopback> {
  return startLoopback((request, response) => {
    const { model = "gemini-2.5-flash" } = JSON.parse(request.body) as { model?: string };
    response.setHeader("content-type", "application/json");
    const usage = { prompt_tokens: 1_000, completion_tokens: 100, input_tokens: 1_000, output_tokens: 100 };
    const usageMetadata = { promptTokenCount: 1_000, candidatesTokenCount: 100, totalTokenCount: 1_100 };
    const id = `a${crypto.randomUUID()}`;
    response.end(
      JSON.stringify({
        id,
        responseId: id,
        model,
        choices: [],
        content: [],
        candidates: [],
        usage,
        usageMetadata,
      }),
    );
  });
}

async function run(
  provider: Pick<Loopback, "host">,
  category: string,
  ladder: readonly LadderStep[],
  call: () => Promise<unknown>,
): Promise<{
  readonly process: Limited;
  readonly properties: Record<string, string | null>;
  readonly resource: string | undefined;
}> {
  await using process = await limited([blockLimit("daily", { max: 100n * USD, ladder })], {
    [provider.host]: category,
  });
  await call();
  await process.flush({ timeoutMs: 30_000 });
  const [event] = process.platform.events;
  return { process, properties: { ...event?.properties }, resource: event?.resource };
}

function sent(provider: Loopback): Record<string, unknown> {
  return JSON.parse(provider.received.at(-1)?.body ?? "{}") as Record<string, unknown>;
}

test("a smaller model is asked instead, priced as itself, and the event tells what that saved", async () => {
  await using provider = await startProvider();
  const client = (): OpenAI => new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1` });
  const { properties, resource } = await run(provider, "system.openai", [SMALLER], () =>
    client().chat.completions.create({ model: "gpt-5", messages: USER, max_completion_tokens: 200 }),
  );
  expect(sent(provider)).toMatchObject({ model: "gpt-5-mini", max_completion_tokens: 200 });
  expect(resource).toBe("gpt-5-mini");
  // gpt-5 $1.25 and $10, gpt-5-mini $0.25 and $2 per million: 0.00225 − 0.00045.
  expect(properties).toMatchObject({
    "system.ladder": "switch_model",
    "system.ladder_limits": "daily",
    "system.ladder_model_before": "gpt-5",
    "system.ladder_saved": "0.0018",
    "system.ladder_steps": '[["daily",0,"switch_model","0.0018"]]',
  });
});

test("each step tells what it saved: a chain of switches in parts, a cap at most what it cut off, a warning nothing", async () => {
  await using provider = await startProvider();
  const client = (): OpenAI => new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1` });
  const ladder: readonly LadderStep[] = [
    { at: 0, action: "warn" },
    SMALLER,
    { at: 0, action: "switch_model", model: "gpt-5-nano", from: "gpt-5-mini" },
    { at: 0, action: "switch_model", model: "o3", from: "gpt-4o" },
    { at: 0, action: "cap_output", maxOutputTokens: 100 },
    { at: 0, action: "cap_output", maxOutputTokens: 150 },
  ];
  const { properties } = await run(provider, "system.openai", ladder, () =>
    client().chat.completions.create({ model: "gpt-5", messages: USER, max_completion_tokens: 200 }),
  );
  expect(sent(provider)).toMatchObject({ model: "gpt-5-nano", max_completion_tokens: 100 });
  // 1,000 in and 100 out, which is all that the cap left of 200: nano is $0.05 and $0.40 per million.
  expect(JSON.parse(properties["system.ladder_steps"] ?? "")).toEqual([
    ["daily", 0, "warn", "0"],
    ["daily", 0, "switch_model", "0.0018"],
    ["daily", 0, "switch_model", "0.00036"],
    ["daily", 0, "cap_output", "0.00004", "at_most"],
  ]);
  expect(properties["system.ladder_saved"]).toBe("0.00216");
});

test("a cap that an answer does not come to has saved nothing", async () => {
  await using provider = await startProvider();
  const client = (): OpenAI => new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1` });
  const { properties } = await run(
    provider,
    "system.openai",
    [{ at: 0, action: "cap_output", maxOutputTokens: 101 }],
    () => client().chat.completions.create({ model: "gpt-5", messages: USER }),
  );
  expect(properties["system.ladder_steps"]).toBe('[["daily",0,"cap_output","0"]]');
});

describe("a cap on output stands where each API has it", () => {
  test("openai chat and responses", async () => {
    await using provider = await startProvider();
    const client = (): OpenAI => new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1` });
    await run(provider, "system.openai", [SHORTER], () =>
      client().chat.completions.create({ model: "gpt-5", messages: USER, max_completion_tokens: 200 }),
    );
    expect(sent(provider)).toMatchObject({ model: "gpt-5", max_completion_tokens: 64 });
    await run(provider, "system.openai", [SHORTER], () =>
      client().responses.create({ model: "gpt-5", input: "hi" }),
    );
    expect(sent(provider)).toMatchObject({ max_output_tokens: 64 });
  });

  test("anthropic, and a smaller bound of the request's own stays", async () => {
    await using provider = await startProvider();
    const client = (): Anthropic => new Anthropic({ apiKey: "k", baseURL: provider.url });
    const ask = (bound: number) => (): Promise<unknown> =>
      client().messages.create({ model: "claude-sonnet-4-6", max_tokens: bound, messages: USER });
    const { properties } = await run(provider, "system.anthropic", [SHORTER], ask(500));
    expect(sent(provider)["max_tokens"]).toBe(64);
    expect(properties).toMatchObject({
      "system.ladder": "cap_output",
      "system.ladder_max_output_tokens": "64",
    });
    await run(provider, "system.anthropic", [SHORTER], ask(10));
    expect(sent(provider)["max_tokens"]).toBe(10);
  });

  test("gemini, where the URL names the model", async () => {
    await using provider = await startProvider();
    const client = new GoogleGenAI({ apiKey: "k", httpOptions: { baseUrl: provider.url } });
    const smaller: LadderStep = {
      at: 0,
      action: "switch_model",
      model: "gemini-2.5-flash-lite",
      from: "gemini-2.5-flash",
    };
    const { resource, properties } = await run(provider, "system.google.vertex", [smaller, SHORTER], () =>
      client.models.generateContent({ model: "gemini-2.5-flash", contents: "hi" }),
    );
    expect(provider.received.at(-1)?.url).toMatch(/models\/gemini-2\.5-flash-lite:generateContent/);
    expect(sent(provider)["generationConfig"]).toEqual({ maxOutputTokens: 64 });
    expect(resource).toBe("google.gemini-2.5-flash-lite");
    expect(properties).toMatchObject({
      "system.ladder": "switch_model,cap_output",
      "system.ladder_model_before": "google.gemini-2.5-flash",
    });
  });

  test("Bedrock's Converse; the body of InvokeModel stays as it is, and the event says so", async () => {
    const answer = {
      output: {},
      stopReason: "end_turn",
      usage: { inputTokens: 20, outputTokens: 30, totalTokens: 50 },
    };
    await using provider = await startHttp2(() => ({
      status: 200,
      headers: { "content-type": "application/json", "x-amzn-requestid": crypto.randomUUID() },
      body: Buffer.from(JSON.stringify(answer)),
    }));
    const client = clientOf(provider.url);
    const modelId = "us.amazon.nova-pro-v1:0";
    const smaller: LadderStep = {
      at: 0,
      action: "switch_model",
      model: "us.amazon.nova-micro-v1:0",
      category: "system.aws.bedrock",
    };
    const messages = [{ role: "user" as const, content: [{ text: "hello" }] }];
    await run(provider, "system.aws.bedrock", [smaller, SHORTER], () =>
      client.send(new ConverseCommand({ modelId, messages })),
    );
    expect(provider.received.at(-1)?.path).toContain("nova-micro");
    expect(JSON.parse(provider.received.at(-1)?.body.toString() ?? "{}")).toMatchObject({
      inferenceConfig: { maxTokens: 64 },
    });
    const { properties } = await run(provider, "system.aws.bedrock", [smaller, SHORTER], () =>
      client.send(new InvokeModelCommand({ modelId, body: '{"a": 1}' })),
    );
    client.destroy();
    expect(provider.received.at(-1)?.body.toString()).toBe('{"a": 1}');
    expect(properties["system.ladder_skipped"]).toBe("switch_model,cap_output");
  });
});

test("a signed body is not touched, and the event says what was not done", async () => {
  await using provider = await startProvider();
  const body = JSON.stringify({ model: "gpt-5", messages: USER });
  const { properties } = await run(provider, "system.openai", [SMALLER, SHORTER], async () => {
    const response = await fetch(`${provider.url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: "AWS4-HMAC-SHA256 Credential=a" },
      body,
    });
    await response.json();
  });
  expect(provider.received.at(-1)?.body).toBe(body);
  expect(properties["system.ladder_skipped"]).toBe("switch_model,cap_output");
  expect(properties["system.ladder_steps"]).toBeUndefined();
});

test("without a ladder, and below its first step, a request leaves byte for byte as it was", async () => {
  await using provider = await startProvider();
  const body = '{"model": "gpt-5",  "messages": []}';
  const post = async (): Promise<void> => {
    await (await fetch(`${provider.url}/v1/chat/completions`, { method: "POST", body })).json();
  };
  const { properties } = await run(provider, "system.openai", [{ ...SMALLER, at: 0.9 }], post);
  await run(provider, "system.openai", [], post);
  expect(provider.received.map((request) => request.body)).toEqual([body, body]);
  expect(properties["system.ladder"]).toBeUndefined();
});

test("a warning changes nothing and is told; a step that blocks refuses although there is room, and holds nothing", async () => {
  await using provider = await startProvider();
  const client = (): OpenAI => new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1` });
  const ask = (): Promise<unknown> => client().chat.completions.create({ model: "gpt-5", messages: USER });
  const { properties } = await run(provider, "system.openai", [{ at: 0, action: "warn" }], ask);
  expect(properties["system.ladder"]).toBe("warn");
  await using process = await limited(
    [blockLimit("daily", { max: 100n * USD, ladder: [{ at: 0, action: "block" }] })],
    {
      [provider.host]: "system.openai",
    },
  );
  const error: unknown = await ask().catch((thrown: unknown) => thrown);
  expect(LimitExceededError.from(error)).toMatchObject({ reason: "ladder", limitIds: ["daily"], max: "100" });
  await process.flush({ timeoutMs: 30_000 });
  expect(process.platform.book.held("daily")).toBe(0n);
  expect(provider.received).toHaveLength(1);
  const refused = process.platform.events[0]?.properties?.["system.ladder_steps"] ?? "";
  // What it would have held: the prompt, and 4,096 tokens of output at $10 per million.
  expect(JSON.parse(refused)).toEqual([
    ["daily", 0, "block", expect.stringMatching(/^0\.041\d+$/), "at_most"],
  ]);
});

test("an allow limit with a ladder never refuses, whatever was spent", async () => {
  await using provider = await startProvider();
  await using process = await limited(
    [blockLimit("soft", { limitType: "allow", max: 1n, ladder: [SMALLER] })],
    {
      [provider.host]: "system.openai",
    },
  );
  const client = (): OpenAI => new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1` });
  for (let index = 0; index < 3; index += 1) {
    await client().chat.completions.create({ model: "gpt-5", messages: USER });
  }
  await process.flush({ timeoutMs: 30_000 });
  expect(provider.received.map(({ body }) => (JSON.parse(body) as { model: string }).model)).toEqual([
    "gpt-5-mini",
    "gpt-5-mini",
    "gpt-5-mini",
  ]);
});

test("a step is reached exactly where (spent + held) ÷ max says so", () => {
  const attempt = { category: "c", resource: "gpt-5", context: {}, maxOutputTokens: undefined };
  const exact = fc.property(
    fc.integer({ min: 0, max: 100 }),
    fc.integer({ min: 0, max: 100 }),
    (percent, used) => {
      const step: LadderStep = { at: percent / 100, action: "warn" };
      const use = { spent: (BigInt(used) * USD) / 200n, held: (BigInt(used) * USD) / 200n, max: USD };
      return reachedSteps("a", [step], use, attempt).length === (used >= percent ? 1 : 0);
    },
  );
  expect(fc.check(exact).failed).toBe(false);
});

test("a step goes by the model that the ones before it ask for", () => {
  const attempt = { category: "c", resource: "gpt-5", context: {}, maxOutputTokens: undefined };
  const nano = { at: 0.5, action: "switch_model", model: "gpt-5-nano", from: "gpt-5-mini" } as const;
  const steps = (percent: bigint): readonly unknown[] =>
    reachedSteps("a", [SMALLER, nano], { spent: percent, held: 0n, max: 100n }, attempt).map(
      ({ step }) => step,
    );
  expect(steps(40n)).toEqual([SMALLER]);
  expect(steps(50n)).toEqual([SMALLER, nano]);
});

test("steps act on what the ones before them made of the request", () => {
  const steps = [
    SMALLER,
    { at: 0.5, action: "switch_model", model: "gpt-5-nano", from: "gpt-5-mini" },
    { at: 0.6, action: "cap_output", maxOutputTokens: 500 },
    { at: 0.7, action: "cap_output", maxOutputTokens: 900 },
  ] as const;
  const reached = steps.map((step) => ({ limitId: "a", step }));
  expect(planChange(reached, "gpt-5", undefined)).toEqual({ model: "gpt-5-nano", maxOutputTokens: 500 });
  expect(planChange(reached, "o3", 100)).toEqual({ model: undefined, maxOutputTokens: undefined });
});
