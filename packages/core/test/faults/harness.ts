/** What the fault tests share: sizes, applications as processes, a provider, the real platform. */
import { type ChildProcess, fork, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { createClient } from "../../src/client/create-client.ts";
import { type SpoolConfig, readDeliveryOptions } from "../../src/ingest/delivery-options.ts";
import { type Delivery } from "../../src/ingest/delivery.ts";
import { openDelivery } from "../../src/ingest/open-delivery.ts";
import { ThrottledLog } from "../../src/logger.ts";
import { freePort } from "../free-port.ts";
import { SILENT } from "../support.ts";
import { type Told, type Workload } from "./messages.ts";

export const API_KEY = "faults-key-0123456789abcdef";

/** `PAYI_FAULTS=full` runs the sizes of the checklist; without it small ones run. */
export const FULL: boolean = process.env["PAYI_FAULTS"] === "full";

/** Prints a figure. */
export function report(fault: string, figures: object): void {
  console.info(`${fault} (${FULL ? "full" : "small"}) ${JSON.stringify(figures)}`);
}

export interface Application extends Disposable {
  readonly child: ChildProcess;
  readonly output: () => string;
  ask(question: "tell" | "flush"): Promise<Told>;
  /** Resolves when its calls are made. */
  readonly done: Promise<void>;
  readonly gone: Promise<{
    readonly code: number | null;
    readonly signal: string | null;
    readonly ms: number;
  }>;
}

/** Starts the application of `workload.ts`. */
export function startApplication(
  workload: Workload,
  platformUrl: string,
  nodeOptions: string[] = [],
): Application {
  const startMs = performance.now();
  const child = fork(fileURLToPath(new URL("workload.ts", import.meta.url)), {
    execArgv: ["--conditions=@payi/source", "--expose-gc", ...nodeOptions],
    env: {
      PATH: process.env["PATH"],
      NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
      WORKLOAD: JSON.stringify(workload),
      PAYI_API_KEY: API_KEY,
      PAYI_BASE_URL: platformUrl,
    },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (text: Buffer) => (output += text.toString()));
  }
  const gone = new Promise<Awaited<Application["gone"]>>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal, ms: performance.now() - startMs }));
  });
  const done = new Promise<void>((resolve, reject) => {
    child.on("message", (message: object) => {
      if ("done" in message) resolve();
    });
    void gone.then(() => reject(new Error(`It ended before its calls were made:\n${output}`)));
  });
  done.catch(() => undefined);
  return {
    child,
    done,
    gone,
    output: () => output,
    ask: (question) =>
      new Promise((resolve) => {
        const listen = (message: object): void => {
          if (!("stats" in message)) return;
          child.off("message", listen);
          resolve(message as Told);
        };
        child.on("message", listen);
        child.send(question);
      }),
    [Symbol.dispose]: () => void child.kill("SIGKILL"),
  };
}

export interface Provider extends AsyncDisposable {
  readonly url: string;
  /** Calls answered so far. */
  readonly calls: number;
}

