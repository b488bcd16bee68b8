import { type APIError, InternalServerError, RateLimitError } from "openai";
import { type ChatCompletionChunk } from "openai/resources";
import { expect, test } from "vitest";

import { TRAIL_PROMPT, simulate, startProviders } from "../support.ts";

const MODEL = "gpt-4o-mini";
const chat = { model: MODEL, messages: [{ role: "user" as const, content: TRAIL_PROMPT }] };
const response = { model: "gpt-5-mini", input: TRAIL_PROMPT };
const weather = {
  name: "get_weather",
  description: "The forecast for a place",
  parameters: {
    type: "object",
    properties: { place: { type: "string" }, unit: { enum: ["celsius"] } },
    required: ["place", "unit"],
    additionalProperties: false,
  },
};

test("a chat completion answers and counts", async () => {
  await using providers = await startProviders();
  const completion = await providers.openai.chat.completions.create(chat);
  expect(completion.choices[0]?.message.content).toContain("Moab, Utah");
  expect(completion).toMatchObject({ model: "gpt-4o-mini-2024-07-18", service_tier: "default" });
  expect(completion.usage?.total_tokens).toBe(
    (completion.usage?.prompt_tokens ?? 0) + (completion.usage?.completion_tokens ?? 0),
  );
});

test("usage ends a stream in a chunk without choices when it was asked for", async () => {
  await using providers = await startProviders();
  const stream = await providers.openai.chat.completions.create({
    ...chat,
    stream: true,
    stream_options: { include_usage: true },
  });
  const chunks: ChatCompletionChunk[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  const last = chunks.pop();
  expect(last?.choices).toEqual([]);
  expect(last?.usage?.completion_tokens).toBeGreaterThan(50);
  expect(chunks.every((chunk) => chunk.usage === null)).toBe(true);
  expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe("stop");
});

test("a stream that did not ask for usage has no such field, and is billed all the same", async () => {
  await using providers = await startProviders();
  const stream = await providers.openai.chat.completions.create({ ...chat, stream: true });
  for await (const chunk of stream) expect("usage" in chunk).toBe(false);
  expect(providers.simulator.ledger().entries[0]?.usage.output).toBeGreaterThan(50);
});

test("the stream helper and the plain call come to the same answer and usage", async () => {
  await using providers = await startProviders();
  const streamed = await providers.openai.chat.completions
    .stream({ ...chat, stream_options: { include_usage: true } })
    .finalChatCompletion();
  const whole = await providers.openai.chat.completions.create(chat);
  expect(streamed.choices[0]?.message.content).toBe(whole.choices[0]?.message.content);
  expect(streamed.usage).toEqual(whole.usage);
});

test("structured output fits its schema", async () => {
  await using providers = await startProviders();
  const format = {
    type: "json_schema" as const,
    json_schema: { name: "weather", schema: weather.parameters },
  };
  const completion = await providers.openai.chat.completions.create({ ...chat, response_format: format });
  const answer = JSON.parse(completion.choices[0]?.message.content ?? "") as unknown;
  expect(answer).toEqual({ place: expect.any(String) as string, unit: "celsius" });
});

test("runTools calls the function and goes on to an answer", async () => {
  await using providers = await startProviders();
  const asked: unknown[] = [];
  const runner = providers.openai.chat.completions.runTools({
    model: MODEL,
    messages: [{ role: "user", content: "get weather for Ouray" }],
    tools: [
      {
        type: "function",
        function: {
          ...weather,
          parse: (text: string) => JSON.parse(text) as object,
          function: (given: object) => {
            asked.push(given);
            return "Snow";
          },
        },
      },
    ],
  });
  expect(await runner.finalContent()).toContain("short answer");
  expect(asked).toEqual([{ place: "get weather for Ouray", unit: "celsius" }]);
});

test("a prompt that comes again within five minutes is read from the cache in steps of 128 tokens", async () => {
  await using providers = await startProviders();
  const messages = [{ role: "user" as const, content: "Trails are graded. ".repeat(400) }];
  const first = await providers.openai.chat.completions.create({ model: MODEL, messages });
  const second = await providers.openai.chat.completions.create({ model: MODEL, messages });
  expect(first.usage?.prompt_tokens_details?.cached_tokens).toBe(0);
  const cached = second.usage?.prompt_tokens_details?.cached_tokens ?? 0;
  expect(cached).toBeGreaterThanOrEqual(1024);
  expect(cached % 128).toBe(0);
  expect(second.usage?.prompt_tokens).toBe(first.usage?.prompt_tokens);
});

test("the Responses helper sees the same answer as the plain call", async () => {
  await using providers = await startProviders();
  const whole = await providers.openai.responses.create(response);
  const streamed = await providers.openai.responses.stream(response).finalResponse();
  expect(whole.status).toBe("completed");
  expect(streamed.output_text).toBe(whole.output_text);
  expect(streamed.output_text).toContain("Moab, Utah");
  expect(streamed.usage).toEqual(whole.usage);
});

test("a Responses web search is an item, a charge and more input", async () => {
  await using providers = await startProviders();
  const searched = await providers.openai.responses
    .stream({ ...response, tools: [{ type: "web_search" }] })
    .finalResponse();
  expect(searched.output.map((item) => item.type)).toEqual(["web_search_call", "web_search_call", "message"]);
  const [entry] = providers.simulator.ledger().entries;
  expect(entry?.usage).toMatchObject({ webSearches: 2, input: searched.usage?.input_tokens });
});

test("a Responses function call streams its arguments", async () => {
  await using providers = await startProviders();
  const tools = [{ type: "function" as const, strict: true, ...weather }];
  const request = { model: "gpt-5", input: "get weather for Moab", tools };
  const deltas: string[] = [];
  const stream = providers.openai.responses.stream(request);
  stream.on("response.function_call_arguments.delta", (event) => deltas.push(event.delta));
  const [item] = (await stream.finalResponse()).output;
  expect(item).toMatchObject({ type: "function_call", name: "get_weather", arguments: deltas.join("") });
});

test("tools that are asked for together are called together, numbered", async () => {
  await using providers = await startProviders();
  const names = ["get_weather", "get_sunset"];
  const tools = names.map((name) => ({ type: "function" as const, function: { ...weather, name } }));
  const messages = [{ role: "user" as const, content: "Use get_weather and get_sunset for Moab" }];
  const request = { model: MODEL, messages, tools };
  const whole = await providers.openai.chat.completions.create(request);
  const streamed = await providers.openai.chat.completions.stream(request).finalChatCompletion();
  for (const { choices } of [whole, streamed]) {
    const calls = choices[0]?.message.tool_calls?.map(
      (call) => call.type === "function" && call.function.name,
    );
    expect(calls).toEqual(names);
  }
  const ids = streamed.choices[0]?.message.tool_calls?.map((call) => call.id);
  expect(new Set(ids).size).toBe(2);
});

test("max_output_tokens leaves a response incomplete", async () => {
  await using providers = await startProviders();
  const cut = await providers.openai.responses.create({ ...response, max_output_tokens: 16 });
  expect(cut).toMatchObject({ status: "incomplete", incomplete_details: { reason: "max_output_tokens" } });
  expect(cut.usage?.output_tokens).toBe(16);
});

test("embeddings packed as base64 are the numbers of the plain ones", async () => {
  await using providers = await startProviders();
  const request = { model: "text-embedding-3-small", input: ["red rock", "deep snow"], dimensions: 64 };
  // The SDK asks for base64 by itself and unpacks it; `float` leaves the numbers as they come.
  const packed = await providers.openai.embeddings.create(request);
  const plain = await providers.openai.embeddings.create({ ...request, encoding_format: "float" });
  expect(packed.data[1]?.embedding.length).toBe(64);
  packed.data[1]?.embedding.forEach((value, index) => {
    expect(value).toBeCloseTo(plain.data[1]?.embedding[index] ?? Number.NaN, 6);
  });
  expect(packed.usage).toEqual(plain.usage);
});

test.each([
  ["429", RateLimitError, "rate_limit_exceeded"],
  ["500", InternalServerError, null],
  ["529", InternalServerError, null],
])("x-simulate %s is the SDK's own error", async (what, kind, code) => {
  await using providers = await startProviders();
  const error: unknown = await providers.openai.responses
    .create(response, simulate(what))
    .catch((caught) => caught);
  expect(error).toBeInstanceOf(kind);
  expect((error as APIError).code).toBe(code);
  expect((error as APIError).requestID).toMatch(/^req_/);
});

test("an unknown model is refused as OpenAI refuses it", async () => {
  await using providers = await startProviders();
  await expect(providers.openai.chat.completions.create({ ...chat, model: "gpt-99" })).rejects.toMatchObject({
    status: 404,
    code: "model_not_found",
  });
});

test("the model list has GPT's models for OpenAI's client", async () => {
  await using providers = await startProviders();
  const page = await providers.openai.models.list();
  expect(page.data.map((model) => model.id)).toContain(MODEL);
  expect(page.data.some((model) => model.id.startsWith("claude"))).toBe(false);
});
