/**
 * One contestant of `adapters`, alone in its process: `generate|stream bare|idle|payi|payi-telemetry <calls>`; `idle` is a
 * middleware that hands everything on, which is what whoever looks at a stream pays at least. No transport sees the model, so
 * the adapter does all of the work: context, limits, usage, price, event, delivery.
 */
import { payiMiddleware, payiTelemetry } from "@payi/ai-sdk";
import { createClient, flush, payiInstrument } from "@payi/core";
import {
  type LanguageModelMiddleware,
  generateText,
  registerTelemetry,
  streamText,
  wrapLanguageModel,
} from "ai";

import { installStub, measure } from "../sdk-stub.ts";
import { PROMPT, mockModel } from "./ai-sdk-model.ts";

const [kind, contestant, callsText] = process.argv.slice(2);
const reports = contestant?.startsWith("payi") === true;

installStub(undefined);
if (reports) payiInstrument({ payi: createClient({ apiKey: "k", baseUrl: "http://127.0.0.1:4470" }) });
if (contestant === "payi-telemetry") registerTelemetry(payiTelemetry());
const idle: LanguageModelMiddleware = {
  specificationVersion: "v4",
  async wrapStream({ doStream }) {
    const { stream, ...rest } = await doStream();
    return { ...rest, stream: handOn(stream) };
  },
};
const MIDDLEWARE: Readonly<Record<string, LanguageModelMiddleware>> = { idle, payi: payiMiddleware() };
const middleware = MIDDLEWARE[contestant ?? ""];
const model = middleware === undefined ? mockModel() : wrapLanguageModel({ model: mockModel(), middleware });

function handOn<Part>(stream: ReadableStream<Part>): ReadableStream<Part> {
  const reader = stream.getReader();
  return new ReadableStream<Part>(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      },
    },
    { highWaterMark: 0 },
  );
}

async function call(): Promise<void> {
  if (kind === "generate") {
    await generateText({ model, prompt: PROMPT });
    return;
  }
  for await (const _text of streamText({ model, prompt: PROMPT }).textStream);
}

await measure(Number(callsText), call, () => flush({ timeoutMs: 30_000 }), reports);
