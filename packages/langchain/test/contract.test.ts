import { HumanMessage } from "@langchain/core/messages";
import { ChatOpenAI } from "@langchain/openai";
import { LimitExceededError } from "@payi/core";

import { type Handled, adapterContract } from "../../core/test/adapter-contract.ts";
import { type ContractModel } from "../../core/test/contract-house.ts";
import { PayiCallbackHandler, payiMetadata } from "../src/index.ts";

adapterContract("@payi/langchain", {
  reportsCalls: true,
  // Callbacks can put nothing around an application's code: each model call is a run of its own.
  enclosesWork: false,
  start(house, { useCaseName, layers, failingResolver }) {
    const handler = (): PayiCallbackHandler =>
      new PayiCallbackHandler({
        useCaseName,
        ...(failingResolver
          ? {
              userId: () => {
                throw new Error("no session");
              },
            }
          : {}),
      });
    const callbacks = {
      transport: [],
      both: [handler()],
      adapter: [handler()],
      nested: [handler(), handler()],
    };
    const model = new ChatOpenAI({
      model: "gpt-5",
      apiKey: "sk-test",
      maxRetries: 0,
      configuration: { baseURL: `${house.provider.url}/v1`, fetch: house.fetch },
      callbacks: callbacks[layers],
    });
    return {
      async handle({ userId, work, signal }): Promise<Handled> {
        const metadata = failingResolver ? {} : payiMetadata({ userId });
        const config = { metadata, signal };
        const asked: ContractModel = {
          async ask(prompt) {
            await model.invoke([new HumanMessage(prompt)], config);
          },
          async *stream(prompt) {
            for await (const chunk of await model.stream([new HumanMessage(prompt)], config)) {
              if (chunk.text !== "") yield chunk.text;
            }
          },
        };
        try {
          await work(asked);
          return { ending: "answered" };
        } catch (error) {
          const refusal = LimitExceededError.from(error);
          if (refusal !== undefined) return { ending: "refused", limitIds: refusal.limitIds };
          return signal.aborted ? { ending: "left" } : { ending: "failed", error };
        }
      },
      async [Symbol.asyncDispose]() {
        // A model holds nothing open.
      },
    };
  },
});
