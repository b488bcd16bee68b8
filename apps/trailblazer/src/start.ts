/**
 * `pnpm start`: platform, provider simulator and Trailblazer in one terminal.
 *
 * Invariants:
 * - the programs end together, whichever way one of them ends, and also when whoever started them is gone;
 * - the app stops before the platform, so that what it measured is delivered.
 */
import { readFileSync } from "node:fs";
import { styleText } from "node:util";

import { followProcesses, launchers } from "@payi/server/process";

import { checkPort } from "./start/check-port.ts";
import { Child } from "./start/child.ts";
import { describeCall, followCalls } from "./start/follow-calls.ts";
import { loadDemo } from "./start/load-demo.ts";
import { ownProgram, platformProgram } from "./start/programs.ts";
import { type StartSettings, readStartSettings } from "./start/start-settings.ts";
import { describeEnd, waitUntilHealthy } from "./start/wait-until-healthy.ts";
import { welcome } from "./start/welcome.ts";

/** In the order in which they start; they stop the other way round. */
const children: Child[] = [];
const stopped = new AbortController();

try {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => void stop(0));
  followProcesses(launchers(), () => void stop(0));
  await run(readStartSettings(process.argv.slice(2)));
} catch (error) {
  if (!stopped.signal.aborted) {
    console.error(error instanceof Error ? error.message : error);
    await stop(1);
  }
}

async function run(settings: StartSettings): Promise<void> {
  const { port, trailblazerPort, simulatorPort, simulated, seedDays } = settings;
  await checkPort(port, "PORT");
  await checkPort(trailblazerPort, "TRAILBLAZER_PORT");
  if (simulated) await checkPort(simulatorPort, "SIMULATOR_PORT");

  const url = `http://localhost:${port}`;
  const platformEnvironment = { PORT: String(port), PAYI_DATA_DIR: settings.dataDirectory };
  await startChild("platform", platformProgram(), ["serve"], platformEnvironment, url);
  const apiKey = settings.apiKey ?? readFileSync(`${settings.dataDirectory}/development-key`, "utf8").trim();

  if (simulated) {
    const environment = { SIMULATOR_PORT: String(simulatorPort) };
    const simulatorUrl = `http://localhost:${simulatorPort}`;
    await startChild("provider simulator", ownProgram("provider-simulator"), [], environment, simulatorUrl);
  }
  const environment = {
    ...(simulated ? simulatedProviders(simulatorPort) : {}),
    TRAILBLAZER_PORT: String(trailblazerPort),
    PAYI_API_KEY: apiKey,
    PAYI_BASE_URL: url,
  };
  await startChild("app", ownProgram("server"), [], environment, `http://localhost:${trailblazerPort}`);

  if (seedDays !== undefined) {
    console.log(`Loading ${seedDays} days of demo history …`);
    await loadDemo({ url, apiKey }, seedDays);
  }
  console.log(welcome(settings));
  await followCalls({ url, apiKey }, showCall, stopped.signal);
}

function simulatedProviders(port: number): Readonly<Record<string, string>> {
  return {
    SIMULATOR_URL: `http://localhost:${port}`,
    ANTHROPIC_BASE_URL: `http://localhost:${port}`,
    ANTHROPIC_API_KEY: "simulated",
    OPENAI_BASE_URL: `http://localhost:${port}/v1`,
    OPENAI_API_KEY: "simulated",
  };
}

async function startChild(
  ...[name, program, args, environment, url]: [...ConstructorParameters<typeof Child>, string]
) {
  if (stopped.signal.aborted) return;
  const child = new Child(name, program, args, environment);
  children.push(child);
  void endWith(child);
  await waitUntilHealthy(child, url);
}

/** The others do not outlive a child. */
async function endWith(child: Child): Promise<void> {
  const how = await child.ended;
  if (stopped.signal.aborted) return;
  console.error(describeEnd(child, how));
  await stop(1);
}

function showCall(call: Parameters<typeof describeCall>[0]): void {
  if (call.seeded) return;
  const line = describeCall(call);
  console.log(call.outcome === "ok" ? line : styleText("yellow", line));
}

/** Stops what runs, the last started first. May be called twice. */
async function stop(exitCode: number): Promise<void> {
  if (stopped.signal.aborted) return;
  stopped.abort();
  process.exitCode = exitCode;
  if (children.length > 0) console.log("Stopping …");
  // oxlint-disable-next-line no-await-in-loop -- the app must be gone before the platform it reports to
  for (const child of children.toReversed()) await child.stop();
  if (children.length > 0) console.log("Stopped.");
}
