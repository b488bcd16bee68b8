/** Limits as an application meets them: through the SDKs of the providers. */
import Anthropic from "@anthropic-ai/sdk";
import { ConverseCommand, ConverseStreamCommand } from "@aws-sdk/client-bedrock-runtime";
import { GoogleGenAI } from "@google/genai";
import OpenAI from "openai";
import { describe, expect, test, vi } from "vitest";

import { trackContext } from "../../src/context.ts";
import { LimitExceededError } from "../../src/errors.ts";
import { USD, formatMoney } from "../../src/money.ts";
import { clientOf, startHttp2 } from "../instrument/recorded/bedrock-loopback.ts";
import { type Received, startLoopback } from "../support.ts";
import { type Limited, blockLimit, limited } from "./limited.ts";

const USER = [{ role: "user" as const, content: "Find me a trail near Moab, Utah." }];
const GEMINI = { model: "gemini-2.5-flash", contents: "Find me a trail." };
const BEDROCK = {
  modelId: "us.amazon.nova-micro-v1:0",
  messages: [{ role: "user" as const, content: [{ text: "hello" }] }],
};

let serial = 0;

/** A chat completion with usage, for the model that was asked. */
function answer({ body }: Received, status = 200): Response {
  serial += 1;
  const { model } = JSON.parse(body) as { model: string };
  const usage = { prompt_tokens: 20, completion_tokens: 40, total_tokens: 60 };
  const message = { role: "assistant", content: "Go to Moab." };
  const choices = [{ index: 0, finish_reason: "stop", message }];
  return Response.json(
    { id: `chatcmpl-n${serial}`, model, object: "chat.completion", choices, usage },
    { status },
  );
}

async function startProvider(
  respond: (request: Received) => Response = answer,
): ReturnType<typeof startLoopback> {
  return startLoopback(async (request, response) => {
    const given = respond(request);
    response.writeHead(given.status, { "content-type": "application/json" }).end(await given.text());
  });
}

function refusalOf(work: Promise<unknown>): Promise<LimitExceededError | undefined> {
  return work.then(
    () => undefined,
    (error: unknown) => LimitExceededError.from(error),
  );
}

async function drain(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _one of stream);
}

/** Without a bound what is held is the worst case, and not a first guess that an unspent budget lets through. */
const EXHAUSTED = blockLimit("daily", { max: 1n, estimate: "upper_bound" });
const openai = (url: string): OpenAI => new OpenAI({ apiKey: "k", baseURL: `${url}/v1`, maxRetries: 3 });

