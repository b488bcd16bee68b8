/** The options of delivery: `config.ingestRetry`, `config.spool`, `config.offlineInstrumentation`. */
import { ConfigurationError } from "../errors.ts";
import {
  readFlag,
  readNumber,
  readSeconds,
  readString,
  readWholeNumber,
  rejectUnknown,
  show,
} from "../option-readers.ts";
import { type NodeModules, nodeModules } from "./node-modules.ts";

/** Times in seconds, as Pay-i's own SDK has them. */
export interface IngestRetryOptions {
  /** Failed attempts of a batch that are waited out in memory, before spool or loss. Default 0. */
  readonly maxInlineRetries?: number | undefined;
  /** Seconds before the first new attempt at most; doubles up to 8, with full jitter. Default 0.5. */
  readonly inlineRetryInitialDelay?: number | undefined;
  /** False: what is not delivered after the inline retries is dropped and counted. Default true. */
  readonly queueEnabled?: boolean | undefined;
  /** Events and scores kept in memory. Default 10,000; 0 lifts the count, never the bound of 16 MiB. */
  readonly queueMaxSize?: number | undefined;
  /** Seconds that an event waits for company before it leaves, more than 0. Default 0.1. */
  readonly queueInterval?: number | undefined;
}

/**
 * `memory`: nothing is written. `overflow`: what memory cannot hold, and what waits out an outage. `spool`: everything,
 * within 50 ms. `sync`: everything, before the call's result is handed on.
 */
export type SpoolMode = "memory" | "overflow" | "spool" | "sync";

export interface SpoolConfig {
  /** Default `overflow`. */
  readonly mode?: SpoolMode | undefined;
  /** A folder for the spools of all processes. Default: one per user in the system's temporary directory. */
  readonly directory?: string | undefined;
  /** On disk at most, per process. Default 256 MiB. */
  readonly maxBytes?: number | undefined;
}

/** Events go into a file instead of to a platform; `payi import FILE` loads it. */
export interface OfflineInstrumentation {
  /** Default: `payi_instrumentation_<YYYY-MM-DD-HH-MM-SS>.json` in the working directory. */
  readonly fileName?: string | undefined;
}

export interface SpoolOptions {
  readonly mode: SpoolMode;
  readonly directory: string | undefined;
  readonly maxBytes: number;
}

/** What `config` says about delivery, checked, in milliseconds. */
export interface DeliveryOptions {
  readonly quickRetries: number;
  readonly firstDelayMs: number;
  readonly keepsUndelivered: boolean;
  readonly maxItems: number;
  readonly lingerMs: number;
  readonly spool: SpoolOptions;
  readonly offline: OfflineInstrumentation | undefined;
}

const MODES: readonly SpoolMode[] = ["memory", "overflow", "spool", "sync"];
const LEAST_SPOOL_BYTES = 16 << 10;
const DEFAULT_SPOOL_BYTES = 256 << 20;

/** @throws {ConfigurationError} naming the option, its value and the rule. */
export function readDeliveryOptions(config: {
  readonly ingestRetry?: IngestRetryOptions | undefined;
  readonly spool?: SpoolConfig | undefined;
  readonly offlineInstrumentation?: OfflineInstrumentation | undefined;
}): DeliveryOptions {
  const retry = config.ingestRetry ?? {};
  rejectUnknown("config.ingestRetry.", retry, [
    "maxInlineRetries",
    "inlineRetryInitialDelay",
    "queueEnabled",
    "queueMaxSize",
    "queueInterval",
  ]);
  const keepsUndelivered = readFlag("config.ingestRetry.queueEnabled", retry.queueEnabled, true);
  return {
    quickRetries: readWholeNumber("config.ingestRetry.maxInlineRetries", retry.maxInlineRetries) ?? 0,
    firstDelayMs:
      1000 * readNumber("config.ingestRetry.inlineRetryInitialDelay", retry.inlineRetryInitialDelay, 0.5),
    keepsUndelivered,
    maxItems: readWholeNumber("config.ingestRetry.queueMaxSize", retry.queueMaxSize) ?? 10_000,
    lingerMs: 1000 * readSeconds("config.ingestRetry.queueInterval", retry.queueInterval, 0.1),
    spool: readSpool(config.spool ?? {}, keepsUndelivered),
    offline: readOffline(config.offlineInstrumentation),
  };
}

