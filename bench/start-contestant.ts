/** One contestant of the `start` suite, alone in its process: `openai|payi`, from nothing to ready. */
import type * as core from "@payi/core";

const [contestant] = process.argv.slice(2);

/** True where what was started is in place. */
async function start(): Promise<boolean> {
  if (contestant === "openai") return typeof (await import("openai")).default === "function";
  const plain = globalThis.fetch;
  const built = new URL("../packages/core/dist/bundle/index.js", import.meta.url);
  const { createClient, payiInstrument } = (await import(built.href)) as typeof core;
  payiInstrument({ payi: createClient({ apiKey: "k", baseUrl: "http://127.0.0.1:4470" }) });
  return globalThis.fetch !== plain;
}

const startedMs = performance.now();
const before = process.cpuUsage();
const isReady = await start();
const cpu = process.cpuUsage(before);
const elapsedUs = (performance.now() - startedMs) * 1000;
process.send?.({
  calls: 1,
  cpuUs: cpu.user + cpu.system,
  p50Us: elapsedUs,
  p99Us: elapsedUs,
  delivered: isReady ? 1 : 0,
  errors: isReady ? 0 : 1,
});
process.disconnect();
