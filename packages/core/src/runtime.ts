/**
 * What one process shares: client, queue, price book, configuration. It hangs on `globalThis`, since bundlers and
 * package trees make copies of this module.
 */
import { AttemptLinks } from "./attempt-links.ts";
import { type PayiClient } from "./client/client.ts";
import { createClient } from "./client/create-client.ts";
import { type Config, type PayiInstrumentOptions, resolveConfig } from "./config.ts";
import { noteLastResult, setBaseContext } from "./context.ts";
import { type PriceBook, builtInPriceBook } from "./cost/price-book.ts";
import { describeAnswer, describeEvent } from "./describe-event.ts";
import { ConfigurationError } from "./errors.ts";
import { HeardCalls } from "./heard-calls.ts";
import { type Delivery } from "./ingest/delivery.ts";
import { openDelivery } from "./ingest/open-delivery.ts";
import { type Guard, openGuard } from "./limits/guard.ts";
import { LimitGuard } from "./limits/limit-guard.ts";
import { ThrottledLog } from "./logger.ts";
import { type OpenCalls } from "./open-calls.ts";
import { redactEvent } from "./redaction.ts";
import { AnswerIndex, type ResultSlot, tellResult } from "./results.ts";
import { type IngestEvent } from "./wire/ingest.ts";

export interface Runtime {
  /** As they were given. */
  readonly options: PayiInstrumentOptions;
  readonly config: Config;
  readonly client: PayiClient;
  readonly queue: Delivery;
  readonly guard: Guard;
  readonly log: ThrottledLog;
  /** Compiled on first use: importing the package must stay cheap. */
  readonly book: () => PriceBook;
  readonly openCalls: OpenCalls;
  /** Results by response id. */
  readonly answers: AnswerIndex;
  readonly attempts: AttemptLinks;
  /** Calls that layers hear of. */
  readonly heard: HeardCalls;
  /** What takes hooks away again, in the order they were set. */
  readonly undo: (() => void)[];
  /** Redacts and queues an event, and tells the application its result so far. Never throws. */
  send(event: IngestEvent, slot?: ResultSlot): void;
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
  const client = chooseClient(options.payi, config.delivery.offline !== undefined);
  const log = new ThrottledLog(config.logger, config.connectionErrorLoggingWindowMs, config.debug);
  setBaseContext(config.globalInstrumentation ? config.defaults : {}, (field, complaint) =>
    log.warn(`unusable:${field}`, complaint),
  );
  const answers = new AnswerIndex();
  const queue = openDelivery(config.delivery, client, log, (event, result) => {
    const known = answers.update(event, result);
    noteLastResult(known);
    log.debug?.(describeAnswer(event, result));
    for (const warning of result.warnings ?? []) log.warn(`platform:${warning}`, warning);
    if (config.onResult !== undefined) {
      tellResult(config.onResult, event, "platform", known.result ?? result, log);
    }
  });
  return {
    options,
    config,
    client,
    queue,
    guard: chooseGuard(config, client, log),
    log,
    book: builtInPriceBook,
    openCalls,
    answers,
    attempts: new AttemptLinks(),
    heard: new HeardCalls(),
    undo: [],
    send(event, slot) {
      queue.push(redactEvent(event, config.redact, log));
      log.debug?.(describeEvent(event, slot?.result));
      // A result is put into words only for somebody who listens.
      if (config.onResult === undefined || slot?.result === undefined) return;
      tellResult(config.onResult, event, "local", slot.result, log);
    },
  };
}

/** Without a platform there is nobody who knows limits. */
function chooseGuard(config: Config, client: PayiClient, log: ThrottledLog): Guard {
  if (!config.checkLimits || config.delivery.offline !== undefined) return openGuard;
  const { limitCheckTimeoutMs: timeoutMs, onLimitCheckError } = config;
  return new LimitGuard({ client, log, timeoutMs, onLimitCheckError });
}

function chooseClient(given: PayiInstrumentOptions["payi"], offline: boolean): PayiClient {
  // Offline nothing is sent, so nothing has to be configured for sending.
  if (given === undefined) return createClient(offline ? OFFLINE_CLIENT : {});
  // What is no client at all is refused like an empty list.
  const client: Partial<PayiClient> | null | undefined = Array.isArray(given) ? given[0] : given;
  if (typeof client?.baseUrl === "string") return client as PayiClient;
  throw new ConfigurationError(
    "payi",
    "payi must be a client made by createClient(), or a list of at least one.",
  );
}

const OFFLINE_CLIENT = { apiKey: "offline", baseUrl: "http://localhost:4470" };
