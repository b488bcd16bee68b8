/** One call, one cost: every combination of layers, on every provider's recorded answers. */
import { type AutoKpiOptions } from "@payi/core";
import { type IngestEvent } from "@payi/core/wire";
import { describe, expect, test } from "vitest";

import { PayiCallbackHandler } from "../src/index.ts";
import { type Replayed, areAbsent, drain, modelFor, recorded, replay } from "./support.ts";

const RECORDINGS = recorded("02", "05", "15", "16", "25", "35", "39", "40");
const LAYERS = [
  "transport",
  "handler",
  "transport and handler",
  "transport and two handlers",
  "two handlers",
];

describe.for(RECORDINGS)("$id", (recording) => {
  async function run(layers: string, kpis?: AutoKpiOptions): Promise<Replayed> {
    const handler = new PayiCallbackHandler({ useCaseName: "trail_finder", userId: "jane", kpis });
    const two = layers.includes("two");
    const callbacks = layers.includes("handler")
      ? [handler, ...(two ? [new PayiCallbackHandler()] : [])]
      : [];
    const instruments = layers.includes("transport") ? undefined : [];
    return replay(recording, { instruments }, async () => {
      const model = modelFor(recording);
      if (recording.streaming) await drain(await model.stream("hello", { callbacks }));
      else await model.invoke("hello", { callbacks });
    });
  }

  test.skipIf(areAbsent).for(LAYERS)("is one event with %s", async (layers) => {
    const { events } = await run(layers);
    expect(events).toHaveLength(1);
    const [event] = events;
    const { category, resource, properties } = event ?? {};
    expect([category, resource, properties?.["system.outcome"]]).toEqual([
      { openai: "system.openai", anthropic: "system.anthropic", google: "system.google.vertex" }[
        recording.provider
      ],
      expect.any(String),
      "ok",
    ]);
    const attribution = layers === "transport" ? ["tests", undefined] : ["trail_finder", "jane"];
    expect([event?.useCaseName, event?.userId]).toEqual(attribution);
    expect(event?.timeToFirstTokenMs === undefined).toBe(!recording.streaming);
  });

  test.skipIf(areAbsent).for(["transport and handler", "handler"])(
    "streams told no finish reason: the KPI finish_reason_error is recorded with the %s",
    async (layers) => {
      const { scores } = await run(layers, { finish_reason_error: true });
      const told = scores.filter(({ path }) => path.endsWith("/finish_reason_error"));
      expect(told.map(({ score }) => score)).toEqual([false]);
    },
  );

  test.skipIf(areAbsent)("costs the same by the handler's word as by the transport's", async () => {
    const [seen] = (await run("transport")).events;
    const [heard] = (await run("handler")).events;
    expect(heard?.resource).toBe(seen?.resource);
    // What Gemini's integration leaves out is told apart as an estimate: its kinds may differ, its sum does not.
    const isEstimate = heard?.properties?.["system.usage_source"] === "estimated";
    expect(isEstimate).toBe(recording.provider === "google");
    expect(isEstimate ? total(heard) : heard?.units).toEqual(isEstimate ? total(seen) : seen?.units);
  });
});

function total(event: IngestEvent | undefined): number {
  return Object.values(event?.units ?? {}).reduce((sum, { input, output }) => sum + input + output, 0);
}