describe("a blocked call never reaches the provider, whatever the SDK and however often it would retry", () => {
  const clients: readonly (readonly [
    name: string,
    category: string,
    call: (url: string) => Promise<unknown>,
  ])[] = [
    [
      "openai chat",
      "system.openai",
      (url) =>
        openai(url).chat.completions.create({ model: "gpt-5", messages: USER, max_completion_tokens: 50 }),
    ],
    [
      "openai chat, streamed",
      "system.openai",
      async (url) =>
        drain(await openai(url).chat.completions.create({ model: "gpt-5", messages: USER, stream: true })),
    ],
    [
      "openai .stream()",
      "system.openai",
      async (url) => drain(openai(url).chat.completions.stream({ model: "gpt-5", messages: USER })),
    ],
    [
      "openai responses",
      "system.openai",
      (url) => openai(url).responses.create({ model: "gpt-5", input: "hello" }),
    ],
    [
      "anthropic",
      "system.anthropic",
      (url) =>
        new Anthropic({ apiKey: "k", baseURL: url, maxRetries: 3 }).messages.create({
          model: "claude-sonnet-4-6",
          max_tokens: 50,
          messages: USER,
        }),
    ],
    [
      "anthropic .stream()",
      "system.anthropic",
      (url) =>
        new Anthropic({ apiKey: "k", baseURL: url, maxRetries: 3 }).messages
          .stream({ model: "claude-sonnet-4-6", max_tokens: 50, messages: USER })
          .finalMessage(),
    ],
    [
      "genai",
      "system.google.vertex",
      (url) => new GoogleGenAI({ apiKey: "k", httpOptions: { baseUrl: url } }).models.generateContent(GEMINI),
    ],
    [
      "genai, streamed",
      "system.google.vertex",
      async (url) =>
        drain(
          await new GoogleGenAI({ apiKey: "k", httpOptions: { baseUrl: url } }).models.generateContentStream(
            GEMINI,
          ),
        ),
    ],
  ];

  test.for(clients)("%s", async ([, category, call]) => {
    await using provider = await startProvider();
    await using process = await limited([EXHAUSTED], { [provider.host]: category });
    const refusal = await refusalOf(call(provider.url));
    expect(refusal).toMatchObject({
      limitIds: ["daily"],
      limitName: "The daily budget",
      spent: "0",
      held: "0",
      max: "0.000000000000000001",
      reason: "limit",
      useCaseName: "tests",
      status: 429,
    });
    expect(provider.received).toEqual([]);
    await process.flush({ timeoutMs: 30_000 });
    expect(process.platform.events.map(({ properties }) => properties)).toMatchObject([
      { "system.outcome": "refused", "system.refused_by": "daily", "system.refusal_reason": "limit" },
    ]);
    expect(process.limitStats()).toMatchObject({ checked: 1, refused: 1 });
  });

  test("Bedrock, plain and streamed", async () => {
    await using provider = await startHttp2(() => ({ status: 200, headers: {}, body: Buffer.from("{}") }));
    await using _process = await limited([EXHAUSTED], { [provider.host]: "system.aws.bedrock" });
    const client = clientOf(provider.url, { maxAttempts: 3 });
    const refusals = [
      await refusalOf(client.send(new ConverseCommand(BEDROCK))),
      await refusalOf(client.send(new ConverseStreamCommand(BEDROCK))),
    ];
    client.destroy();
    expect(refusals.map((refusal) => refusal?.limitIds)).toEqual([["daily"], ["daily"]]);
    expect(provider.received).toHaveLength(0);
  });
});

function chat(url: string, model = "gpt-5", bound = 100): Promise<unknown> {
  return openai(url).chat.completions.create({ model, messages: USER, max_completion_tokens: bound });
}

async function settle(process: Limited): Promise<void> {
  await process.flush({ timeoutMs: 30_000 });
}

test("calls within a limit go out, their events name what was held, and everything is charged once", async () => {
  await using provider = await startProvider();
  await using process = await limited([blockLimit("daily")], { [provider.host]: "system.openai" });
  for (let index = 0; index < 5; index += 1) await chat(provider.url);
  await settle(process);
  const { book, events } = process.platform;
  expect(new Set(events.map(({ holdId }) => book.knows(holdId ?? "")))).toEqual(new Set([true]));
  // gpt-5: $1.25 and $10 per million.
  expect(formatMoney(book.used("daily"))).toBe("0.002125");
  await process.close({ timeoutMs: 30_000 });
  expect(book.held("daily")).toBe(0n);
  expect(book.openLeases).toBe(0);
});

test("an agent's loop is stopped in the middle", async () => {
  await using provider = await startProvider();
  // Room for three calls of at most $0.00105 each, which then cost $0.000425.
  await using process = await limited([blockLimit("agent", { max: USD / 500n, estimate: "strict" })], {
    [provider.host]: "system.openai",
  });
  let refusal: LimitExceededError | undefined;
  let rounds = 0;
  while (refusal === undefined && rounds < 100) {
    refusal = await refusalOf(chat(provider.url));
    rounds += refusal === undefined ? 1 : 0;
    await settle(process);
  }
  expect(provider.received).toHaveLength(rounds);
  expect(rounds).toBeLessThan(5);
  const { book } = process.platform;
  expect(book.used("agent")).toBeLessThanOrEqual(USD / 500n);
  expect(refusal?.spent).toBe(formatMoney(book.used("agent")));
});

test("a call that names a limit by id is charged to it, since its event names what it held", async () => {
  await using provider = await startProvider();
  await using process = await limited([blockLimit("named", { selector: undefined })], {
    [provider.host]: "system.openai",
  });
  await trackContext({ limitIds: ["named"] }, () => chat(provider.url));
  await chat(provider.url);
  await settle(process);
  expect(formatMoney(process.platform.book.used("named"))).toBe("0.000425");
  expect(process.platform.events.map(({ limitIds }) => limitIds)).toEqual([["named"], undefined]);
});

