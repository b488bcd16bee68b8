/**
 * One contestant of `adapters`, alone in its process: `generate|stream bare|payi|payi-telemetry <calls>`. No transport sees
 * the model, so the adapter does all of the work: context, limits, usage, price, event, delivery.
 */
import { payiMiddleware, payiTelemetry } from "@payi/ai-sdk";
import { createClient, flush, payiInstrument } from "@payi/core";
import { generateText, registerTelemetry, streamText, wrapLanguageModel } from "ai";

import { installStub, measure } from "../sdk-stub.ts";
import { PROMPT, mockModel } from "./ai-sdk-model.ts";

const [kind, contestant, callsText] = process.argv.slice(2);
const reports = contestant !== "bare";

installStub(undefined);
if (reports) payiInstrument({ payi: createClient({ apiKey: "k", baseUrl: "http://127.0.0.1:4470" }) });
if (contestant === "payi-telemetry") registerTelemetry(payiTelemetry());
const bare = mockModel();
const model = contestant === "payi" ? wrapLanguageModel({ model: bare, middleware: payiMiddleware() }) : bare;

async function call(): Promise<void> {
  if (kind === "generate") {
    await generateText({ model, prompt: PROMPT });
    return;
  }
  for await (const _text of streamText({ model, prompt: PROMPT }).textStream);
}

await measure(Number(callsText), call, () => flush({ timeoutMs: 30_000 }), reports);
