import { FakeListChatModel } from "@langchain/core/utils/testing";
import { Annotation, Command, MemorySaver, START, StateGraph, interrupt } from "@langchain/langgraph";
import { type Instance, startInstance } from "@payi/core";
import { expect, test } from "vitest";

import { type Metered, meter, settledEvents } from "../../core/test/support.ts";
import { PayiCallbackHandler } from "../src/index.ts";
import { PausedInstances, type Thread } from "../src/paused.ts";

const State = Annotation.Root({ answer: Annotation<string> });
const model = new FakeListChatModel({ responses: ["Moab"] });

/** Two calls of a model, and between them a question, or a breakpoint before the second one. */
function graph(asks: "in a node" | "at a breakpoint" = "in a node") {
  return new StateGraph(State)
    .addNode("first", async () => ({ answer: (await model.invoke("hi")).text }))
    .addNode("ask", () => ({ answer: asks === "in a node" ? String(interrupt("sure?")) : "yes" }))
    .addNode("second", async () => ({ answer: (await model.invoke("hi")).text }))
    .addEdge(START, "first")
    .addEdge("first", "ask")
    .addEdge("ask", "second")
    .compile({
      checkpointer: new MemorySaver(),
      ...(asks === "in a node" ? {} : { interruptBefore: ["second"] }),
    });
}

function config(useCaseName: string, options: { accountName?: string; userId?: string } = {}) {
  return {
    // One for each test: what nobody answers goes on waiting.
    configurable: { thread_id: expect.getState().currentTestName },
    callbacks: [new PayiCallbackHandler({ useCaseName, ...options })],
  };
}

/** Calls by the instance that they belong to, in order of the instances, and how often each was ended. */
async function told(metered: Metered): Promise<readonly unknown[]> {
  const events = await settledEvents(metered);
  const ids = [...new Set(events.map(({ useCaseId }) => useCaseId))];
  return ids.map((id) => {
    const mine = events.filter(({ useCaseId }) => useCaseId === id);
    const ends = metered.platform.scores.filter(({ path }) => path.endsWith(`${id}/kpis/success`));
    return [mine[0]?.useCaseName, mine.length, ends.length];
  });
}

test("another graph with the same thread id went on in the use case and the instance of the first", async () => {
  await using metered = await meter([], "own", { config: { useCaseName: undefined } });
  const support = graph();
  const billing = graph();
  const jane = config("support", { accountName: "acme", userId: "jane" });
  const bob = config("billing", { accountName: "globex", userId: "bob" });
  await support.invoke({ answer: "" }, jane);
  await billing.invoke({ answer: "" }, bob);
  await billing.invoke(new Command({ resume: "yes" }), bob);
  await support.invoke(new Command({ resume: "yes" }), jane);
  expect(await told(metered)).toEqual([
    ["support", 2, 1],
    ["billing", 2, 1],
  ]);
});

test("graphs, tenants and names alike but for their checkpoints each go on in their own instance", async () => {
  await using metered = await meter([], "own", { config: { useCaseName: undefined } });
  const [one, other] = [graph(), graph()];
  await one.invoke({ answer: "" }, config("support"));
  await other.invoke({ answer: "" }, config("support"));
  await one.invoke(new Command({ resume: "yes" }), config("support"));
  await other.invoke(new Command({ resume: "yes" }), config("support"));
  expect(await told(metered)).toEqual([
    ["support", 2, 1],
    ["support", 2, 1],
  ]);
});

test("a question in a new run of a thread that waits for an answer is an instance of its own", async () => {
  await using metered = await meter([], "own", { config: { useCaseName: undefined } });
  const asking = graph();
  await asking.invoke({ answer: "" }, config("support"));
  await asking.invoke({ answer: "anew" }, config("support"));
  expect(await told(metered)).toEqual([
    ["support", 1, 0],
    ["support", 1, 0],
  ]);
});

test.for(["at once", "after its state was changed"])(
  "interruptBefore ended the instance, and what was resumed %s had another one",
  async (when) => {
    await using metered = await meter([], "own", { config: { useCaseName: undefined } });
    const stopping = graph("at a breakpoint");
    await stopping.invoke({ answer: "" }, config("support", { userId: "jane" }));
    expect(await told(metered)).toEqual([["support", 1, 0]]);
    if (when !== "at once") await stopping.updateState(config("support"), { answer: "edited" });
    await stopping.invoke(null, config("support", { userId: "approver" }));
    expect(await told(metered)).toEqual([["support", 2, 1]]);
  },
);

