import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { type RequestSummary, type StatusAnswer } from "@payi/core/wire";
import { afterEach, expect, test } from "vitest";

import { freePort } from "../../../packages/core/test/free-port.ts";
import { describeCall } from "../src/start/follow-calls.ts";
import { eventually } from "./support.ts";

// Each start is four programs; on a busy machine that takes its time.

const PROGRAM = fileURLToPath(new URL("../src/start.ts", import.meta.url));

interface Started {
  readonly process: ChildProcess;
  readonly ports: readonly [platform: number, app: number, simulator: number];
  output(): string;
}

const running: Started[] = [];
const folders: string[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map(({ process }) => stop(process)));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

async function stop(started: ChildProcess, signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> {
  if (started.exitCode !== null || started.signalCode !== null) return started.exitCode;
  started.kill(signal);
  await once(started, "exit");
  return started.exitCode;
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "trailblazer-"));
  folders.push(folder);
  return folder;
}

async function start(
  folder: string,
  args: readonly string[] = [],
  change: object = {},
  shell: readonly string[] = [],
): Promise<Started> {
  const ports = await Promise.all([freePort(), freePort(), freePort()] as const);
  const [PORT, TRAILBLAZER_PORT, SIMULATOR_PORT] = ports.map(String);
  const environment = {
    PORT,
    TRAILBLAZER_PORT,
    SIMULATOR_PORT,
    PAYI_DATA_DIR: folder,
    SIMULATOR_SPEED: "instant",
    // One call per search is what these tests count.
    TRAILBLAZER_JUDGE: "off",
  };
  const [program = "", ...words] = [
    ...shell,
    process.execPath,
    "--conditions=@payi/source",
    PROGRAM,
    ...args,
  ];
  const started = spawn(program, words, {
    env: {
      PATH: process.env["PATH"],
      NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
      ...environment,
      ...change,
    },
  });
  let output = "";
  for (const stream of [started.stdout, started.stderr]) {
    stream.on("data", (text: Buffer) => (output += text.toString()));
  }
  const entry = { process: started, ports, output: () => output };
  running.push(entry);
  return entry;
}

async function ready(started: Started): Promise<void> {
  await eventually(() => {
    if (started.process.exitCode !== null) throw new Error(`It ended at start:\n${started.output()}`);
    return started.output().includes("Ctrl-C stops everything") ? true : undefined;
  });
}

function search({ ports: [, app] }: Started): Promise<string> {
  const body = { location: "Moab, Utah", vehicleMake: "Jeep", vehicleModel: "Wrangler", difficulty: "hard" };
  const headers = { "content-type": "application/json", "x-user-id": "jane" };
  const request = { method: "POST", headers, body: JSON.stringify(body) };
  return fetch(`http://localhost:${app}/api/trails/search`, request).then((answer) => answer.text());
}

async function status({ ports: [platform] }: Started): Promise<StatusAnswer> {
  return (await (await fetch(`http://localhost:${platform}/api/v1/analytics/status`)).json()) as StatusAnswer;
}

/** Which of the ports still answer. */
async function answering({ ports }: Started): Promise<readonly number[]> {
  const alive = await Promise.all(
    ports.map((port) =>
      fetch(`http://localhost:${port}/healthz`).then(
        () => [port],
        () => [],
      ),
    ),
  );
  return alive.flat();
}

test("a search shows as a line with its cost, a signal stops everything, and the next start has the data", async () => {
  const folder = newFolder();
  const first = await start(folder);
  await ready(first);
  for (const port of first.ports) expect(first.output()).toContain(`http://localhost:${port}`);
  expect(first.output()).toContain(folder);
  expect(statSync(join(folder, "development-key")).mode & 0o077).toBe(0);
  expect(await search(first)).toContain("event: done");
  const line = await eventually(() => /^.*trail_finder.*$/m.exec(first.output())?.[0]);
  expect(line).toMatch(/jane@acme +claude-sonnet-4-20250514 +[\d,]+ in [\d,]+ out +\$0\.\d+/);
  // No colour codes where the output is no terminal.
  expect(first.output()).not.toContain("\u001b[");
  expect(await stop(first.process)).toBe(0);
  expect(await answering(first)).toEqual([]);

  const second = await start(folder, ["--seed", "2"]);
  await ready(second);
  const found = await status(second);
  expect(found.events - found.seeded_events).toBe(1);
  expect(found.seeded_events).toBeGreaterThan(100);
  expect(second.output()).not.toContain("trail_planner");
  // What was measured just before the stop is delivered all the same.
  await search(second);
  await stop(second.process, "SIGINT");

  const third = await start(folder);
  await ready(third);
  const kept = await status(third);
  expect([kept.events - kept.seeded_events, kept.seeded_events]).toEqual([2, found.seeded_events]);
});

