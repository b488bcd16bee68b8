import { type APIError, InternalServerError, OverloadedError, RateLimitError } from "@anthropic-ai/sdk";
import { type MessageCreateParamsNonStreaming } from "@anthropic-ai/sdk/resources/messages";
import { expect, test } from "vitest";

import { TRAIL_PROMPT, simulate, startProviders } from "../support.ts";

const MODEL = "claude-sonnet-4-20250514";
const SEARCH = { type: "web_search_20250305", name: "web_search", max_uses: 3 } as const;
const trails = {
  model: MODEL,
  max_tokens: 2000,
  messages: [{ role: "user" as const, content: TRAIL_PROMPT }],
};

test("a message answers the trail question with JSON lines and states its usage", async () => {
  await using providers = await startProviders();
  const message = await providers.anthropic.messages.create(trails);
  const [block] = message.content;
  const lines = (block?.type === "text" ? block.text : "").split("\n");
  const found = lines.map((line) => JSON.parse(line) as { name: string; near: string; advice: string });
  expect(found.length).toBeGreaterThanOrEqual(3);
  expect(found.every((trail) => trail.near === "Moab, Utah")).toBe(true);
  expect(found[0]?.advice).toContain("Jeep Wrangler");
  expect(message.stop_reason).toBe("end_turn");
  expect(message.usage.output_tokens).toBeGreaterThan(100);
  expect(message.usage.service_tier).toBe("standard");
});

test("a streamed message with web searches adds up to the message that was not streamed", async () => {
  await using providers = await startProviders();
  const request = { ...trails, tools: [SEARCH] };
  const events: string[] = [];
  const stream = providers.anthropic.messages.stream(request);
  stream.on("streamEvent", (event) => events.push(event.type));
  const streamed = await stream.finalMessage();
  const whole = await providers.anthropic.messages.create(request);

  expect(streamed.content.map((block) => block.type)).toEqual([
    "server_tool_use",
    "web_search_tool_result",
    "server_tool_use",
    "web_search_tool_result",
    "text",
  ]);
  expect(streamed.content.at(-1)).toMatchObject({ text: (whole.content.at(-1) as { text: string }).text });
  expect(streamed.usage.input_tokens).toBe(whole.usage.input_tokens);
  expect(streamed.usage.output_tokens).toBe(whole.usage.output_tokens);
  expect(streamed.usage.server_tool_use?.web_search_requests).toBe(2);
  expect(whole.usage.server_tool_use?.web_search_requests).toBe(2);
  expect(events[0]).toBe("message_start");
  expect(events.at(-1)).toBe("message_stop");
});

test("the ledger bills what the answer states, to the last digit", async () => {
  await using providers = await startProviders();
  const message = await providers.anthropic.messages.create({ ...trails, tools: [SEARCH] });
  const { input_tokens: input, output_tokens: output } = message.usage;
  const pico = BigInt(input) * 3_000_000n + BigInt(output) * 15_000_000n + 2n * 10_000_000_000n;
  const [entry] = providers.simulator.ledger().entries;
  expect(entry).toMatchObject({ id: message.id, model: MODEL, finished: true, status: 200 });
  expect(BigInt((entry?.cost ?? "").replace("0.", "").padEnd(12, "0"))).toBe(pico);
});

test("max_tokens ends the answer at exactly that many tokens", async () => {
  await using providers = await startProviders();
  const message = await providers.anthropic.messages.create({ ...trails, max_tokens: 20 });
  expect(message.stop_reason).toBe("max_tokens");
  expect(message.usage.output_tokens).toBe(20);
});

test("a stop sequence ends the answer before it", async () => {
  await using providers = await startProviders();
  const message = await providers.anthropic.messages.create({ ...trails, stop_sequences: ["}\n"] });
  expect(message).toMatchObject({ stop_reason: "stop_sequence", stop_sequence: "}\n" });
});

