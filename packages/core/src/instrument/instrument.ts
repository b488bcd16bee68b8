/** Installing and uninstalling the hooks, once per process however many copies of the package there are. */
import { type PayiClient } from "../client/client.ts";
import { type PayiInstrumentOptions } from "../config.ts";
import { type FlushResult } from "../ingest/delivery.ts";
import { watchEndOfProcess } from "../ingest/flush.ts";
import { giveBackAtEnd } from "../limits/give-back-at-end.ts";
import { type LimitStats } from "../limits/guard.ts";
import { OpenCalls } from "../open-calls.ts";
import { type Runtime, createRuntime, getRuntime, setRuntime } from "../runtime.ts";
import { type Stats } from "../stats.ts";
import { adoptModules } from "./adopt.ts";
import { adoptBedrockClients } from "./bedrock-hook.ts";
import { wrapFetch } from "./fetch.ts";
import { unwrapFetch } from "./original-fetch.ts";
import { abandonWaitingCalls } from "./waiting-calls.ts";

/** What {@link payiInstrument} gives back. */
export interface Instrumentation {
  /** The REST client in use. */
  readonly client: PayiClient;
  /** What was sent and dropped so far, by reason. */
  stats(): Stats;
  /** How many calls limits applied to, and what they said. */
  limitStats(): LimitStats;
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
    sayItRuns(running, options);
    return handle(running);
  }
  const runtime = createRuntime(options, new OpenCalls());
  runtime.undo.push(adoptModules(options.modules), adoptBedrockClients());
  setRuntime(runtime);
  globalThis.fetch = wrapFetch(globalThis.fetch);
  const { queue, config } = runtime;
  const settleOpenCalls = (): void => settleAll(runtime);
  runtime.undo.push(giveBackAtEnd(runtime.guard));
  runtime.undo.push(watchEndOfProcess({ delivery: queue, logger: config.logger, settleOpenCalls }));
  return handle(runtime);
}

/** Whoever gave options for nothing has to know; without any, and with those in force, there is nothing to lose. */
function sayItRuns({ options, config: { logger } }: Runtime, given: PayiInstrumentOptions): void {
  const said = "payiInstrument() was called before; this call changes nothing";
  const inForce = new Map<string, unknown>(Object.entries(options));
  const ignored = Object.entries(given)
    .filter(([name, value]) => value !== undefined && value !== inForce.get(name))
    .map(([name]) => name);
  if (ignored.length === 0) logger.info(`${said}.`);
  else
    logger.warn(`${said}, and its options are not read: ${ignored.join(", ")}. Give them to the first call.`);
}

/** Resolves once what was queued at the call is settled or the time (default 2 s) is up; never rejects. */
export async function flush(options: { readonly timeoutMs?: number } = {}): Promise<FlushResult> {
  const runtime = getRuntime();
  runtime?.heard.release(false);
  if (runtime === undefined) return NOTHING;
  // Where processes are frozen between requests, money that is held here would wait with them.
  const [result] = await Promise.all([
    runtime.queue.flush(options),
    runtime.guard.giveBack?.(options.timeoutMs ?? 2_000),
  ]);
  return result;
}

/**
 * Settles open calls, flushes, and takes the hooks away; what the time (default 2 s) does not suffice for goes to the
 * spool, or is dropped and counted. May be called twice; never rejects.
 */
export async function close(options: { readonly timeoutMs?: number } = {}): Promise<FlushResult> {
  const runtime = getRuntime();
  if (runtime === undefined) return NOTHING;
  settleAll(runtime);
  const result = await runtime.queue.close(options);
  await runtime.guard.close?.(Math.min(options.timeoutMs ?? 2_000, 500));
  uninstrument();
  return result;
}

/**
 * Takes the hooks away at once, without waiting for anything: what was not delivered goes to the spool, or is dropped and
 * counted. For tests; applications use {@link close}.
 */
export function uninstrument(): void {
  const runtime = getRuntime();
  for (const undo of runtime?.undo ?? []) undo();
  runtime?.heard.release(true);
  void runtime?.guard.close?.(0);
  runtime?.queue.saveNow();
  setRuntime(undefined);
  globalThis.fetch = unwrapFetch(globalThis.fetch);
}

/** Nobody will tell more of what is still open. */
function settleAll({ openCalls, heard }: Runtime): void {
  abandonWaitingCalls();
  openCalls.abandonAll();
  heard.release(true);
}

function handle(runtime: Runtime): Instrumentation {
  return {
    client: runtime.client,
    stats: () => runtime.queue.stats,
    limitStats: () => runtime.guard.stats ?? NO_CHECKS,
    flush,
    close,
  };
}

const NO_CHECKS: LimitStats = { checked: 0, local: 0, refused: 0, unchecked: 0 };
const NOTHING: FlushResult = { sent: 0, spooled: 0, failed: 0, dropped: 0 };