test("a starter that is killed takes its programs with it", async () => {
  const started = await start(newFolder());
  await ready(started);
  expect(await answering(started)).toHaveLength(3);
  await stop(started.process, "SIGKILL");
  await eventually(async () => ((await answering(started)).length === 0 ? true : undefined));
});

test.skipIf(process.platform === "win32")(
  "a starter whose script's shell is killed ends with it",
  async () => {
    const started = await start(newFolder(), [], {}, ["sh", "-c", '"$0" "$@"; true']);
    await ready(started);
    expect(await answering(started)).toHaveLength(3);
    await stop(started.process, "SIGKILL");
    await eventually(async () => ((await answering(started)).length === 0 ? true : undefined));
  },
);

test("a program that cannot go on takes the rest down and says why", async () => {
  const started = await start(newFolder(), [], { SIMULATOR_SPEED: "warp" });
  await once(started.process, "exit");
  expect(started.process.exitCode).toBe(1);
  expect(started.output()).toContain("The provider simulator ended with exit code 1");
  expect(started.output()).toContain("SIMULATOR_SPEED");
  expect(await answering(started)).toEqual([]);
});

test("with a provider key nothing is simulated", async () => {
  const started = await start(newFolder(), [], { OPENAI_API_KEY: "sk-test" });
  await ready(started);
  const [, app, simulator] = started.ports;
  expect(await answering(started)).not.toContain(simulator);
  const settings: unknown = await (await fetch(`http://localhost:${app}/api/settings`)).json();
  expect(settings).toMatchObject({ simulated: false, models: ["gpt-5-mini"] });
});

test("a taken port is refused by the name of its variable", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as AddressInfo;
  const started = await start(newFolder(), [], { TRAILBLAZER_PORT: String(port) });
  await once(started.process, "exit");
  taken.close();
  expect(started.process.exitCode).toBe(1);
  expect(started.output()).toBe(
    `Port ${port} is taken. Stop what listens there, or set TRAILBLAZER_PORT to a free port.\n`,
  );
});

test.each([
  [["--seed", "many"], {}, "--seed many"],
  [["--seed", "0"], {}, "1 to 90"],
  [["--sed"], {}, "--sed"],
  [[], { PORT: "http" }, 'PORT is "http"'],
])("arguments %j with %j are refused, and nothing is started", async (args, change, words) => {
  const started = await start(newFolder(), args, change);
  await once(started.process, "exit");
  expect(started.process.exitCode).toBe(1);
  expect(started.output()).toContain(words);
});

const CALL: RequestSummary = {
  request_id: "r",
  time: "2026-11-21T03:38:14.000Z",
  category: "system.anthropic",
  resource: "claude-sonnet-4-20250514",
  use_case_name: "trail_finder",
  use_case_id: "i",
  use_case_version: 1,
  use_case_step: null,
  user_id: "jane",
  account_name: "acme",
  http_status_code: 200,
  outcome: "ok",
  usage_source: "provider",
  streamed: true,
  latency_ms: 7512,
  time_to_first_token_ms: 700,
  units: {},
  tokens_input: 1068,
  tokens_output: 307,
  status: "priced",
  cost: "0.027809",
  cost_input: "0.003204",
  cost_output: "0.024605",
  seeded: false,
  failure: null,
};

test("a line has the exact cost, and says so when it is not known or the call went wrong", () => {
  expect(describeCall(CALL)).toMatch(/^03:38:14 {2}trail_finder .* 1,068 in 307 out +\$0\.027809 +7\.5 s$/);
  expect(describeCall({ ...CALL, cost: null })).toContain("unpriced");
  expect(describeCall({ ...CALL, http_status_code: 429, outcome: "error" })).toMatch(/HTTP 429$/);
  expect(describeCall({ ...CALL, outcome: "aborted", user_id: null, account_name: null })).toMatch(
    / – .*aborted$/,
  );
});
