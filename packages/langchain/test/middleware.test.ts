import { type AIMessage } from "@langchain/core/messages";
import { ChatOpenAI } from "@langchain/openai";
import { LimitExceededError, startInstance } from "@payi/core";
import { FakeToolCallingModel, createAgent, modelFallbackMiddleware, tool } from "langchain";
import { describe, expect, test } from "vitest";

import { getRuntime, meter, settledEvents, startLoopback } from "../../core/test/support.ts";
import { CHAT_ANSWER } from "../../core/test/synthetic.ts";
import { PayiCallbackHandler, payiAgentMiddleware } from "../src/index.ts";

const UNITS = { text: { input: 9, output: 12 } };
const INPUT = { messages: [{ role: "user" as const, content: "hello" }] };

async function openProvider(): ReturnType<typeof startLoopback> {
  let requests = 0;
  return startLoopback((_request, response) => {
    requests += 1;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ ...CHAT_ANSWER, id: `chatcmpl-n${requests}` }));
  });
}

function openai(url: string, model = "gpt-5"): ChatOpenAI {
  return new ChatOpenAI({ model, apiKey: "sk-test", maxRetries: 0, configuration: { baseURL: `${url}/v1` } });
}

describe("an agent's call is one event", () => {
  const layers = ["transport", "handler", "transport and handler", "middleware alone"];
  test.for(layers)("with the middleware and %s", async (word) => {
    await using provider = await openProvider();
    const instruments = word.includes("transport") ? undefined : [];
    await using metered = await meter([provider], "system.openai", { instruments });
    const middleware = [payiAgentMiddleware({ requestProperties: { layer: "middleware" } })];
    const agent = createAgent({ model: openai(provider.url), tools: [], middleware });
    const callbacks = word.includes("handler") ? [new PayiCallbackHandler({ useCaseName: "agent" })] : [];
    const instance = startInstance({ name: "agent", kpis: false });
    const work = (): Promise<unknown> => agent.invoke(INPUT, { callbacks });
    await (word.includes("handler") ? work() : instance.run(work));
    expect(await settledEvents(metered)).toMatchObject([
      {
        category: "system.openai",
        resource: "gpt-5",
        useCaseName: "agent",
        units: UNITS,
        properties: { layer: "middleware" },
      },
    ]);
  });

  test("also where another middleware falls back to a second model", async () => {
    await using provider = await startLoopback(({ body }, response) => {
      const { model } = JSON.parse(body) as { model: string };
      response.setHeader("content-type", "application/json");
      if (model === "gpt-5") response.writeHead(500).end("{}");
      else response.end(JSON.stringify({ ...CHAT_ANSWER, model, id: "chatcmpl-n1" }));
    });
    await using metered = await meter([provider], "system.openai");
    const middleware = [payiAgentMiddleware(), modelFallbackMiddleware(openai(provider.url, "gpt-4o"))];
    const agent = createAgent({ model: openai(provider.url), tools: [], middleware });
    await agent.invoke(INPUT, { callbacks: [new PayiCallbackHandler({ useCaseName: "agent" })] });
    const events = await settledEvents(metered);
    expect(events.map(({ resource, units, useCaseName }) => [resource, units, useCaseName])).toEqual([
      ["gpt-5", {}, "agent"],
      ["gpt-4o", UNITS, "agent"],
    ]);
    expect(new Set(events.map(({ properties }) => properties?.["system.call_id"])).size).toBe(1);
  });
});

describe("a refusal", () => {
  test.for(["middleware", "handler", "both"])(
    "stops the agent before anything is sent, by %s",
    async (word) => {
      await using provider = await openProvider();
      await using metered = await meter([provider], "system.openai");
      const refusal = { limitIds: ["daily"] };
      const guard = { authorize: () => ({ refusal, settle: () => undefined }) };
      Object.assign(getRuntime() ?? {}, { guard });
      const middleware = word === "handler" ? [] : [payiAgentMiddleware()];
      const agent = createAgent({ model: openai(provider.url), tools: [], middleware });
      const callbacks = word === "middleware" ? [] : [new PayiCallbackHandler()];
      const error: unknown = await agent.invoke(INPUT, { callbacks }).catch((thrown: unknown) => thrown);
      expect(LimitExceededError.from(error)?.limitIds).toEqual(["daily"]);
      expect(provider.received).toEqual([]);
      const events = await settledEvents(metered);
      expect(events.map(({ properties }) => properties?.["system.outcome"])).toEqual(["refused"]);
    },
  );
});