function readSpool(spool: SpoolConfig, keepsUndelivered: boolean): SpoolOptions {
  rejectUnknown("config.spool.", spool, ["mode", "directory", "maxBytes"]);
  const mode = spool.mode ?? (keepsUndelivered ? "overflow" : "memory");
  if (!MODES.includes(mode)) {
    throw new ConfigurationError(
      "config.spool.mode",
      `config.spool.mode must be one of ${MODES.join(", ")}, got ${show(mode)}.`,
    );
  }
  if (mode !== "memory" && !keepsUndelivered) {
    throw new ConfigurationError(
      "config.spool.mode",
      `config.spool.mode is ${show(mode)}, which keeps what was not delivered, while config.ingestRetry.queueEnabled=false drops it. Leave one of them out.`,
    );
  }
  const directory = readString("config.spool.directory", spool.directory);
  if (directory === "") {
    throw new ConfigurationError(
      "config.spool.directory",
      'config.spool.directory must be the path of a folder, got "". Leave it out for the default.',
    );
  }
  if (directory !== undefined && mode !== "memory") rejectFile("config.spool.directory", directory);
  const maxBytes = readWholeNumber("config.spool.maxBytes", spool.maxBytes) ?? DEFAULT_SPOOL_BYTES;
  if (maxBytes < LEAST_SPOOL_BYTES) {
    throw new ConfigurationError(
      "config.spool.maxBytes",
      `config.spool.maxBytes must be at least ${LEAST_SPOOL_BYTES}, got ${maxBytes}. To write nothing at all, set config.spool.mode to "memory".`,
    );
  }
  return { mode, directory, maxBytes };
}

function readOffline(offline: OfflineInstrumentation | undefined): OfflineInstrumentation | undefined {
  if (offline === undefined) return undefined;
  rejectUnknown("config.offlineInstrumentation.", offline, ["fileName"]);
  const setting = "config.offlineInstrumentation.fileName";
  const fileName = readString(setting, offline.fileName);
  if (fileName === "") {
    throw new ConfigurationError(
      setting,
      `${setting} must be the path of a file, got "". Leave it out for the default.`,
    );
  }
  const node = nodeModules();
  // Without a name the file is made in the working directory.
  const path = node?.path.resolve(fileName ?? "events.json") ?? "";
  const obstacle = node && obstacleTo(node, path);
  if (obstacle === undefined) return { fileName };
  throw new ConfigurationError(
    setting,
    `${setting} must be a file that can be made and continued, and ${show(fileName ?? path)} ${obstacle}. Name another one.`,
  );
}

/** Why no event could ever be written to a file; the file itself is made when the first one comes. */
function obstacleTo({ fs, path: paths }: NodeModules, path: string): string | undefined {
  try {
    const found = fs.statSync(path, { throwIfNoEntry: false });
    if (found?.isDirectory() === true) return "is a folder";
    const folder = paths.dirname(path);
    if (found === undefined && fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
      return `is in ${show(folder)}, which is no folder`;
    }
    fs.accessSync(found === undefined ? folder : path, fs.constants.W_OK);
    return undefined;
  } catch (error) {
    return `cannot be written: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Folders that are missing are made later; below a file none ever can. */
function rejectFile(setting: string, directory: string): void {
  const node = nodeModules();
  if (node === undefined) return;
  let path = node.path.resolve(directory);
  let found = statOf(node, path);
  while (found === undefined && node.path.dirname(path) !== path) {
    path = node.path.dirname(path);
    found = statOf(node, path);
  }
  if (found === undefined || found.isDirectory()) return;
  throw new ConfigurationError(
    setting,
    `${setting} must be the path of a folder, got ${show(directory)}; ${show(path)} is a file.`,
  );
}

/** Undefined also for what may not be looked at. */
function statOf({ fs }: NodeModules, path: string): ReturnType<NodeModules["fs"]["statSync"]> | undefined {
  try {
    return fs.statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
