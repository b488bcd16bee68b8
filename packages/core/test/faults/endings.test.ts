/** D6: every way in which a process can end, or stand still. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

import { expect, test } from "vitest";

import { startFaultProxy } from "../fault-proxy.ts";
import { startPlatform } from "../support.ts";
import {
  API_KEY,
  FULL,
  pause,
  readLog,
  report,
  scratchFolder,
  startApplication,
  startHeir,
  startProvider,
  waitFor,
} from "./harness.ts";
import { type Workload } from "./messages.ts";

const CALLS = 40;

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly arrived: number;
  readonly arrivedWithHeir: number;
  readonly returned: number;
  readonly output: string;
  readonly endMs: number;
}

/** With a recipe for SIGTERM the application gets that signal after its calls. */
async function end(ending: Workload["ending"], recipe?: string): Promise<Ended> {
  await using platform = await startPlatform();
  await using provider = await startProvider();
  using folder = scratchFolder();
  const log = join(folder.path, "returned");
  const spool = { directory: join(folder.path, "spool") };
  using application = startApplication(
    {
      provider: provider.url,
      config: { spool },
      calls: CALLS,
      log,
      ending,
      ...(recipe === undefined ? {} : { recipe }),
    },
    platform.url,
  );
  await application.done;
  const doneMs = performance.now();
  if (recipe !== undefined) application.child.kill("SIGTERM");
  const { code, signal: endedBy } = await application.gone;
  const endMs = performance.now() - doneMs;
  const arrived = platform.events.length;
  const heir = startHeir(platform.url, spool);
  await heir.flush({ timeoutMs: 30_000 });
  await heir.close();
  const ended = {
    code,
    signal: endedBy,
    arrived,
    arrivedWithHeir: platform.events.length,
    returned: readLog(log).length,
    output: application.output(),
    endMs,
  };
  report(`D6 ${recipe === undefined ? ending : "SIGTERM recipe"}`, { ...ended, output: undefined });
  return ended;
}

test("a process that has nothing left to do sends what it has, and ends by itself", async () => {
  expect(await end("idle")).toMatchObject({ code: 0, returned: CALLS, arrived: CALLS });
});

test("after process.exit everything is there: sent, or in the spool for the next process", async () => {
  expect(await end("exit")).toMatchObject({ code: 3, returned: CALLS, arrivedWithHeir: CALLS });
});

test("an uncaught exception ends the process as it would anyway, and loses nothing", async () => {
  const ended = await end("throw");
  expect(ended).toMatchObject({ code: 1, returned: CALLS, arrivedWithHeir: CALLS });
  expect(ended.output).toContain("uncaught on purpose");
});

test("the README's recipe for SIGTERM sends everything before the process ends", async () => {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const recipe = /process\.once\("SIGTERM"[^`\n]*/.exec(readme)?.[0];
  if (recipe === undefined) throw new Error("The README has no recipe for SIGTERM.");
  expect(await end("stay", recipe)).toMatchObject({ code: 0, returned: CALLS, arrived: CALLS });
});

test("close sends everything", async () => {
  expect(await end("close")).toMatchObject({ code: 0, arrived: CALLS });
});

test.for([{ kind: "down" }, { kind: "blackhole" }] as const)(
  "an idle process ends although the platform is away ($kind), and the next one delivers",
  async (fault) => {
    await using platform = await startPlatform();
    await using proxy = await startFaultProxy(platform.url);
    await using provider = await startProvider();
    using folder = scratchFolder();
    await proxy.set(fault);
    const spool = { directory: folder.path };
    using application = startApplication(
      { provider: provider.url, config: { spool }, calls: CALLS, ending: "idle" },
      proxy.url,
    );
    await application.done;
    const doneMs = performance.now();
    const { code } = await application.gone;
    report(`D6 idle, platform ${fault.kind}`, { endMs: performance.now() - doneMs });
    expect(code).toBe(0);
    await proxy.set({ kind: "none" });
    const heir = startHeir(proxy.url, spool);
    await heir.flush({ timeoutMs: 30_000 });
    await heir.close();
    expect(platform.events).toHaveLength(CALLS);
  },
);

test.for(["idle", "exit"] as const)("a worker thread loses nothing at its end (%s)", async (ending) => {
  await using platform = await startPlatform();
  await using provider = await startProvider();
  using folder = scratchFolder();
  const spool = { directory: folder.path };
  const workload: Workload = { provider: provider.url, config: { spool }, calls: CALLS, ending };
  const worker = new Worker(fileURLToPath(new URL("workload.ts", import.meta.url)), {
    execArgv: ["--conditions=@payi/source"],
    env: { WORKLOAD: JSON.stringify(workload), PAYI_API_KEY: API_KEY, PAYI_BASE_URL: platform.url },
  });
  const code = await new Promise((resolve, reject) => {
    worker.once("exit", resolve);
    worker.once("error", reject);
  });
  expect(code).toBe(ending === "exit" ? 3 : 0);
  const heir = startHeir(platform.url, spool);
  await heir.flush({ timeoutMs: 30_000 });
  await heir.close();
  expect(platform.events).toHaveLength(CALLS);
});

// The small size is in ingest/linger.test.ts.
test.runIf(FULL)(
  "a process that was frozen with events in its queue says so when it thaws",
  async () => {
    await using platform = await startPlatform();
    await using provider = await startProvider();
    const config = { ingestRetry: { queueInterval: 0.5 }, spool: { mode: "memory" as const } };
    using application = startApplication(
      { provider: provider.url, config, calls: 3, ending: "stay" },
      platform.url,
    );
    await application.done;
    application.child.kill("SIGSTOP");
    await pause(6_500);
    application.child.kill("SIGCONT");
    await waitFor(() => application.output().includes("stood still for"), application.output);
    expect(application.output()).toMatch(/with 3 events in its queue.*waitUntil/);
  },
  30_000,
);
