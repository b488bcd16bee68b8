/** What the tests of this package share: a loopback provider, a loopback platform, and the recorded answers. */
import { existsSync, readFileSync } from "node:fs";
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import { type AddressInfo } from "node:net";

import { createClient } from "../src/client/create-client.ts";
import { type PayiInstrumentOptions } from "../src/config.ts";
import { type Instrumentation, payiInstrument, uninstrument } from "../src/instrument/instrument.ts";
import { getRuntime } from "../src/runtime.ts";
import { type IngestEvent, decodeIngestItem } from "../src/wire/ingest.ts";

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export interface Loopback extends AsyncDisposable {
  readonly url: string;
  readonly host: string;
  readonly received: Received[];
}

export type Answer = (
  request: Received,
  response: ServerResponse,
  socket: IncomingMessage,
) => void | Promise<void>;

/** An HTTP server on a free port; every request is kept. */
export async function startLoopback(answer: Answer, port = 0): Promise<Loopback> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const one: Received = {
        method: request.method ?? "",
        url: request.url ?? "",
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      };
      received.push(one);
      void Promise.resolve(answer(one, response, request)).catch(() => response.destroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${host}`,
    host,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers each request with the next of these bodies, and from then on with the last. */
export function inTurn(bodies: readonly object[]): Answer {
  let turn = 0;
  return (_request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(bodies[Math.min(turn, bodies.length - 1)]));
    turn += 1;
  };
}

export interface Score {
  readonly path: string;
  readonly score: unknown;
}

export interface Platform extends Loopback {
  /** Everything acknowledged, in order of arrival, each id once. */
  readonly events: IngestEvent[];
  readonly scores: Score[];
  /** While set, every request is answered with this status. */
  outage: number | undefined;
}

/** The route that a score has on its own; where many came at once it is worked out, so that tests read one form. */
function scorePath(item: Record<string, unknown>): string {
  const [useCase, instance, kpi] = ["use_case_name", "use_case_id", "kpi_name"].map((name) =>
    String(item[name]),
  );
  return `/api/v1/use_cases/instances/${useCase}/${instance}/kpis/${kpi}`;
}

/** A stand-in for the platform that acknowledges bulk ingest and KPI scores. */
export async function startPlatform(port = 0): Promise<Platform> {
  const events: IngestEvent[] = [];
  const scores: Score[] = [];
  const seen = new Set<string>();
  const state = { outage: undefined as number | undefined };
  const loopback = await startLoopback((request, response) => {
    response.setHeader("content-type", "application/json");
    if (state.outage !== undefined) {
      response.writeHead(state.outage).end('{"xproxy_error":{"code":"unexpected_error","message":"out"}}');
      return;
    }
    if (request.url === "/api/v1/ingest/bulk") {
      const items = JSON.parse(request.body) as unknown[];
      const results = items.map((item) => {
        const event = decodeIngestItem(item);
        const key = `${event.category}:${event.providerResponseId}`;
        if (!seen.has(key)) events.push(event);
        seen.add(key);
        return { request_id: key, xproxy_result: { request_id: key } };
      });
      response.end(JSON.stringify({ request_id: "b", ingest_timestamp: new Date().toISOString(), results }));
      return;
    }
    if (request.url === "/api/v1/scores") {
      const items = JSON.parse(request.body) as Record<string, unknown>[];
      scores.push(...items.map((item) => ({ path: scorePath(item), score: item["score"] })));
      response.end(
        JSON.stringify({ request_id: "s", score_count: items.length, error_count: 0, errors: [] }),
      );
      return;
    }
    if (request.method === "PUT" && request.url.includes("/kpis/")) {
      scores.push({ path: request.url, score: (JSON.parse(request.body) as { score: unknown }).score });
      response.end("{}");
      return;
    }
    if (request.method === "PUT" && request.url.startsWith("/api/v1/requests/provider/")) {
      response.end('{"request_id":"r"}');
      return;
    }
    response.writeHead(404).end('{"xproxy_error":{"code":"not_found","message":"no route"}}');
  }, port);
  return Object.defineProperty(Object.assign(loopback, { events, scores, outage: undefined }), "outage", {
    get: () => state.outage,
    set: (status: number | undefined) => {
      state.outage = status;
    },
  });
}

export interface Metered extends AsyncDisposable, Instrumentation {
  readonly platform: Platform;
}

/** Instruments this process against a platform of its own; released together. */
export async function meter(
  providers: readonly Loopback[],
  category: "system.openai" | "system.anthropic" | "own",
  options: PayiInstrumentOptions = {},
): Promise<Metered> {
  const platform = await startPlatform();
  const hostMappings = Object.fromEntries(
    category === "own" ? [] : providers.map((provider) => [provider.host, { priceAsCategory: category }]),
  );
  const instrumentation = payiInstrument({
    ...options,
    payi: createClient({ apiKey: "test", baseUrl: platform.url }),
    // On disk one test would leave events to another.
    config: { useCaseName: "tests", hostMappings, spool: { mode: "memory" }, ...options.config },
    logger: options.logger ?? SILENT,
  });
  return Object.assign(instrumentation, {
    platform,
    async [Symbol.asyncDispose]() {
      await instrumentation.close({ timeoutMs: 500 });
      uninstrument();
      await platform[Symbol.asyncDispose]();
    },
  });
}

export const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing };

function nothing(): void {
  // A test that expects trouble does not print it.
}

/** The events of everything that happened so far. */
export async function settledEvents(metered: Metered): Promise<IngestEvent[]> {
  await metered.flush({ timeoutMs: 30_000 });
  return metered.platform.events;
}

/** Waits until `condition` holds; fails loudly when it does not in time. */
export async function until(condition: () => boolean, what: string, timeoutMs = 60_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs} ms in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export { getRuntime };

/** One recorded provider answer. */
export interface Recording {
  readonly id: string;
  readonly file: string;
  readonly provider: string;
  readonly api: string;
  readonly streaming: boolean;
  readonly encoding: string;
  readonly http_status: number;
  readonly url: string | null;
  readonly response_model?: string | null;
  readonly request_hints: { readonly model?: string; readonly stream_options?: object };
  readonly response_headers?: Readonly<Record<string, string>>;
  readonly expected_usage: Readonly<Record<string, unknown>> | null;
  readonly body: Buffer;
}

const FIXTURES = new URL("../../../../shared/fixtures/provider-responses/", import.meta.url);

/** The recorded answers, or none (said aloud) where the folder is absent. */
export function loadRecordings(): readonly Recording[] {
  if (!existsSync(new URL("index.json", FIXTURES))) {
    console.warn(
      "SKIPPED: recorded provider responses are not beside this repository; their tests do not run.",
    );
    return [];
  }
  const index = JSON.parse(readFileSync(new URL("index.json", FIXTURES), "utf8")) as {
    fixtures: Recording[];
  };
  return index.fixtures.map((entry) => {
    const raw = readFileSync(new URL(entry.file, FIXTURES));
    return Object.assign(entry, {
      body: entry.file.endsWith(".b64") ? Buffer.from(raw.toString(), "base64") : raw,
    });
  });
}
