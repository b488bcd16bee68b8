/**
 * Fills the disk under a running server, and frees it again: `node --conditions=@payi/source test/faults/disk-full.ts`.
 * Needs the right to mount a tmpfs; says so and ends where it has none.
 */
import { spawnSync } from "node:child_process";
import { cpSync, rmSync, statfsSync, writeFileSync } from "node:fs";

import { openSqliteStore } from "../../apps/server/src/store/sqlite/sqlite-store.ts";
import { compare } from "../../apps/server/test/commands/kill-rounds.ts";
import { listening, makeFolder, payi, startPayi, stop } from "../../apps/server/test/commands/support.ts";
import { nothingTold, sendEvents } from "../../apps/server/test/faults/fault-clients.ts";
import { TEST_KEY, request } from "../../apps/server/test/support.ts";

await using folder = await makeFolder();
const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", folder.path]);
if (mounted.status !== 0) {
  process.stderr.write(`SKIPPED: no tmpfs can be mounted here (${String(mounted.stderr).trim()}).\n`);
  process.exit(0);
}
const environment = { PAYI_DATA_DIR: folder.path, PAYI_API_KEY: TEST_KEY, PORT: "0", PAYI_LOG: "fatal" };
const child = startPayi(["serve"], environment);
try {
  const url = await listening(child);
  const filler = `${folder.path}/filler`;
  // What is free but 600 KiB, which the first few hundred events take.
  const { bavail, bsize } = statfsSync(folder.path);
  writeFileSync(filler, Buffer.alloc(bavail * bsize - 600 * 1024));
  const [full, freed] = [nothingTold(), nothingTold()];
  await sendEvents(url, TEST_KEY, "full", 2000, full);
  const headers = { "xproxy-api-key": TEST_KEY };
  const reads = await Promise.all(
    ["/analytics/breakdown", "/analytics/requests?limit=5", "/limits"].map(
      async (path) => (await request(`${url}/api/v1${path}`, "GET", undefined, headers)).status,
    ),
  );
  rmSync(filler);
  await sendEvents(url, TEST_KEY, "freed", 50, freed);
  const restarts = child.exitCode === null ? 0 : 1;
  await stop(child, "SIGTERM");
  // Looked at where there is room: 4 MiB are too little for a database and its log at once.
  await using roomy = await makeFolder();
  cpSync(folder.path, roomy.path, { recursive: true });
  const store = await openSqliteStore(`${roomy.path}/payi.sqlite`);
  const faults = await compare(store, new Map([...full.acknowledged, ...freed.acknowledged]));
  await store.close();
  const verified = (await payi(["verify"], { ...environment, PAYI_DATA_DIR: roomy.path })).code;
  console.log(
    JSON.stringify({ full: full.statuses, reads, freed: freed.statuses, restarts, ...faults, verified }),
  );
  const sound =
    (full.statuses["503"] ?? 0) > 0 &&
    full.impatient === 0 &&
    (full.statuses["500"] ?? 0) === 0 &&
    reads.every((status) => status === 200) &&
    freed.acknowledged.size === 50 &&
    restarts === 0 &&
    verified === 0 &&
    Object.values(faults).every((count) => count === 0);
  process.exitCode = sound ? 0 : 1;
} finally {
  await stop(child, "SIGKILL");
  spawnSync("umount", [folder.path]);
}