test("a tool is called when it is asked for, and its result is answered with text", async () => {
  await using providers = await startProviders();
  const tools = [
    {
      name: "get_weather",
      input_schema: {
        type: "object" as const,
        properties: { place: { type: "string" }, days: { type: "integer" } },
      },
    },
  ];
  const question = { role: "user" as const, content: "Please get weather for Moab" };
  const called = await providers.anthropic.messages
    .stream({ model: MODEL, max_tokens: 500, tools, messages: [question] })
    .finalMessage();
  const [use] = called.content;
  if (use?.type !== "tool_use") throw new Error(`Expected a tool call, got ${String(use?.type)}.`);
  expect(called.stop_reason).toBe("tool_use");
  expect(use).toMatchObject({
    name: "get_weather",
    input: { place: "Please get weather for Moab", days: 3 },
  });

  const result = { type: "tool_result" as const, tool_use_id: use.id, content: "Sunny" };
  const messages = [question, { role: "assistant" as const, content: called.content }];
  const answered = await providers.anthropic.messages.create({
    model: MODEL,
    max_tokens: 500,
    tools,
    messages: [...messages, { role: "user", content: [result] }],
  });
  expect(answered.content[0]?.type).toBe("text");
});

test("a marked prefix is written to the cache once and read afterwards", async () => {
  await using providers = await startProviders();
  const system = [
    {
      type: "text" as const,
      text: "Trails are graded. ".repeat(400),
      cache_control: { type: "ephemeral" as const },
    },
  ];
  const first = await providers.anthropic.messages.create({ ...trails, system });
  const second = await providers.anthropic.messages.create({ ...trails, system });
  expect(first.usage.cache_creation_input_tokens).toBeGreaterThan(1024);
  expect(first.usage.cache_read_input_tokens).toBe(0);
  expect(second.usage.cache_read_input_tokens).toBe(first.usage.cache_creation_input_tokens);
  expect(second.usage.cache_creation_input_tokens).toBe(0);
  expect(second.usage.input_tokens).toBe(first.usage.input_tokens);
});

test.each([
  ["429", RateLimitError, "rate_limit_error"],
  ["500", InternalServerError, "api_error"],
  ["529", OverloadedError, "overloaded_error"],
])("x-simulate %s is the SDK's own error", async (what, kind, type) => {
  await using providers = await startProviders();
  const error: unknown = await providers.anthropic.messages
    .create(trails, simulate(what))
    .catch((caught) => caught);
  expect(error).toBeInstanceOf(kind);
  expect((error as APIError).type).toBe(type);
  expect((error as APIError).requestID).toMatch(/^req_/);
  expect(providers.simulator.ledger().total).toBe("0");
});

test("the SDK tries a failing call again, and the ledger has every attempt", async () => {
  await using providers = await startProviders();
  const client = providers.anthropic.withOptions({ maxRetries: 2 });
  const failing = client.messages.create(trails, simulate("retry-after:0"));
  await expect(failing).rejects.toThrow("429");
  expect(providers.simulator.ledger().entries.map((entry) => entry.status)).toEqual([429, 429, 429]);
});

test.each([
  ["an unknown model", { model: "claude-9" }, 404, "model: claude-9"],
  ["no max_tokens", { max_tokens: undefined }, 400, "max_tokens: Field required"],
  ["no messages", { messages: [] }, 400, "messages"],
])("%s is refused as Anthropic refuses it", async (_case, change, status, message) => {
  await using providers = await startProviders();
  const request = { ...trails, ...change } as MessageCreateParamsNonStreaming;
  await expect(providers.anthropic.messages.create(request)).rejects.toMatchObject({
    status,
    message: expect.stringContaining(message) as string,
  });
});

test("the model list has Claude's models for Anthropic's client", async () => {
  await using providers = await startProviders();
  const page = await providers.anthropic.models.list();
  expect(page.data.map((model) => model.id)).toContain(MODEL);
});
