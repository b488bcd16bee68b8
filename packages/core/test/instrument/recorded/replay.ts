import { createClient } from "../../../src/client/create-client.ts";
import { type PayiInstrumentConfig, type PayiInstrumentOptions } from "../../../src/config.ts";
/** Replays recorded answers to the real SDKs, which believe that they talk to the provider's own host. */
import { payiInstrument, uninstrument } from "../../../src/instrument/instrument.ts";
import { type UnitCount } from "../../../src/usage.ts";
import { type IngestEvent } from "../../../src/wire/ingest.ts";
import {
  type Loopback,
  type Metered,
  type Recording,
  SILENT,
  loadRecordings,
  settledEvents,
  startLoopback,
  startPlatform,
} from "../../support.ts";

export { type Recording, settledEvents };

/** The recordings of these providers' APIs; empty where the folder of recordings is absent. */
export function recordingsOf(wanted: (recording: Recording) => boolean): readonly Recording[] {
  return areAbsent ? [ABSENT] : loadRecordings().filter(wanted);
}

/** True where no recordings are beside this repository: their tests are skipped, which was said aloud. */
export const areAbsent: boolean = loadRecordings().length === 0;

/** Stands for them in the names of the skipped tests: a file without any test would be an error. */
const ABSENT = { id: "absent:", api: "recorded answers", body: Buffer.alloc(0) } as unknown as Recording;

/** A server that gives the recorded answer to everything. */
export function startProvider(recording: Recording): Promise<Loopback> {
  return startLoopback((_request, response) => {
    response.writeHead(recording.http_status, recordedHeaders(recording));
    response.end(recording.body);
  });
}

/** The recorded headers; a content type is told where the recording has none. */
export function recordedHeaders(recording: Recording): Record<string, string> {
  const headers = Object.fromEntries(
    Object.entries(recording.response_headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return { "content-type": recording.streaming ? "text/event-stream" : "application/json", ...headers };
}

/** Sends whatever leaves for the internet to the loopback server, path and all, below the instrumentation. */
export function redirectTo(provider: Loopback): Disposable {
  const plain = globalThis.fetch;
  globalThis.fetch = (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.hostname === "127.0.0.1") return plain(input, init);
    const target = `${provider.url}${url.pathname}${url.search}`;
    return plain(input instanceof Request ? new Request(target, input) : target, init);
  };
  return {
    [Symbol.dispose]: () => {
      globalThis.fetch = plain;
    },
  };
}

/** Instruments this process with no mapping of hosts: what a call is follows from its URL. */
export async function meterEverything(
  config: PayiInstrumentConfig = {},
  options: PayiInstrumentOptions = {},
): Promise<Metered> {
  const platform = await startPlatform();
  const instrumentation = payiInstrument({
    ...options,
    payi: createClient({ apiKey: "test", baseUrl: platform.url }),
    config: { useCaseName: "tests", ...config },
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

/** Runs a call against a recorded answer, and gives the events that it made. */
export async function replay(
  recording: Recording,
  call: (provider: Loopback) => Promise<unknown>,
): Promise<readonly IngestEvent[]> {
  await using provider = await startProvider(recording);
  using _redirected = redirectTo(provider);
  await using metered = await meterEverything();
  await call(provider).catch((error: unknown) => {
    if (recording.http_status < 400) throw error;
  });
  return [...(await settledEvents(metered))];
}

/** Reads a stream to its end; anything else is read already. */
export async function drain(answer: unknown): Promise<void> {
  if (typeof answer === "object" && answer !== null && Symbol.asyncIterator in answer) {
    for await (const _part of answer as AsyncIterable<unknown>);
  }
}

/** The counts of an event, zero where there are none. */
export interface Counts {
  input(unit: string): number;
  output(unit: string): number;
  /** Everything on that side but fees. */
  total(side: "input" | "output"): number;
}

const TOKENS = new Set(["text", "audio", "video", "vision", "image", "reasoning"]);

export function countsOf(event: IngestEvent | undefined): Counts {
  const units: Readonly<Record<string, UnitCount | undefined>> = event?.units ?? {};
  return {
    input: (unit) => units[unit]?.input ?? 0,
    output: (unit) => units[unit]?.output ?? 0,
    total: (side) =>
      Object.entries(units)
        .filter(([unit]) => TOKENS.has(unit.replace(/_cache_(?:read|write)(?:_1h)?$/, "")))
        .reduce((sum, [, count]) => sum + (count?.[side] ?? 0), 0),
  };
}

/** `expected_usage` without the names that are compared elsewhere. */
export function expectedOf(recording: Recording, elsewhere: readonly string[] = []): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(recording.expected_usage ?? {}).filter(([name]) => !elsewhere.includes(name)),
  );
}

/** Of everything that can be told, what the recording expects. */
export function toldOf(
  all: Readonly<Record<string, unknown>>,
  expected: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(Object.keys(expected).map((name) => [name, all[name]]));
}
