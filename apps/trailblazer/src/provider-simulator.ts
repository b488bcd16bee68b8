/**
 * Stands in for OpenAI and Anthropic where no key of theirs is set: the same HTTP, JSON and server-sent events, made-up
 * answers, honest usage. Run as a program it listens on SIMULATOR_PORT until it is told to stop.
 */
import { createServer } from "node:http";

import { followParent } from "@payi/server/process";

import { isMain } from "./process/is-main.ts";
import { listen, readPort } from "./process/listen.ts";
import { handle } from "./simulator/handle.ts";
import { Ledger, type LedgerReport } from "./simulator/ledger.ts";
import { type Speed, parseSpeed } from "./simulator/pace.ts";
import { PromptCache } from "./simulator/prompt-cache.ts";

export interface ProviderSimulatorOptions {
  /** Default 4472; 0 takes a free one. */
  readonly port?: number;
  /** Default 1: as slow as the real thing. */
  readonly speed?: Speed;
}

/** A simulator that listens. */
export interface ProviderSimulator extends AsyncDisposable {
  /** Base URL for Anthropic's SDK; OpenAI's wants `/v1` behind it. */
  readonly url: string;
  /** What it has billed so far. */
  ledger(): LedgerReport;
  /** Cuts what is under way and frees the port. May be called twice. */
  close(): Promise<void>;
}

/** Resolves when the simulator listens. @throws {Error} when the port is taken. */
export async function startProviderSimulator(
  options: ProviderSimulatorOptions = {},
): Promise<ProviderSimulator> {
  const ledger = new Ledger();
  const simulation = { speed: options.speed ?? 1, ledger, cache: new PromptCache() };
  const server = createServer((request, response) => void handle(request, response, simulation));
  const url = await listen(server, options.port ?? 4472, "SIMULATOR_PORT");
  const close = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
  return { url, ledger: () => ledger.report(), close, [Symbol.asyncDispose]: close };
}

if (isMain(import.meta.url)) {
  try {
    const speed = parseSpeed(process.env["SIMULATOR_SPEED"]);
    const simulator = await startProviderSimulator({ port: readPort("SIMULATOR_PORT", 4472), speed });
    console.log(`Provider simulator on ${simulator.url}`);
    const stop = (): void => void simulator.close();
    process.once("SIGINT", stop).once("SIGTERM", stop);
    followParent(stop);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