test("a limit stops an agent's loop in the middle, at the call that does not fit", async () => {
  await using provider = await startLoopback((_request, response) => {
    const call = { id: "call_1", type: "function", function: { name: "weather", arguments: "{}" } };
    const message = { role: "assistant", content: null, tool_calls: [call] };
    const choices = [{ index: 0, finish_reason: "tool_calls", message }];
    const id = `chatcmpl-n${provider.received.length}`;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ ...CHAT_ANSWER, id, choices }));
  });
  await using metered = await meter([provider], "system.openai");
  let asked = 0;
  const guard = {
    authorize: () => {
      asked += 1;
      const refusal = asked > 2 ? { limitIds: ["daily"] } : undefined;
      return { refusal, settle: () => undefined };
    },
  };
  Object.assign(getRuntime() ?? {}, { guard });
  const weather = tool(() => "sunny", {
    name: "weather",
    description: "The weather",
    schema: { type: "object", properties: {} } as const,
  });
  const agent = createAgent({
    model: openai(provider.url),
    tools: [weather],
    middleware: [payiAgentMiddleware()],
  });
  const error: unknown = await agent.invoke(INPUT).catch((thrown: unknown) => thrown);
  expect(LimitExceededError.from(error)?.limitIds).toEqual(["daily"]);
  expect(provider.received).toHaveLength(2);
  const outcomes = (await settledEvents(metered)).map(({ properties }) => properties?.["system.outcome"]);
  expect(outcomes).toEqual(["ok", "ok", "refused"]);
});

test("a tool's own calls stand under its name, and it is counted once by handler and middleware", async () => {
  await using provider = await openProvider();
  await using metered = await meter([provider], "system.openai");
  const lookUp = tool(async () => (await openai(provider.url).invoke("where?")).text, {
    name: "look_up",
    description: "looks up",
    schema: { type: "object", properties: {} } as const,
  });
  const toolCalls = [[{ name: "look_up", args: {}, id: "call_1" }], []];
  const model = new FakeToolCallingModel({ toolCalls });
  const kpis = { tool_calls: true, tool_errors: "tools_failed" } as const;
  const agent = createAgent({ model, tools: [lookUp], middleware: [payiAgentMiddleware({ kpis })] });
  const instance = startInstance({ name: "agent", kpis: false });
  await instance.run(() => agent.invoke(INPUT, { callbacks: [new PayiCallbackHandler({ kpis })] }));
  instance.end();
  const events = await settledEvents(metered);
  const called = events.filter(({ category }) => category === "system.openai");
  expect(called).toMatchObject([{ useCaseName: "agent", useCaseStep: "look_up", units: UNITS }]);
  const last = (kpi: string): unknown =>
    metered.platform.scores.findLast(({ path }) => path.endsWith(`/${kpi}`))?.score;
  expect([last("tool_calls"), last("tools_failed")]).toEqual([1, 0]);
});

test("the agent gets the very message that the model gave", async () => {
  await using provider = await openProvider();
  const plain = createAgent({ model: openai(provider.url), tools: [] });
  const tracked = createAgent({
    model: openai(provider.url),
    tools: [],
    middleware: [payiAgentMiddleware()],
  });
  const told = async (agent: Pick<typeof plain, "invoke">): Promise<readonly unknown[]> => {
    const { messages } = await agent.invoke(INPUT);
    return messages.map((message) => [message.type, message.content, (message as AIMessage).usage_metadata]);
  };
  expect(await told(tracked)).toEqual(await told(plain));
});
