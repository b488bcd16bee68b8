/** The oldest LangChain that the package says it works with; the other tests run with the newest. */
import { BaseCallbackHandler } from "langchain-core-0/callbacks/base";
import { CallbackManager } from "langchain-core-0/callbacks/manager";
import { BaseChatModel } from "langchain-core-0/language_models/chat_models";
import { AIMessage, type BaseMessage } from "langchain-core-0/messages";
import { RunnableLambda, RunnableSequence } from "langchain-core-0/runnables";
import { FakeStreamingChatModel } from "langchain-core-0/utils/testing";
import OpenAI from "openai";
import { expect, test, vi } from "vitest";

import { getRuntime, meter, settledEvents, startLoopback } from "../../core/test/support.ts";
import { CHAT_ANSWER } from "../../core/test/synthetic.ts";
import { PayiCallbackHandler, registerPayiGlobally } from "../src/index.ts";

vi.mock("@langchain/core/callbacks/base", () => import("langchain-core-0/callbacks/base"));
vi.mock("@langchain/core/callbacks/manager", () => import("langchain-core-0/callbacks/manager"));

/** An integration as they were then. */
class ChatOfThen extends BaseChatModel {
  readonly #client: OpenAI;

  constructor(url: string) {
    super({ maxRetries: 0 });
    this.#client = new OpenAI({ apiKey: "sk-test", baseURL: `${url}/v1`, maxRetries: 0 });
  }

  override _llmType(): string {
    return "then";
  }

  override getLsParams(): { ls_provider: string; ls_model_name: string; ls_model_type: "chat" } {
    return { ls_provider: "openai", ls_model_name: "gpt-5", ls_model_type: "chat" };
  }

  override async _generate(
    messages: BaseMessage[],
  ): Promise<{ generations: { text: string; message: AIMessage }[] }> {
    const { id, usage } = await this.#client.chat.completions.create({
      model: "gpt-5",
      messages: messages.map(({ content }) => ({ role: "user", content: content as string })),
    });
    const usage_metadata = {
      input_tokens: usage?.prompt_tokens ?? 0,
      output_tokens: usage?.completion_tokens ?? 0,
      total_tokens: usage?.total_tokens ?? 0,
    };
    return { generations: [{ text: "", message: new AIMessage({ content: "", id, usage_metadata }) }] };
  }
}

test.for(["both", "transport", "handler"])("a chain's call is one event, heard by %s", async (word) => {
  await using provider = await startLoopback((_request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(CHAT_ANSWER));
  });
  const instruments = word === "handler" ? [] : undefined;
  await using metered = await meter([provider], "system.openai", { instruments });
  const chain = RunnableSequence.from([
    RunnableLambda.from((text: string) => `${text} near Moab`),
    new ChatOfThen(provider.url),
  ]).withConfig({ runName: "trail_finder" });
  const callbacks = word === "transport" ? [] : [new PayiCallbackHandler()];
  await chain.invoke("trails", { callbacks });
  expect(await settledEvents(metered)).toMatchObject([
    {
      category: "system.openai",
      resource: "gpt-5",
      useCaseName: word === "transport" ? "tests" : "trail_finder",
      units: { text: { input: 9, output: 12 } },
    },
  ]);
});

test("the handler is awaited, and a run below knows its root", async () => {
  const handler = new PayiCallbackHandler({ useCaseName: "outer" });
  expect(handler).toBeInstanceOf(BaseCallbackHandler);
  expect([handler.awaitHandlers, handler.raiseError, handler.name]).toEqual([true, true, "payi"]);
  await using metered = await meter([], "own");
  const model = new FakeStreamingChatModel({ responses: [new AIMessage("Moab")] });
  const inner = RunnableLambda.from((text: string, config) => model.invoke(text, config));
  const outer = RunnableLambda.from((text: string, config) => inner.invoke(text, config));
  await outer.invoke("where?", { callbacks: [handler] });
  const [event, ...more] = await settledEvents(metered);
  expect([event?.useCaseName, more]).toEqual(["outer", []]);
  expect(metered.platform.scores.filter(({ path }) => path.endsWith("/success"))).toHaveLength(1);
});

test("a stream that is left is counted once", async () => {
  await using metered = await meter([], "own");
  const callbacks = [new PayiCallbackHandler({ useCaseName: "chat" })];
  const model = new FakeStreamingChatModel({ responses: [new AIMessage("go to Moab and look")], sleep: 0 });
  for await (const _chunk of await model.stream("where?", { callbacks })) break;
  getRuntime()?.openCalls.sweep(performance.now() + 3_600_000);
  const events = await settledEvents(metered);
  expect(events.map(({ useCaseName }) => useCaseName)).toEqual(["chat"]);
});

test("it can be registered for the whole process", async () => {
  await using metered = await meter([], "own");
  registerPayiGlobally({ useCaseName: "everywhere" });
  const model = new FakeStreamingChatModel({ responses: [new AIMessage("Moab")] });
  await model.invoke("a");
  await model.invoke("b", { callbacks: CallbackManager.fromHandlers({}) });
  const events = await settledEvents(metered);
  expect(events.map(({ useCaseName }) => useCaseName)).toEqual(["everywhere", "everywhere"]);
});
