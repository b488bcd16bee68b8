/**
 * Records calls of very many users, property values and limits, and asks charts afterwards: `node
 * --conditions=@payi/source test/faults/cardinality.ts [count]`. Prints the server's memory and the slowest answers.
 */
import { readFileSync } from "node:fs";

import { listening, makeFolder, startPayi, stop } from "../../apps/server/test/commands/support.ts";
import { TEST_KEY, request, sonnet } from "../../apps/server/test/support.ts";

const count = Number(process.argv[2] ?? "100000");
const BATCH = 1000;

await using folder = await makeFolder();
const environment = {
  PAYI_DATA_DIR: folder.path,
  PAYI_API_KEY: TEST_KEY,
  PORT: "0",
  PAYI_REQUESTS_PER_MINUTE: "0",
};
const child = startPayi(["serve"], environment);
const url = `${await listening(child)}/api/v1`;
const call = (method: string, path: string, body?: unknown) =>
  request(url + path, method, body, { "xproxy-api-key": TEST_KEY });
const before = residentMib();
for (let first = 0; first < count; first += BATCH) {
  const events = Array.from({ length: Math.min(BATCH, count - first) }, (_, offset) => {
    const number = first + offset;
    // Ids of limits that do not exist: nothing may be made or remembered for them.
    return sonnet({
      user_id: `u-${number}`,
      properties: { value: `v-${number}` },
      resource: `m-${number % 10_000}`,
    });
  });
  const { status } = await call("POST", "/ingest/bulk", events);
  if (status !== 200) throw new Error(`A batch was answered ${status}.`);
  await call("POST", "/ingest", sonnet({ limit_ids: [`unknown-${first}`] }));
}
const loaded = residentMib();
const answers: Record<string, number> = {};
for (const path of [
  "breakdown?group_by=use_case",
  "breakdown?group_by=user",
  "breakdown?group_by=resource",
  "breakdown?group_by=property:value",
  "series?group_by=user",
  "requests?limit=50",
  "requests?user_id=u-7",
]) {
  const times: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const started = performance.now();
    const { status } = await call("GET", `/analytics/${path}`);
    if (status !== 200) throw new Error(`${path} was answered ${status}.`);
    times.push(performance.now() - started);
  }
  answers[path] = Math.round(Math.max(...times));
}
console.log(
  JSON.stringify({ count, residentMib: { before, loaded, asked: residentMib() }, slowestMs: answers }),
);
await stop(child, "SIGTERM");

function residentMib(): number {
  const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024);
}