test("a provider's error leaves nothing held", async () => {
  await using provider = await startProvider((request) => answer(request, 400));
  await using process = await limited([blockLimit("daily", { estimate: "strict" })], {
    [provider.host]: "system.openai",
  });
  await expect(chat(provider.url)).rejects.toThrow("400");
  await settle(process);
  expect([process.platform.book.held("daily"), process.platform.book.used("daily")]).toEqual([0n, 0n]);
});

/** Makes a call; true where the platform itself let it go. */
async function checkedOnce(process: Limited, url: string): Promise<boolean> {
  const before = process.limitStats();
  const refusal = await refusalOf(chat(url));
  const { checked, unchecked } = process.limitStats();
  return refusal === undefined && checked > before.checked && unchecked === before.unchecked;
}

describe("a platform that is away", () => {
  const outages = [
    ["down", "block"],
    ["down", "allow"],
    ["hang", "block"],
    ["hang", "allow"],
  ] as const;

  test.for(outages)("%s: calls under a limit that says %s", async ([fault, onUnreachable]) => {
    await using provider = await startProvider();
    await using process = await limited(
      [blockLimit("daily", { onUnreachable, estimate: "strict" })],
      { [provider.host]: "system.openai" },
      // What hangs is waited for until then; what is down answers as soon as the machine gets to it.
      { limitCheckTimeoutMs: fault === "hang" ? 500 : 30_000 },
    );
    await expect.poll(() => checkedOnce(process, provider.url)).toBe(true);
    const before = provider.received.length;
    const askedBefore = process.platform.asked(/holds$/).length;
    process.platform.fault = fault;
    // The pause after a failure ends by the clock, which stands for as long as these calls take.
    using _clock = vi.spyOn(performance, "now").mockReturnValue(performance.now());
    const refusals = [await refusalOf(chat(provider.url)), await refusalOf(chat(provider.url))];
    expect(refusals.map((refusal) => refusal?.reason)).toEqual(
      onUnreachable === "block" ? ["unreachable", "unreachable"] : [undefined, undefined],
    );
    // The first call asked and waited; the second one asked nobody.
    await expect.poll(() => process.platform.asked(/holds$/).length - askedBefore).toBe(1);
    expect(provider.received.length - before).toBe(onUnreachable === "block" ? 0 : 2);
    process.platform.fault = undefined;
  });

  test.for([
    ["allow", undefined],
    ["block", "unreachable"],
  ] as const)("and was never there: onLimitCheckError %s", async ([onLimitCheckError, reason]) => {
    await using provider = await startProvider();
    await using process = await limited(
      [blockLimit("daily")],
      { [provider.host]: "system.openai" },
      { limitCheckTimeoutMs: 50, onLimitCheckError },
    );
    process.platform.fault = "down";
    expect((await refusalOf(chat(provider.url)))?.reason).toBe(reason);
    expect(process.limitStats()).toMatchObject(reason === undefined ? { unchecked: 1 } : { refused: 1 });
    process.platform.fault = undefined;
    await settle(process);
    expect(process.platform.events[0]?.properties).toMatchObject(
      reason === undefined ? { "system.limit_check": "unreachable" } : { "system.outcome": "refused" },
    );
  });

  test("is asked again once it is back, without a call that waits for it", async () => {
    await using provider = await startProvider();
    await using process = await limited([EXHAUSTED], { [provider.host]: "system.openai" });
    process.platform.fault = "down";
    await chat(provider.url);
    process.platform.fault = undefined;
    await expect.poll(async () => (await refusalOf(chat(provider.url)))?.reason).toBe("limit");
  });
});

test("where limits are not to be checked nothing is asked", async () => {
  await using provider = await startProvider();
  await using process = await limited(
    [EXHAUSTED],
    { [provider.host]: "system.openai" },
    { checkLimits: false },
  );
  await chat(provider.url);
  expect(process.platform.asked(/guard|holds|leases/)).toEqual([]);
});
