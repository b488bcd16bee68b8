import { InvokeModelCommand } from "@aws-sdk/client-bedrock-runtime";
import OpenAI from "openai";
import { expect, test } from "vitest";

import { settledEvents, startLoopback } from "../support.ts";
import { CHAT_ANSWER } from "../synthetic.ts";
import { clientOf, startHttp2 } from "./recorded/bedrock-loopback.ts";
import { meterEverything, redirectTo } from "./recorded/replay.ts";

const USER = [{ role: "user" as const, content: "hello" }];

/** A stream of chat chunks with these deltas. */
function chatOf(deltas: readonly object[]): string {
  const { id, created, model } = CHAT_ANSWER;
  const chunks = deltas.map((delta) =>
    JSON.stringify({
      id,
      object: "chat.completion.chunk",
      created,
      model,
      choices: [{ index: 0, delta, finish_reason: null }],
    }),
  );
  return [...chunks, "[DONE]"].map((data) => `data: ${data}\n\n`).join("");
}

test.for([
  [
    "the field that came before tool calls",
    [{ function_call: { name: "find", arguments: '{"a"' } }, { function_call: { arguments: ":1}" } }],
    '{"a":1}',
  ],
  [
    "a tool of the application's own kind",
    [
      { tool_calls: [{ index: 0, id: "c", type: "custom", custom: { name: "find", input: "near " } }] },
      { tool_calls: [{ index: 0, custom: { input: "Moab" } }] },
    ],
    "near Moab",
  ],
] as const)("a streamed call in %s is told whole", async ([, deltas, told]) => {
  await using provider = await startLoopback((_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" }).end(chatOf(deltas));
  });
  using _redirected = redirectTo(provider);
  await using metered = await meterEverything({}, { logPromptAndResponse: true });
  const client = new OpenAI({ apiKey: "test" });
  const stream = await client.chat.completions.create({ model: "gpt-5", messages: USER, stream: true });
  for await (const _chunk of stream);
  const [event] = await settledEvents(metered);
  expect(event?.functionCalls).toEqual([{ name: "find", arguments: told }]);
});

test("an answer's calls of the application's own tools are told, in chat and in responses", async () => {
  const custom = { id: "c", type: "custom", custom: { name: "find", input: "Moab" } };
  const message = { role: "assistant", content: null, tool_calls: [custom] };
  const item = { type: "custom_tool_call", id: "i", call_id: "c", name: "find", input: "Moab" };
  await using provider = await startLoopback((request, response) => {
    const usage = { input_tokens: 1, output_tokens: 2, total_tokens: 3 };
    const chat = { ...CHAT_ANSWER, choices: [{ index: 0, finish_reason: "tool_calls", message }] };
    const answer = request.url.endsWith("/responses")
      ? { id: "resp_1", status: "completed", model: "gpt-5", output: [item], usage }
      : chat;
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
  });
  using _redirected = redirectTo(provider);
  await using metered = await meterEverything({}, { logPromptAndResponse: true });
  const client = new OpenAI({ apiKey: "test" });
  await client.chat.completions.create({ model: "gpt-5", messages: USER });
  await client.responses.create({ model: "gpt-5", input: "hello" });
  const events = await settledEvents(metered);
  const told = [{ name: "find", arguments: "Moab" }];
  expect(events.map(({ functionCalls }) => functionCalls)).toEqual([told, told]);
});

test("InvokeModel tells the calls of families that answer as OpenAI does", async () => {
  const call = { id: "c", type: "function", function: { name: "find", arguments: "{}" } };
  const body = {
    choices: [{ index: 0, finish_reason: "tool_calls", message: { role: "assistant", tool_calls: [call] } }],
    usage: { prompt_tokens: 9, completion_tokens: 3 },
  };
  await using provider = await startHttp2(() => ({
    status: 200,
    headers: { "content-type": "application/json", "x-amzn-requestid": "request-1" },
    body: Buffer.from(JSON.stringify(body)),
  }));
  await using metered = await meterEverything({ hostMappings: { [provider.host]: {} } });
  const client = clientOf(provider.url);
  await client.send(new InvokeModelCommand({ modelId: "mistral.mistral-large-2411-v1:0", body: "{}" }));
  client.destroy();
  const [event] = await settledEvents(metered);
  expect(event).toMatchObject({
    units: { text: { input: 9, output: 3 } },
    functionCalls: [{ name: "find" }],
  });
});
