/** An application that makes metered calls until something happens to it. Started as a process of its own. */
import { appendFileSync } from "node:fs";
import { compileFunction } from "node:vm";

import { close, flush, getContext, payiInstrument, trackContext } from "../../src/index.ts";
import { type Told, type Workload } from "./messages.ts";

const workload = JSON.parse(process.env["WORKLOAD"] ?? "{}") as Workload;
const payi = payiInstrument({
  ...(workload.instruments === undefined ? {} : { instruments: workload.instruments }),
  config: {
    useCaseName: "faults",
    hostMappings: { [new URL(workload.provider).host]: { priceAsCategory: "system.openai" } },
    ...workload.config,
  },
});
const MOST_AT_ONCE = 50;
let failed = 0;
let made = 0;
let latencies: number[] = [];

async function call(): Promise<void> {
  const start = performance.now();
  try {
    const response = await fetch(`${workload.provider}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        model: "gpt-5",
        messages: [{ role: "user", content: "Where to?" }],
        ...(workload.streamed === true ? { stream: true, stream_options: { include_usage: true } } : {}),
      }),
    });
    const id = /"id":"([^"]+)"/.exec(await response.text())?.[1] ?? "";
    if (workload.log !== undefined) appendFileSync(workload.log, `${id} ${Date.now()}\n`);
  } catch {
    failed += 1;
  }
  made += 1;
  latencies.push(performance.now() - start);
}

async function run(): Promise<void> {
  const { calls, perSecond, concurrency = 1 } = workload;
  let started = 0;
  if (perSecond === undefined) {
    const worker = async (): Promise<void> => {
      while (started < calls) {
        started += 1;
        await call();
      }
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
    return;
  }
  const startMs = performance.now();
  const open = new Set<Promise<void>>();
  while (started < calls) {
    const due = Math.min(calls, Math.floor(((performance.now() - startMs) / 1000) * perSecond));
    // What a machine that stood still is behind with is not made up for at once: no provider would take it.
    for (; started < due && open.size < MOST_AT_ONCE; started += 1) {
      const one = call();
      open.add(one);
      void one.then(() => open.delete(one));
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await Promise.all(open);
}

function tell(): Told {
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  const sorted = latencies.toSorted((a, b) => a - b);
  latencies = [];
  return { stats: payi.stats(), failed, made, latencies: sorted, heapBytes: heapUsed, residentBytes: rss };
}

process.on("message", (message) => {
  if (message === "tell") process.send?.(tell());
  if (message === "flush") void flush({ timeoutMs: 30_000 }).then(() => process.send?.(tell()));
});
// Being asked must not keep an idle process alive: that is what some tests look at.
process.channel?.unref();

if (workload.recipe !== undefined) compileFunction(workload.recipe, ["close"])(close);
await trackContext({ userId: "jane" }, async () => {
  await run();
  // Attribution reaches every call.
  if (getContext().userId !== "jane") throw new Error("The context was lost.");
});
process.send?.({ done: true });
if (workload.ending === "exit") process.exit(3);
if (workload.ending === "throw") throw new Error("uncaught on purpose");
if (workload.ending === "close") await close({ timeoutMs: 30_000 });
if (workload.ending === "stay") setInterval(() => undefined, 60_000);
