/**
 * One contestant of `adapters`, alone in its process: `invoke|stream bare|idle|payi <calls>`; `idle` is an awaited handler
 * without methods, which is what LangChain itself takes for having one. No transport sees the model, so the adapter does all
 * of the work: context, limits, usage, price, event, KPIs, delivery.
 */
import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { createClient, flush, payiInstrument } from "@payi/core";
import { PayiCallbackHandler } from "@payi/langchain";

import { installStub, measure } from "../sdk-stub.ts";
import { INPUT, createChain } from "./langchain-model.ts";

const [kind, contestant, callsText] = process.argv.slice(2);
const reports = contestant === "payi";

installStub(undefined);
if (reports) payiInstrument({ payi: createClient({ apiKey: "k", baseUrl: "http://127.0.0.1:4470" }) });

class Idle extends BaseCallbackHandler {
  readonly name = "idle";

  override copy(): this {
    return this;
  }
}

const HANDLERS: Readonly<Record<string, BaseCallbackHandler>> = {
  idle: new Idle({ _awaitHandler: true }),
  payi: new PayiCallbackHandler({ useCaseName: "trail_finder" }),
};
const handler = HANDLERS[contestant ?? ""];
// Without a handler there is no list either: an empty one costs more than half of what LangChain takes for a handler.
const config = handler === undefined ? {} : { callbacks: [handler] };
const chain = createChain();

async function call(): Promise<void> {
  if (kind === "invoke") {
    await chain.invoke(INPUT, config);
    return;
  }
  for await (const _chunk of await chain.stream(INPUT, config));
}

await measure(Number(callsText), call, () => flush({ timeoutMs: 30_000 }), reports);
