/**
 * A peer of the `sdk` suite, alone in its process: `json|stream langfuse|openinference <calls>`, each in its default
 * configuration, prompts and answers recorded. Spans are encoded as they would be for sending, and counted there.
 */
import { OpenAIInstrumentation } from "@arizeai/openinference-instrumentation-openai";
import { observeOpenAI } from "@langfuse/openai";
import { LangfuseSpanProcessor } from "@langfuse/otel";
import { JsonTraceSerializer } from "@opentelemetry/otlp-transformer";
import { BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import OpenAI from "openai";

import { MESSAGES, installStub, measure, sink } from "../sdk-stub.ts";

const [kind, contestant, callsText] = process.argv.slice(2);

installStub(kind);
const exporter = {
  export(spans, done) {
    if (JsonTraceSerializer.serializeRequest(spans) !== undefined) sink.delivered += spans.length;
    done({ code: 0 });
  },
  shutdown: async () => undefined,
  forceFlush: async () => undefined,
};
const queue = { maxQueueSize: 1_000_000 };
const processor =
  contestant === "langfuse"
    ? new LangfuseSpanProcessor({ exporter, publicKey: "pk", secretKey: "sk", baseUrl: "http://127.0.0.1:9" })
    : new BatchSpanProcessor(exporter, queue);
const provider = new NodeTracerProvider({ spanProcessors: [processor] });
provider.register();
let client;
if (contestant === "langfuse") client = observeOpenAI(new OpenAI({ apiKey: "k", maxRetries: 0 }));
else {
  new OpenAIInstrumentation({ tracerProvider: provider }).manuallyInstrument(OpenAI);
  client = new OpenAI({ apiKey: "k", maxRetries: 0 });
}

async function call() {
  const body = { model: "gpt-5", messages: MESSAGES };
  if (kind === "json") {
    await client.chat.completions.create(body);
    return;
  }
  const stream = await client.chat.completions.create({
    ...body,
    stream: true,
    stream_options: { include_usage: true },
  });
  for await (const _chunk of stream);
}

await measure(Number(callsText), call, () => processor.forceFlush(), true);
