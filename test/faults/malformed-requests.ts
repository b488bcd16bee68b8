/**
 * Sends malformed requests to a server process: `node --conditions=@payi/source test/faults/malformed-requests.ts
 * [requests] [seed]`. Prints what was answered, and the server's memory before, at the end, and a while after.
 */
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { runMalformed } from "../../apps/server/test/abuse/malformed.ts";
import { listening, makeFolder, startPayi, stop } from "../../apps/server/test/commands/support.ts";
import { TEST_KEY } from "../../apps/server/test/support.ts";

const [requests = "100000", seed = "1"] = process.argv.slice(2);
/** How much more memory than before may still be held afterwards. */
const BOUND_MIB = 50;

await using folder = await makeFolder();
const child = startPayi(["serve"], {
  PAYI_DATA_DIR: folder.path,
  PAYI_API_KEY: TEST_KEY,
  PORT: "0",
  PAYI_REQUESTS_PER_MINUTE: "0",
});
const url = await listening(child);
// What a server holds once it has worked is not what it holds right after its start.
await runMalformed(url, 40_000, 16, Number(seed) + 1);
const before = residentMib();
const started = performance.now();
const run = await runMalformed(url, Number(requests), 16, Number(seed));
const seconds = (performance.now() - started) / 1000;
const atEnd = residentMib();
await sleep(10_000);
const after = residentMib();
const alive = child.exitCode === null && (await fetch(`${url}/readyz`)).status === 200;
const code = await stop(child, "SIGTERM");
const failed = Object.entries(run.statuses).filter(([status]) => status.startsWith("5"));
console.log(
  JSON.stringify({
    ...run,
    perSecond: Math.round(run.sent / seconds),
    alive,
    exit: code,
    residentMib: { before, atEnd, after },
  }),
);
process.exitCode = alive && failed.length === 0 && run.hangs === 0 && after - before <= BOUND_MIB ? 0 : 1;

function residentMib(): number {
  const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024);
}
