import { type PayiClient } from "./client/client.ts";
/**
 * What one process shares: client, queue, price book, configuration. It hangs on `globalThis`, since bundlers and
 * package trees make copies of this module.
 */
import { createClient } from "./client/create-client.ts";
import { type Config, type PayiInstrumentOptions, resolveConfig } from "./config.ts";
import { noteLastResult, setBaseContext } from "./context.ts";
import { type PriceBook, builtInPriceBook } from "./cost/price-book.ts";
import { IngestQueue } from "./ingest/queue.ts";
import { type Guard, openGuard } from "./limits/guard.ts";
import { ThrottledLog } from "./logger.ts";
import { type OpenCalls } from "./open-calls.ts";
import { type XproxyResult } from "./wire/result.ts";

export interface Runtime {
  readonly config: Config;
  readonly client: PayiClient;
  readonly queue: IngestQueue;
  readonly guard: Guard;
  readonly log: ThrottledLog;
  /** Compiled on first use: importing the package must stay cheap. */
  readonly book: () => PriceBook;
  readonly openCalls: OpenCalls;
}

const KEY = Symbol.for("payi.runtime");
const holder = globalThis as { [KEY]?: Runtime };

/** The runtime in force; undefined before anything was configured and after `close`. */
export function getRuntime(): Runtime | undefined {
  return holder[KEY];
}

export function setRuntime(runtime: Runtime | undefined): void {
  if (runtime === undefined) delete holder[KEY];
  else holder[KEY] = runtime;
}

/** @throws {ConfigurationError} */
export function createRuntime(options: PayiInstrumentOptions, openCalls: OpenCalls): Runtime {
  const config = resolveConfig(options, globalThis.process?.argv[1]);
  setBaseContext(config.globalInstrumentation ? config.defaults : {});
  const client = options.payi ?? createClient();
  const log = new ThrottledLog(config.logger, config.connectionErrorLoggingWindowMs);
  const queue = new IngestQueue({
    client,
    log,
    maxItems: config.queueMaxItems,
    maxBytes: MAX_QUEUE_BYTES,
    lingerMs: LINGER_MS,
    onResult: (_event, result) => noteResult(result, log),
  });
  return { config, client, queue, guard: openGuard, log, book: builtInPriceBook, openCalls };
}

const MAX_QUEUE_BYTES = 16 << 20;
const LINGER_MS = 100;

function noteResult(result: XproxyResult, log: ThrottledLog): void {
  noteLastResult(result);
  for (const warning of result.warnings ?? []) log.warn(`platform:${warning}`, warning);
}
