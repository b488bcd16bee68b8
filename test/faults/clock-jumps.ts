/**
 * Sends events to a server whose clock is set ahead and back, through libfaketime (apt-get install faketime):
 * `node --conditions=@payi/source test/faults/clock-jumps.ts`. Prints what each clock made of them.
 */
import { spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";

import { openSqliteStore } from "../../apps/server/src/store/sqlite/sqlite-store.ts";
import { MAIN, listening, makeFolder, stop } from "../../apps/server/test/commands/support.ts";
import { TEST_KEY, request, sonnet } from "../../apps/server/test/support.ts";

const LIBRARY = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";
/**
 * Seconds from the real time, in this order, and whether a budget of a day has room there: where the clock goes back, the
 * budget is that of the latest day which was seen. After the last jump it may be another day or not.
 */
const CLOCKS = [
  [0, true],
  [-35 * 86_400, false],
  [86_400, true],
  [-3600, false],
  [25 * 3600, undefined],
] as const;

if (!existsSync(LIBRARY)) {
  process.stderr.write("SKIPPED: there is no libfaketime, so no clock jumps. Install faketime.\n");
  process.exit(0);
}
await using folder = await makeFolder();
const clock = `${folder.path}/clock`;
writeFileSync(clock, "+0s");
const child = spawn(process.execPath, ["--conditions=@payi/source", MAIN, "serve"], {
  env: {
    PATH: process.env["PATH"],
    PAYI_DATA_DIR: folder.path,
    PAYI_API_KEY: TEST_KEY,
    PORT: "0",
    LD_PRELOAD: LIBRARY,
    FAKETIME_TIMESTAMP_FILE: clock,
    FAKETIME_NO_CACHE: "1",
    FAKETIME_DONT_FAKE_MONOTONIC: "1",
  },
  stdio: ["ignore", "pipe", "pipe"],
});
const faults: string[] = [];
try {
  const url = `${await listening(child)}/api/v1`;
  const call = (method: string, path: string, body?: unknown) =>
    request(url + path, method, body, { "xproxy-api-key": TEST_KEY });
  await call("POST", "/limits", { limit_id: "budget", limit_name: "budget", max: 1000 });
  const daily = { limit_id: "daily", limit_name: "daily", max: 0.01, limit_type: "block", period: "day" };
  const made = await call("POST", "/limits", daily);
  if (made.status !== 201) faults.push(`the daily limit: ${made.status} ${JSON.stringify(made.body)}`);
  const first = sonnet({ provider_response_id: "first", limit_ids: ["budget"] });
  for (const [seconds, hasRoom] of CLOCKS) {
    writeFileSync(clock, `${seconds < 0 ? "" : "+"}${seconds}s`);
    const serverNow = Date.now() + seconds * 1000;
    const at = (ms: number): string => new Date(serverNow + ms).toISOString();
    const expected = [
      ["now", sonnet({ limit_ids: ["budget"] }), 200],
      ["4 minutes ahead", sonnet({ event_timestamp: at(240_000), limit_ids: ["budget"] }), 200],
      ["6 minutes ahead", sonnet({ event_timestamp: at(360_000) }), 400],
      ["40 days past", sonnet({ event_timestamp: at(-40 * 86_400_000) }), 200],
      ["leap day", sonnet({ event_timestamp: "2024-02-29T23:59:59.999Z" }), 200],
      ["year's end", sonnet({ event_timestamp: "2025-12-31T23:59:59.999Z" }), 200],
      ["the first again", first, 200],
    ] as const;
    for (const [name, event, status] of expected) {
      const answer = await call("POST", "/ingest", event);
      if (answer.status !== status) faults.push(`${seconds} s, ${name}: ${answer.status}`);
    }
    const { body: held } = await call("POST", "/holds", {
      hold_id: crypto.randomUUID(),
      limit_ids: ["daily"],
      context: { category: "system.anthropic" },
      estimate: { upper_bound: "0.006" },
    });
    if (hasRoom !== undefined && held.admitted !== hasRoom) {
      faults.push(`${seconds} s: the budget of the day ${hasRoom ? "has no" : "has"} room`);
    }
  }
  const { body } = await call("GET", "/limits/budget");
  // Two events per clock and the first one, at $0.0045 each: no jump opened a second budget.
  const spent = body.limit.totals.cost.total.base;
  const due = (CLOCKS.length * 2 + 1) * 0.0045;
  if (Math.abs(spent - due) > 1e-9) faults.push(`the limit has ${spent}, not ${due}`);
  await stop(child, "SIGTERM");
  const store = await openSqliteStore(`${folder.path}/payi.sqlite`);
  const findings = await store.verify();
  const { total } = await store.breakdown({
    application: "default",
    fromMs: 0,
    toMs: Date.now() * 2,
    filter: {},
    groupBy: "use_case",
    limit: 1,
  });
  await store.close();
  if (total.latencySum < 0) faults.push(`latencies add up to ${total.latencySum}`);
  if (findings.length > 0) faults.push(`verify found ${findings.length}`);
  console.log(JSON.stringify({ clocks: CLOCKS.length, requests: total.requests, spent, faults }));
  process.exitCode = faults.length === 0 ? 0 : 1;
} finally {
  await stop(child, "SIGKILL");
}
