/**
 * A peer of the `adapters` suite, alone in its process: `generate|stream otel <calls>`. The AI SDK's own telemetry in its
 * default configuration; spans are encoded as they would be for sending, and those without a parent are counted.
 */
import { OpenTelemetry } from "@ai-sdk/otel";
import { JsonTraceSerializer } from "@opentelemetry/otlp-transformer";
import { BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { generateText, registerTelemetry, streamText } from "ai";

import { PROMPT, mockModel } from "../adapters/ai-sdk-model.ts";
import { installStub, measure, sink } from "../sdk-stub.ts";

const [kind, , callsText] = process.argv.slice(2);

installStub(undefined);
const exporter = {
  export(spans, done) {
    if (JsonTraceSerializer.serializeRequest(spans) !== undefined) {
      sink.delivered += spans.filter((span) => span.parentSpanContext === undefined).length;
    }
    done({ code: 0 });
  },
  shutdown: async () => undefined,
  forceFlush: async () => undefined,
};
const processor = new BatchSpanProcessor(exporter, { maxQueueSize: 1_000_000 });
new NodeTracerProvider({ spanProcessors: [processor] }).register();
registerTelemetry(new OpenTelemetry());
const model = mockModel();

async function call() {
  if (kind === "generate") {
    await generateText({ model, prompt: PROMPT });
    return;
  }
  for await (const _text of streamText({ model, prompt: PROMPT }).textStream);
}

await measure(Number(callsText), call, () => processor.forceFlush(), true);
