import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The program of the `payi` command. */
export const MAIN: string =
  process.env["PAYI_TEST_SERVER"] ?? fileURLToPath(new URL("../../src/main.ts", import.meta.url));

/** How a command ended and what it printed. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

/** A folder that goes with the test. */
export interface Folder extends AsyncDisposable {
  readonly path: string;
}

export async function makeFolder(): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), "payi-command-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Starts `payi …` as a user would, with nothing of this process's settings. */
export function startPayi(args: readonly string[], environment: Record<string, string>): ChildProcess {
  return spawn(process.execPath, ["--conditions=@payi/source", MAIN, ...args], {
    env: {
      PATH: process.env["PATH"],
      NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
      // A server whose test was given up ends with the process that ran it.
      PAYI_PARENT_PID: String(process.pid),
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Runs `payi …` to its end. */
export async function payi(args: readonly string[], environment: Record<string, string>): Promise<Ended> {
  const child = startPayi(args, environment);
  const out = collect(child.stdout);
  const error = collect(child.stderr);
  const [code] = (await once(child, "close")) as [number | null];
  return { code, out: out(), error: error() };
}

/** Resolves with the address once the server has said that it listens. */
export function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const out = collect(child.stdout);
    const error = collect(child.stderr);
    child.stdout?.on("data", () => {
      const url = /http:\/\/localhost:\d+/.exec(out())?.[0];
      if (url !== undefined) resolve(url.replace("localhost", "127.0.0.1"));
    });
    child.once("close", () => reject(new Error(`The server ended: ${out()}${error()}`)));
  });
}

/** Ends the process and waits for it. */
export async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const ended = once(child, "exit");
  child.kill(signal);
  const [code] = (await ended) as [number | null];
  return code;
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  let text = "";
  stream?.on("data", (chunk: unknown) => {
    text += String(chunk);
  });
  return () => text;
}
