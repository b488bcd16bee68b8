/** The whole house from sources: platform, simulator and Trailblazer as processes of their own, on free ports. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { freePort } from "../packages/core/test/free-port.ts";

const root = new URL("../", import.meta.url);
/** The program of the platform. */
export const SERVER: string = process.env["PAYI_TEST_SERVER"] ?? "apps/server/src/main.ts";
/** How long a page may take to come to what a test waits for: the browser of a busy machine is slow. */
export const PAGE_MS = 120_000;
export const API_KEY = "house-key-0123456789abcdef";

export interface Process {
  readonly child: ChildProcess;
  output(): string;
  /** Ends it and waits until it is gone. */
  end(signal?: NodeJS.Signals): Promise<void>;
}

export interface House extends AsyncDisposable {
  readonly platformUrl: string;
  readonly trailblazerUrl: string;
  readonly simulatorUrl: string;
  readonly dataDirectory: string;
  startPlatform(): Promise<Process>;
  readonly platform: { current: Process };
}

/**
 * Resolves when all three answer. Everything ends, and the data is removed, with the scope. `settings` are further
 * variables of the platform's environment.
 */
export async function openHouse(settings: Readonly<Record<string, string>> = {}): Promise<House> {
  const [platformPort, trailblazerPort, simulatorPort] = await Promise.all([
    freePort(),
    freePort(),
    freePort(),
  ]);
  const dataDirectory = mkdtempSync(join(tmpdir(), "payi-house-"));
  const platformUrl = `http://localhost:${platformPort}`;
  const simulatorUrl = `http://localhost:${simulatorPort}`;
  const trailblazerUrl = `http://localhost:${trailblazerPort}`;
  const processes: Process[] = [];
  const start = async (file: string, args: readonly string[], url: string, env: object): Promise<Process> => {
    const process = launch(file, args, env);
    processes.push(process);
    await untilHealthy(`${url}/healthz`, process);
    return process;
  };
  const startPlatform = (): Promise<Process> =>
    start(SERVER, ["serve"], platformUrl, {
      PORT: platformPort,
      PAYI_DATA_DIR: dataDirectory,
      PAYI_API_KEY: API_KEY,
      ...settings,
    });
  const current = await startPlatform();
  await start("apps/trailblazer/src/provider-simulator.ts", [], simulatorUrl, {
    SIMULATOR_PORT: simulatorPort,
    SIMULATOR_SPEED: "20",
  });
  await start("apps/trailblazer/src/server.ts", [], trailblazerUrl, {
    TRAILBLAZER_PORT: trailblazerPort,
    TRAILBLAZER_JUDGE: "off",
    SIMULATOR_URL: simulatorUrl,
    ANTHROPIC_BASE_URL: simulatorUrl,
    ANTHROPIC_API_KEY: "simulated",
    OPENAI_BASE_URL: `${simulatorUrl}/v1`,
    OPENAI_API_KEY: "simulated",
    PAYI_BASE_URL: platformUrl,
    PAYI_API_KEY: API_KEY,
  });
  return {
    platformUrl,
    trailblazerUrl,
    simulatorUrl,
    dataDirectory,
    startPlatform,
    platform: { current },
    async [Symbol.asyncDispose]() {
      await Promise.all(processes.map((process) => process.end()));
      rmSync(dataDirectory, { recursive: true, force: true });
    },
  };
}

export function launch(file: string, args: readonly string[], env: object): Process {
  const path = fileURLToPath(new URL(file, root));
  const child = spawn(process.execPath, ["--conditions=@payi/source", path, ...args], {
    env: {
      PATH: process.env["PATH"],
      NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
      ...env,
      PAYI_PARENT_PID: String(process.pid),
    },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (text: Buffer) => (output += text.toString()));
  return {
    child,
    output: () => output,
    async end(signal = "SIGTERM") {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill(signal);
      await gone;
    },
  };
}

export async function untilHealthy(url: string, process: Process): Promise<void> {
  await until(async () => {
    if (process.child.exitCode !== null) throw new Error(`It ended at start:\n${process.output()}`);
    return (await fetch(url).catch(() => undefined))?.ok === true;
  }, `${url} to answer`);
}

/** Waits until `condition` holds; fails with what it waited for. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  timeoutMs = 60_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs} ms in vain for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** A search as the page makes it; resolves with the events of the answer. */
export function search(house: House, person = "jane", location = "Moab, Utah"): Promise<Response> {
  return fetch(`${house.trailblazerUrl}/api/trails/search`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-user-id": person },
    body: JSON.stringify({
      location,
      vehicleMake: "Toyota",
      vehicleModel: "4Runner",
      difficulty: "moderate",
      model: "claude-sonnet-4-20250514",
    }),
  });
}

/** A read of the platform's API. */
export async function read<Answer>(house: House, path: string): Promise<Answer> {
  const response = await fetch(`${house.platformUrl}/api/v1${path}`, {
    headers: { "xproxy-api-key": API_KEY },
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Answer;
}