/** Answers chat completions, each with an id of its own. */
export async function startProvider(delayMs = 0): Promise<Provider> {
  let calls = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      calls += 1;
      const streamed = Buffer.concat(chunks).includes('"stream":true');
      const answer = streamed ? streamedAnswer(newId()) : wholeAnswer(newId());
      response.setHeader("content-type", streamed ? "text/event-stream" : "application/json");
      if (delayMs === 0) response.end(answer);
      else setTimeout(() => response.end(answer), delayMs);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get calls() {
      return calls;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function newId(): string {
  return `chatcmpl-${crypto.randomUUID()}`;
}

const USAGE = { prompt_tokens: 20, completion_tokens: 10, total_tokens: 30 };

function wholeAnswer(id: string): string {
  const message = { role: "assistant", content: "To the red rocks." };
  const choices = [{ index: 0, message, finish_reason: "stop" }];
  return JSON.stringify({ id, object: "chat.completion", model: "gpt-5", choices, usage: USAGE });
}

function streamedAnswer(id: string): string {
  const head = { id, object: "chat.completion.chunk", model: "gpt-5" };
  const chunks: object[] = Array.from({ length: 5 }, (_, index) => ({
    ...head,
    choices: [{ index: 0, delta: { content: `word ${index} ` }, finish_reason: null }],
  }));
  chunks.push({ ...head, choices: [{ index: 0, delta: {}, finish_reason: "stop" }] });
  chunks.push({ ...head, choices: [], usage: USAGE });
  return `${chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join("")}data: [DONE]\n\n`;
}

/** The calls that an application says returned to it. */
export function readLog(file: string): { readonly id: string; readonly atMs: number }[] {
  let text = "";
  try {
    text = readFileSync(file, "utf8");
  } catch {
    // No call returned yet.
  }
  return text
    .split("\n")
    .filter((line) => line.includes(" "))
    .map((line) => ({ id: line.split(" ")[0] ?? "", atMs: Number(line.split(" ")[1]) }));
}

/** The next process of an application that is gone: delivers what it left behind. */
export function startHeir(platformUrl: string, spool: SpoolConfig): Delivery {
  const client = createClient({ apiKey: API_KEY, baseUrl: platformUrl });
  const options = readDeliveryOptions({ spool });
  return openDelivery(options, client, new ThrottledLog(SILENT, 60_000), () => undefined);
}

export interface RealServer extends AsyncDisposable {
  readonly url: string;
  /** Where it keeps its database. */
  readonly folder: string;
  /** What it has logged. */
  output(): string;
  start(): Promise<void>;
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Events recorded. */
  count(): Promise<number>;
  has(id: string): Promise<boolean>;
  payi(...args: string[]): Promise<{ readonly code: number | null; readonly output: string }>;
}

const MAIN =
  process.env["PAYI_TEST_SERVER"] ??
  fileURLToPath(new URL("../../../../apps/server/src/main.ts", import.meta.url));

/** The platform itself, with a database of its own. */
export async function startServer(): Promise<RealServer> {
  const folder = mkdtempSync(join(tmpdir(), "payi-faults-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    PATH: process.env["PATH"],
    NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
    PORT: String(port),
    PAYI_DATA_DIR: folder,
    PAYI_API_KEY: API_KEY,
    PAYI_PARENT_PID: String(process.pid),
  };
  let child: ChildProcess | undefined;
  let logged = "";
  const headers = { "xproxy-api-key": API_KEY };
  const server: RealServer = {
    url,
    folder,
    output: () => logged,
    async start() {
      child = spawn(process.execPath, ["--conditions=@payi/source", MAIN, "serve"], { env });
      for (const stream of [child.stdout, child.stderr]) {
        stream?.on("data", (text: Buffer) => (logged += text.toString()));
      }
      const deadline = Date.now() + 60_000;
      while ((await fetch(`${url}/healthz`).catch(() => undefined))?.ok !== true) {
        if (Date.now() > deadline) throw new Error("The server did not start within 60 s.");
        await pause(50);
      }
    },
    async kill(signal) {
      const running = child;
      if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
      const gone = new Promise((resolve) => running.once("exit", resolve));
      running.kill(signal);
      await gone;
    },
    async count() {
      const response = await fetch(`${url}/api/v1/analytics/status`, { headers });
      return ((await response.json()) as { events: number }).events;
    },
    async has(id) {
      const path = `/api/v1/requests/provider/system.openai/${encodeURIComponent(id)}/result`;
      return (await fetch(url + path, { headers })).ok;
    },
    payi: (...args) =>
      new Promise((resolve) => {
        const run = spawn(process.execPath, ["--conditions=@payi/source", MAIN, ...args], { env });
        let output = "";
        for (const stream of [run.stdout, run.stderr]) {
          stream.on("data", (text: Buffer) => (output += text.toString()));
        }
        run.once("close", (code) => resolve({ code, output }));
      }),
    async [Symbol.asyncDispose]() {
      await server.kill("SIGTERM");
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

/** Waits until `condition` holds, at most so long; fails with what it waited for. */
export async function waitFor(
  condition: () => boolean | Promise<boolean>,
  what: () => string,
  timeoutMs = 90_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs} ms in vain for ${what()}.`);
    await pause(10);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** A scratch folder that goes with the scope. */
export function scratchFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), "payi-faults-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** The value below which 99 of 100 lie. */
export function p99(sorted: readonly number[]): number {
  return sorted[Math.floor((sorted.length - 1) * 0.99)] ?? 0;
}
