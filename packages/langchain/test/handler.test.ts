import { InMemoryCache } from "@langchain/core/caches";
import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import { RunnableLambda, RunnableSequence } from "@langchain/core/runnables";
import { FakeListChatModel, FakeStreamingChatModel } from "@langchain/core/utils/testing";
import { Annotation, Command, MemorySaver, START, StateGraph, interrupt } from "@langchain/langgraph";
import { ChatOpenAI } from "@langchain/openai";
import { startInstance, trackContext } from "@payi/core";
import { FakeToolCallingModel, createAgent, tool } from "langchain";
import { describe, expect, test } from "vitest";

import { type Metered, getRuntime, meter, settledEvents, startLoopback } from "../../core/test/support.ts";
import { CHAT_ANSWER, chatStream } from "../../core/test/synthetic.ts";
import { PayiCallbackHandler, payiMetadata, registerPayiGlobally } from "../src/index.ts";

const UNITS = { text: { input: 9, output: 12 } };

/** A provider of chat completions, each answer with an id of its own; the first `failures` are 500. */
async function openProvider(failures = 0): ReturnType<typeof startLoopback> {
  let requests = 0;
  return startLoopback(({ body }, response) => {
    requests += 1;
    if (requests <= failures) {
      response.writeHead(500, { "retry-after-ms": "1" }).end("{}");
    } else if ((JSON.parse(body) as { stream?: boolean }).stream === true) {
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (const event of chatStream(500, true)) response.write(event);
      response.end();
    } else {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ ...CHAT_ANSWER, id: `chatcmpl-n${requests}` }));
    }
  });
}

function openai(url: string, settings: object = {}): ChatOpenAI {
  return new ChatOpenAI({
    model: "gpt-5",
    apiKey: "sk-test",
    maxRetries: 0,
    configuration: { baseURL: `${url}/v1` },
    ...settings,
  });
}

function scoresOf(metered: Metered, kpi: string): readonly unknown[] {
  return metered.platform.scores
    .filter(({ path }) => path.endsWith(`/kpis/${kpi}`))
    .map(({ score }) => score);
}

describe("a root run is an instance", () => {
  test("that all model calls below belong to, with their steps", async () => {
    await using provider = await openProvider();
    await using metered = await meter([provider], "system.openai");
    const model = openai(provider.url);
    const chain = RunnableSequence.from([
      model.withConfig({ runName: "draft" }),
      (message: BaseMessage) => [message],
      model.withConfig({ runName: "polish" }),
    ]).withConfig({ runName: "doc summary" });
    const handler = new PayiCallbackHandler({ accountName: "acme" });
    await chain.invoke("hello", { callbacks: [handler], metadata: { payi_user_id: "jane" }, tags: ["beta"] });
    const events = await settledEvents(metered);
    expect(events).toMatchObject([
      { useCaseName: "doc_summary", useCaseStep: "draft", userId: "jane", accountName: "acme", units: UNITS },
      {
        useCaseName: "doc_summary",
        useCaseStep: "polish",
        userId: "jane",
        accountName: "acme",
        units: UNITS,
      },
    ]);
    expect(events[0]?.useCaseId).toBe(events[1]?.useCaseId);
    expect(scoresOf(metered, "success")).toEqual([true]);
  });

  test("named by metadata, then by the options, then by the run", async () => {
    await using metered = await meter([], "own");
    const model = new FakeListChatModel({ responses: ["Moab"] });
    const named = new PayiCallbackHandler({
      useCaseName: (run) => (run.tags.includes("x") ? undefined : "options"),
    });
    await model.invoke("a", { callbacks: [named], metadata: payiMetadata({ useCaseName: "metadata" }) });
    await model.invoke("b", { callbacks: [named], runName: "run" });
    await model.invoke("c", { callbacks: [named], runName: "run", tags: ["x"] });
    await model.invoke("d", { callbacks: [named], tags: ["x"] });
    const events = await settledEvents(metered);
    expect(events.map(({ useCaseName }) => useCaseName)).toEqual(["metadata", "options", "run", "langchain"]);
  });

  test("unless the flow has one already", async () => {
    await using provider = await openProvider();
    await using metered = await meter([provider], "system.openai");
    const instance = startInstance({ name: "customer_chat", userId: "jane" });
    const callbacks = [new PayiCallbackHandler({ useCaseName: "unused" })];
    await instance.run(() => openai(provider.url).invoke("hello", { callbacks }));
    expect(metered.platform.scores).toEqual([]);
    instance.end();
    expect(await settledEvents(metered)).toMatchObject([
      { useCaseName: "customer_chat", useCaseId: instance.id, userId: "jane" },
    ]);
    expect(scoresOf(metered, "success")).toEqual([true]);
  });

  test("unless it is skipped", async () => {
    await using provider = await openProvider();
    await using metered = await meter([provider], "system.openai");
    const callbacks = [new PayiCallbackHandler({ skip: ({ tags }) => tags.includes("internal") })];
    await openai(provider.url).invoke("hello", { callbacks, tags: ["internal"] });
    expect(await settledEvents(metered)).toMatchObject([{ useCaseName: "tests" }]);
    expect(metered.platform.scores).toEqual([]);
  });

  test("that fails with it, and the error arrives unchanged", async () => {
    await using provider = await openProvider();
    await using metered = await meter([provider], "system.openai");
    const error = new Error("the map is missing");
    const chain = RunnableSequence.from([
      openai(provider.url),
      RunnableLambda.from(() => {
        throw error;
      }),
    ]);
    await expect(chain.invoke("hello", { callbacks: [new PayiCallbackHandler()] })).rejects.toBe(error);
    await settledEvents(metered);
    expect(scoresOf(metered, "success")).toEqual([false]);
  });
});

