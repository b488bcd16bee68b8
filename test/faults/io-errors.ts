/**
 * Lets writes and syncs of a running server fail now and then, through libfiu (apt-get install fiu-utils):
 * `node --conditions=@payi/source test/faults/io-errors.ts [events] [probability]`.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

import { openSqliteStore } from "../../apps/server/src/store/sqlite/sqlite-store.ts";
import { compare } from "../../apps/server/test/commands/kill-rounds.ts";
import { MAIN, listening, makeFolder, payi, stop } from "../../apps/server/test/commands/support.ts";
import { nothingTold, sendEvents } from "../../apps/server/test/faults/fault-clients.ts";
import { TEST_KEY } from "../../apps/server/test/support.ts";

const [events = "5000", probability = "0.02"] = process.argv.slice(2);
if (!existsSync("/usr/bin/fiu-run")) {
  process.stderr.write("SKIPPED: there is no fiu-run, so no I/O fails. Install fiu-utils.\n");
  process.exit(0);
}
await using folder = await makeFolder();
const environment = { PAYI_DATA_DIR: folder.path, PAYI_API_KEY: TEST_KEY, PORT: "0", PAYI_LOG: "fatal" };
const control = `${folder.path}/fiu`;
const child = spawn(
  "fiu-run",
  ["-x", "-f", control, process.execPath, "--conditions=@payi/source", MAIN, "serve"],
  {
    env: { PATH: process.env["PATH"], ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  },
);
const url = await listening(child);
const pid = childOf(child.pid ?? 0);
const faulty = nothingTold();
const points: Record<string, number> = {};
for (const point of [
  "posix/io/sync/fdatasync",
  "posix/io/sync/fsync",
  "posix/io/rw/pwrite",
  "posix/io/rw/pwrite64",
]) {
  const enabled = command(`enable_random name=${point},probability=${probability}`);
  points[point] = enabled;
}
await sendEvents(url, TEST_KEY, "faulty", Number(events), faulty);
command("disable name=posix/io/sync/fdatasync");
command("disable name=posix/io/sync/fsync");
command("disable name=posix/io/rw/pwrite");
command("disable name=posix/io/rw/pwrite64");
const well = nothingTold();
await sendEvents(url, TEST_KEY, "well", 200, well);
const alive = child.exitCode === null;
process.kill(pid, "SIGTERM");
await stop(child, "SIGTERM");
const store = await openSqliteStore(`${folder.path}/payi.sqlite`);
const acknowledged = new Map([...faulty.acknowledged, ...well.acknowledged]);
const { lost, duplicates, findings } = await compare(store, acknowledged);
await store.close();
const verified = (await payi(["verify"], environment)).code;
console.log(
  JSON.stringify({
    faulty: faulty.statuses,
    well: well.statuses,
    alive,
    lost,
    duplicates,
    findings,
    verified,
  }),
);
process.exitCode =
  alive && lost === 0 && duplicates === 0 && findings === 0 && verified === 0 && faulty.impatient === 0
    ? 0
    : 1;

function command(text: string): number {
  return spawnSync("fiu-ctrl", ["-f", control, "-c", text, String(pid)]).status ?? -1;
}

/** fiu-run is a shell script that may keep running as the server's parent. */
function childOf(parent: number): number {
  const found = spawnSync("ps", ["-o", "pid=", "--ppid", String(parent)], { encoding: "utf8" }).stdout.trim();
  return found === "" ? parent : Number(found.split("\n")[0]);
}