test("a graph that stops to ask outside of every thread ends its instance: nobody can go on with it", async () => {
  await using metered = await meter([], "own", { config: { useCaseName: undefined } });
  const { callbacks } = config("support");
  const lonely = new StateGraph(State)
    .addNode("first", async () => ({ answer: (await model.invoke("hi")).text }))
    .addEdge(START, "first")
    .compile({ interruptAfter: ["first"] });
  await lonely.invoke({ answer: "" }, { callbacks });
  expect(await told(metered)).toEqual([["support", 1, 1]]);
});

test("a LangGraph that tells of no checkpoints goes on by thread, name and tenant, and only with an answer", async () => {
  await using metered = await meter([], "own", { config: { useCaseName: undefined } });
  const run = (options: object, inputs: object, asks: boolean): void => {
    const handler = new PayiCallbackHandler({ useCaseName: "support", ...options });
    const [root, node] = [crypto.randomUUID(), crypto.randomUUID()];
    const metadata = { thread_id: "1" };
    handler.handleChainStart({}, inputs, root, undefined, [], metadata, undefined, "LangGraph");
    handler.handleChainStart({}, {}, node, root, [], metadata, undefined, "ask");
    void handler.handleLLMStart({}, ["hi"], `${node}-llm`, node, {}, [], metadata);
    handler.handleLLMEnd({ generations: [[{ text: "Moab" }]] }, `${node}-llm`);
    if (asks) handler.handleChainError({ is_bubble_up: true, interrupts: [{ value: "sure?" }] }, node);
    else handler.handleChainEnd({}, node);
    handler.handleChainEnd({}, root);
  };
  run({ accountName: "acme", userId: "jane" }, { answer: "" }, true);
  run({ accountName: "globex" }, { input: null }, false);
  run({ accountName: "acme", userId: "jane" }, { answer: "anew" }, false);
  run({ accountName: "acme", userId: "approver" }, { lg_name: "Command", resume: "yes" }, false);
  expect(await told(metered)).toEqual([
    ["support", 2, 1],
    ["support", 1, 1],
    ["support", 1, 1],
  ]);
});

test("of instances that cannot be told apart none goes on, and the oldest of too many ends as aborted", () => {
  const paused = new PausedInstances();
  const thread = (userId: string): Thread => ({
    id: "1",
    runName: "LangGraph",
    useCaseName: "support",
    accountName: "acme",
    userId,
  });
  const wait = (userId: string): Instance => {
    const instance = startInstance({ name: "support" });
    paused.add({ instance, thread: thread(userId), checkpointId: undefined });
    return instance;
  };
  const [first, second] = [wait("jane"), wait("bob")];
  expect(paused.take(thread("approver"), undefined)).toBeUndefined();
  expect(paused.take(thread("jane"), "elsewhere")).toBeUndefined();
  expect(paused.take(thread("jane"), undefined)).toBe(first);
  for (let count = 0; count < 999; count += 1) wait("many");
  expect(second.ended).toBe(false);
  wait("many");
  expect(second.ended).toBe(true);
  expect(paused.take(thread("bob"), undefined)).toBeUndefined();
});

test("a pause that nobody answered kept a later one from going on", () => {
  const paused = new PausedInstances();
  const thread: Thread = {
    id: "1",
    runName: "LangGraph",
    useCaseName: "support",
    accountName: "acme",
    userId: "jane",
  };
  const wait = (checkpointId: string): Instance => {
    const instance = startInstance({ name: "support" });
    paused.add({ instance, thread, checkpointId });
    return instance;
  };
  const [unanswered, live] = [wait("first"), wait("second")];
  expect(paused.take({ ...thread, accountName: "globex" }, "edited")).toBeUndefined();
  expect(paused.take(thread, "edited")).toBe(live);
  expect([unanswered.ended, live.ended]).toEqual([true, false]);
  expect(paused.take(thread, "edited")).toBeUndefined();
});
