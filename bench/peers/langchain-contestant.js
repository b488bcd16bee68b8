/**
 * A peer of the `adapters` suite, alone in its process: `invoke|stream langfuse <calls>`, in its default configuration,
 * prompts and answers recorded. Spans are encoded as they would be for sending, and those without a parent are counted.
 */
import { CallbackHandler } from "@langfuse/langchain";
import { LangfuseSpanProcessor } from "@langfuse/otel";
import { JsonTraceSerializer } from "@opentelemetry/otlp-transformer";
import { NodeTracerProvider } from "@opentelemetry/sdk-trace-node";

import { INPUT, createChain } from "../adapters/langchain-model.ts";
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
const keys = { publicKey: "pk", secretKey: "sk", baseUrl: "http://127.0.0.1:9" };
const processor = new LangfuseSpanProcessor({ exporter, ...keys });
new NodeTracerProvider({ spanProcessors: [processor] }).register();
const chain = createChain();

async function call() {
  // One for each run: it keeps the state of one.
  const callbacks = [new CallbackHandler()];
  if (kind === "invoke") {
    await chain.invoke(INPUT, { callbacks });
    return;
  }
  for await (const _chunk of await chain.stream(INPUT, { callbacks }));
}

await measure(Number(callsText), call, () => processor.forceFlush(), true);