test("each tenant's concurrent runs with one handler stay apart", async () => {
  await using provider = await openProvider();
  await using metered = await meter([provider], "system.openai");
  const model = openai(provider.url, { callbacks: [new PayiCallbackHandler({ useCaseName: "chat" })] });
  const asked = await Promise.all(
    Array.from({ length: 30 }, async (_, index) => {
      const work = (): ReturnType<typeof model.invoke> =>
        model.invoke("hello", { metadata: payiMetadata({ userId: `user${index}` }) });
      // Every other one has a context of its own around it.
      const { id } = await (index % 2 === 0 ? work() : trackContext({ accountName: "acme" }, work));
      return `${id} user${index}`;
    }),
  );
  const events = await settledEvents(metered);
  expect(events.map((event) => `${event.providerResponseId} ${event.userId}`).toSorted()).toEqual(
    asked.toSorted(),
  );
});

test("retries that LangChain hides are attempts of one call", async () => {
  await using provider = await openProvider(1);
  await using metered = await meter([provider], "system.openai");
  const callbacks = [new PayiCallbackHandler({ useCaseName: "chat" })];
  await openai(provider.url, { maxRetries: 2 }).invoke("hello", { callbacks });
  const events = await settledEvents(metered);
  expect(events.map((event) => [event.httpStatusCode, event.useCaseName])).toEqual([
    [500, "chat"],
    [200, "chat"],
  ]);
});

test("a fallback is a call of its own, and the failure before it costs nothing", async () => {
  await using provider = await openProvider(1);
  await using metered = await meter([provider], "system.openai");
  const model = openai(provider.url).withFallbacks([openai(provider.url, { model: "gpt-4o" })]);
  await model.invoke("hello", { callbacks: [new PayiCallbackHandler({ useCaseName: "chat" })] });
  const events = await settledEvents(metered);
  expect(events.map(({ resource, units, useCaseName }) => [resource, units, useCaseName])).toEqual([
    ["gpt-5", {}, "chat"],
    ["gpt-4o", UNITS, "chat"],
  ]);
  expect(new Set(events.map(({ useCaseId }) => useCaseId)).size).toBe(1);
  expect(scoresOf(metered, "success")).toEqual([true]);
});

test.for(["with", "without"])(
  "an answer from LangChain's cache costs nothing, %s the transport",
  async (word) => {
    await using provider = await openProvider();
    const instruments = word === "with" ? undefined : [];
    await using metered = await meter([provider], "system.openai", { instruments });
    const model = openai(provider.url, {
      cache: new InMemoryCache(),
      callbacks: [new PayiCallbackHandler()],
    });
    await model.invoke("hello");
    await model.invoke("hello");
    const events = await settledEvents(metered);
    expect(events.map(({ units, properties }) => [units, properties?.["system.cached"]])).toEqual([
      [UNITS, undefined],
      [{}, "true"],
    ]);
  },
);

test("a stream that is left is counted once, as far as it was read", async () => {
  await using metered = await meter([], "own");
  const handler = new PayiCallbackHandler({ useCaseName: "chat" });
  const model = new FakeStreamingChatModel({
    sleep: 0,
    responses: [new AIMessage("go to Moab and look around")],
  });
  for await (const _chunk of await model.stream("a long question", { callbacks: [handler] })) break;
  getRuntime()?.openCalls.sweep(performance.now() + 3_600_000);
  expect(await settledEvents(metered)).toMatchObject([
    {
      useCaseName: "chat",
      properties: { "system.outcome": "abandoned", "system.usage_source": "estimated" },
    },
  ]);
});

