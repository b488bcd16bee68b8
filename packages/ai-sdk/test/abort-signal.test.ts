import { getEventListeners } from "node:events";

import { MockLanguageModelV4 } from "ai/test";
import { expect, test } from "vitest";

import { getRuntime, meter, settledEvents } from "../../core/test/support.ts";
import { trackModel } from "../src/index.ts";

const FINISH = {
  type: "finish",
  finishReason: { unified: "stop", raw: "stop" },
  usage: { inputTokens: { total: 9 }, outputTokens: { total: 5 } },
};

type Reader = ReadableStreamDefaultReader<unknown>;

/** What becomes of a stream of which one part has been read, and how it is counted. */
const ENDS: Readonly<Record<string, readonly [end: (reader: Reader) => unknown, outcome: string]>> = {
  abandoned: [() => getRuntime()?.openCalls.sweep(performance.now() + 3_600_000), "abandoned"],
  cancelled: [(reader) => reader.cancel(), "aborted"],
  "read to its end": [(reader) => reader.read(), "ok"],
};

test.for(Object.entries(ENDS))(
  "a signal shared by a thousand streams kept a listener of each that was %s",
  async ([, [end, outcome]]) => {
    await using metered = await meter([], "own");
    const model = new MockLanguageModelV4({
      provider: "openai.chat",
      modelId: "gpt-5",
      doStream: async () => {
        const stream = new ReadableStream({
          start(controller) {
            controller.enqueue({ type: "text-delta", id: "1", delta: "Moab" });
            controller.enqueue(FINISH);
          },
        });
        return { stream: stream as never };
      },
    });
    const { signal } = new AbortController();
    const readers: Reader[] = [];
    for (let count = 0; count < 1_000; count += 1) {
      const { stream } = await trackModel(model).doStream({ prompt: [], abortSignal: signal });
      const reader = stream.getReader();
      await reader.read();
      readers.push(reader);
    }
    expect(getEventListeners(signal, "abort")).toHaveLength(1_000);
    for (const reader of readers) await end(reader);
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
    const events = await settledEvents(metered);
    expect(events).toHaveLength(1_000);
    expect(new Set(events.map(({ properties }) => properties?.["system.outcome"]))).toEqual(
      new Set([outcome]),
    );
  },
);
