/**
 * Sends malformed requests to a server process in rounds: `node --conditions=@payi/source
 * test/faults/malformed-requests.ts [requests] [seed] [rounds]`. Prints what was answered, and after each round the
 * server's resident memory and what its heap holds once garbage is collected: a leak would show there first.
 */
/* oxlint-disable no-await-in-loop -- one round after the other */
import { readFileSync } from "node:fs";

import { type MalformedRun, runMalformed } from "../../apps/server/test/abuse/malformed.ts";
import { listening, makeFolder, startPayi, stop } from "../../apps/server/test/commands/support.ts";
import { TEST_KEY } from "../../apps/server/test/support.ts";
import { INSPECTED, heapOf } from "./heap-of.ts";

const [requests = "100000", seed = "1", rounds = "5"] = process.argv.slice(2);
/** How much more memory than after the first round may be resident after the last one. */
const BOUND_MIB = 50;
/** And how much more the heap may hold: caches that fill up, no more. */
const HEAP_BOUND_MIB = 5;

await using folder = await makeFolder();
const child = startPayi(["serve"], {
  PAYI_DATA_DIR: folder.path,
  PAYI_API_KEY: TEST_KEY,
  PORT: "0",
  PAYI_REQUESTS_PER_MINUTE: "0",
  ...INSPECTED,
});
const [heap, url] = await Promise.all([heapOf(child), listening(child)]);
const memory: { readonly heapMib: number; readonly residentMib: number }[] = [];
const statuses: Record<string, number> = {};
let [sent, hangs, seconds] = [0, 0, 0];
// What a server holds once it has worked is not what it holds right after its start: the first round counts as warm-up.
for (let round = 0; round <= Number(rounds); round += 1) {
  const started = performance.now();
  const run = await runMalformed(url, Math.ceil(Number(requests) / Number(rounds)), 16, Number(seed) + round);
  if (round > 0) add(run, (performance.now() - started) / 1000);
  memory.push({ heapMib: await heap.usedMib(), residentMib: residentMib() });
}
const alive = child.exitCode === null && (await fetch(`${url}/readyz`)).status === 200;
await heap[Symbol.asyncDispose]();
const exit = await stop(child, "SIGTERM");
console.log(
  JSON.stringify({ sent, statuses, hangs, perSecond: Math.round(sent / seconds), alive, exit, memory }),
);
const [first, last] = [memory[0], memory.at(-1)];
const isBounded =
  first !== undefined &&
  last !== undefined &&
  last.residentMib - first.residentMib <= BOUND_MIB &&
  last.heapMib - first.heapMib <= HEAP_BOUND_MIB;
const failed = Object.keys(statuses).filter((status) => status.startsWith("5"));
process.exitCode = alive && failed.length === 0 && hangs === 0 && isBounded ? 0 : 1;

function add(run: MalformedRun, took: number): void {
  sent += run.sent;
  hangs += run.hangs;
  seconds += took;
  for (const [status, count] of Object.entries(run.statuses))
    statuses[status] = (statuses[status] ?? 0) + count;
}

function residentMib(): number {
  const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024);
}