test("a stream that is left stops the transport, too, and has the run's attribution", async () => {
  await using provider = await openProvider();
  await using metered = await meter([provider], "system.openai");
  const handler = new PayiCallbackHandler({ useCaseName: "chat" });
  for await (const _chunk of await openai(provider.url).stream("hello", { callbacks: [handler] })) break;
  getRuntime()?.openCalls.sweep(performance.now() + 3_600_000);
  const events = await settledEvents(metered);
  expect(events.map(({ useCaseName }) => useCaseName)).toEqual(["chat"]);
});

describe("a graph", () => {
  const State = Annotation.Root({ answer: Annotation<string> });

  test("that stops to ask is no failure, and goes on in the same instance", async () => {
    await using metered = await meter([], "own");
    const model = new FakeListChatModel({ responses: ["Moab"] });
    const graph = new StateGraph(State)
      .addNode("draft", async () => ({ answer: (await model.invoke("where?")).text }))
      .addNode("ask", () => ({ answer: String(interrupt("sure?")) }))
      .addEdge(START, "draft")
      .addEdge("draft", "ask")
      .addNode("polish", async () => ({ answer: (await model.invoke("nicer")).text }))
      .addEdge("ask", "polish")
      .compile({ checkpointer: new MemorySaver() });
    const callbacks = [new PayiCallbackHandler({ useCaseName: "trail_finder" })];
    const config = { configurable: { thread_id: "thread-1" }, callbacks };
    await graph.invoke({ answer: "" }, config);
    await settledEvents(metered);
    expect(scoresOf(metered, "success")).toEqual([]);
    await graph.invoke(new Command({ resume: "yes" }), config);
    const events = await settledEvents(metered);
    expect(events.map(({ useCaseStep }) => useCaseStep)).toEqual(["draft", "polish"]);
    expect(new Set(events.map(({ useCaseId }) => useCaseId)).size).toBe(1);
    expect(scoresOf(metered, "success")).toEqual([true]);
  });
});

describe("an agent's tools", () => {
  const findMap = tool(
    () => {
      throw new Error("no map");
    },
    { name: "find_map", description: "finds a map", schema: { type: "object", properties: {} } as const },
  );

  test("are counted, and so are their errors", async () => {
    await using metered = await meter([], "own");
    const toolCalls = [[{ name: "find_map", args: {}, id: "call_1" }], []];
    const agent = createAgent({ model: new FakeToolCallingModel({ toolCalls }), tools: [findMap] });
    const callbacks = [new PayiCallbackHandler({ useCaseName: "agent", kpis: "all" })];
    await agent.invoke({ messages: [{ role: "user", content: "hi" }] }, { callbacks });
    const events = await settledEvents(metered);
    expect(events.map(({ useCaseStep }) => useCaseStep)).toEqual(["model_request", "model_request"]);
    expect(events[0]?.functionCalls).toEqual([{ name: "find_map" }]);
    const tools = [
      scoresOf(metered, "tool_calls"),
      scoresOf(metered, "tool_errors"),
      scoresOf(metered, "success"),
    ];
    expect(tools).toEqual([[1], [1], [true]]);
  });
});

test.each([
  ["handler", true],
  ["transport and handler", false],
] as const)(
  "an answer that was cut off is told once by finish_reason_error, seen by the %s",
  async (_name, unseen) => {
    await using provider = await startLoopback((_request, response) => {
      const choices = CHAT_ANSWER.choices.map((choice) => ({ ...choice, finish_reason: "length" }));
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ ...CHAT_ANSWER, choices }));
    });
    await using metered = await meter(unseen ? [] : [provider], unseen ? "own" : "system.openai");
    const callbacks = [new PayiCallbackHandler({ useCaseName: "cut", kpis: "all" })];
    await openai(provider.url).invoke("hi", { callbacks });
    await settledEvents(metered);
    await metered.flush({ timeoutMs: 30_000 });
    expect(scoresOf(metered, "finish_reason_error")).toEqual([true]);
  },
);

describe("registered for the whole process", () => {
  test("every run is heard, and once where it has a handler of its own", async () => {
    await using metered = await meter([], "own");
    registerPayiGlobally({ useCaseName: "everywhere" });
    registerPayiGlobally({ useCaseName: "ignored" });
    const model = new FakeListChatModel({ responses: ["Moab"] });
    await model.invoke("a");
    await RunnableLambda.from(() => model.invoke("b")).invoke("x", {
      callbacks: [new PayiCallbackHandler()],
    });
    const events = await settledEvents(metered);
    expect(events).toHaveLength(2);
    expect(events[0]?.useCaseName).toBe("everywhere");
  });
});
