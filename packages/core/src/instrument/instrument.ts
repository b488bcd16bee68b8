/** Installing and uninstalling the hooks, once per process however many copies of the package there are. */
import { type PayiClient } from "../client/client.ts";
import { type PayiInstrumentOptions } from "../config.ts";
import { type FlushResult } from "../ingest/queue.ts";
import { OpenCalls } from "../open-calls.ts";
import { createRuntime, getRuntime, setRuntime } from "../runtime.ts";
import { type Stats } from "../stats.ts";
import { adoptModules } from "./adopt.ts";
import { wrapFetch } from "./fetch.ts";
import { unwrapFetch } from "./original-fetch.ts";

/** What {@link payiInstrument} gives back. */
export interface Instrumentation {
  /** The REST client in use. */
  readonly client: PayiClient;
  /** What was sent and dropped so far, by reason. */
  stats(): Stats;
  flush(options?: { readonly timeoutMs?: number }): Promise<FlushResult>;
  close(options?: { readonly timeoutMs?: number }): Promise<FlushResult>;
}

/**
 * Meters every supported provider call of this process from now on. Call it once, at start, before provider clients are
 * made. A second call changes nothing and says so in the log.
 *
 * @throws {ConfigurationError} when an option is wrong or no API key is set; never later.
 *
 * @example
 * payiInstrument({ config: { useCaseName: "doc_summary" } });
 */
export function payiInstrument(options: PayiInstrumentOptions = {}): Instrumentation {
  const running = getRuntime();
  if (running !== undefined) {
    running.config.logger.info("payiInstrument() was called before; this call changes nothing.");
    return handle(running.client);
  }
  const runtime = createRuntime(options, new OpenCalls());
  runtime.undo.push(adoptModules(options.modules));
  setRuntime(runtime);
  globalThis.fetch = wrapFetch(globalThis.fetch);
  globalThis.process?.on("beforeExit", flushAtExit);
  return handle(runtime.client);
}

/** Resolves once what was queued at the call is settled or the time (default 2 s) is up; never rejects. */
export async function flush(options: { readonly timeoutMs?: number } = {}): Promise<FlushResult> {
  return (await getRuntime()?.queue.flush(options)) ?? NOTHING;
}

/** Settles open calls, flushes, and takes the hooks away. May be called twice; never rejects. */
export async function close(options: { readonly timeoutMs?: number } = {}): Promise<FlushResult> {
  const runtime = getRuntime();
  if (runtime === undefined) return NOTHING;
  runtime.openCalls.abandonAll();
  const result = await runtime.queue.close(options);
  uninstrument();
  return result;
}

/** Takes the hooks away at once, without waiting for anything. For tests; applications use {@link close}. */
export function uninstrument(): void {
  for (const undo of getRuntime()?.undo ?? []) undo();
  setRuntime(undefined);
  globalThis.process?.off("beforeExit", flushAtExit);
  globalThis.fetch = unwrapFetch(globalThis.fetch);
}

function handle(client: PayiClient): Instrumentation {
  return { client, stats: () => getRuntime()?.queue.stats ?? EMPTY_STATS, flush, close };
}

/** Node asks this when nothing else is left to do: what was measured is not lost with a normal exit. */
function flushAtExit(): void {
  const runtime = getRuntime();
  if (runtime === undefined || runtime.queue.stats.pending === 0) return;
  void runtime.queue.flush({ timeoutMs: 2_000 });
}

const NOTHING: FlushResult = { sent: 0, spooled: 0, failed: 0, dropped: 0 };
const EMPTY_STATS: Stats = {
  produced: 0,
  delivered: 0,
  pending: 0,
  dropped: {
    queue_overflow: 0,
    too_large: 0,
    rejected: 0,
    poison: 0,
    shutdown_deadline: 0,
    encode_failed: 0,
  },
};
