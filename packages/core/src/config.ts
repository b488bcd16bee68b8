/** Options and environment → one frozen configuration. Everything is checked here, at start, and never again. */
import { type PayiClient } from "./client/client.ts";
import { CONTEXT_KEYS, entryFileName, readContextDefaults } from "./context-defaults.ts";
import { type PayiContext } from "./context.ts";
import { ConfigurationError } from "./errors.ts";
import {
  type DeliveryOptions,
  type IngestRetryOptions,
  type OfflineInstrumentation,
  type SpoolConfig,
  readDeliveryOptions,
} from "./ingest/delivery-options.ts";
import { type ProviderModules } from "./instrument/adopt.ts";
import { readInstruments } from "./instruments.ts";
import {
  LIMIT_OPTION_KEYS,
  type LimitOptions,
  type LimitSettings,
  readLimitOptions,
} from "./limits/limit-options.ts";
import { type Logger, debugLogger, defaultLogger } from "./logger.ts";
import { type HostMapping, type HostMappings, readHostMappings } from "./mappings.ts";
import { readFlag, readFunction, readNumber, rejectUnknown } from "./option-readers.ts";
import {
  PROVIDER_OPTION_KEYS,
  type ProviderOptions,
  type ProviderSettings,
  readProviderOptions,
} from "./provider-options.ts";
import { type Redact } from "./redaction.ts";
import { type ResultHook } from "./results.ts";

/** What {@link payiInstrument} takes; everything is optional. */
export interface PayiInstrumentOptions {
  /** The client that reports; of a list the first. Default: made from `PAYI_API_KEY` and `PAYI_BASE_URL`. */
  readonly payi?: PayiClient | readonly PayiClient[] | undefined;
  /** Categories to meter, see `PayiCategories`. Default: all that are supported. */
  readonly instruments?: Iterable<string> | undefined;
  /**
   * True: prompts, answers and some of their headers travel with the events; the platform keeps them only where it was
   * told to as well. Default false. A context, an instance or a call can say otherwise for itself.
   */
  readonly logPromptAndResponse?: boolean | undefined;
  readonly config?: PayiInstrumentConfig | undefined;
  /** Default: warnings and errors to the console. */
  readonly logger?: Logger | undefined;
  /** Sees every event before it is queued and answers with what may leave. Default: none. */
  readonly redact?: Redact | undefined;
  /** Called with each result: at once with our own price, and again when the platform has answered. */
  readonly onResult?: ResultHook | undefined;
  /** Provider classes whose clients may have been made before this call: `{ OpenAI, Anthropic }`. */
  readonly modules?: ProviderModules | undefined;
}

export interface PayiInstrumentConfig
  extends Omit<PayiContext, "logPromptAndResponse">, ProviderOptions, LimitOptions {
  /**
   * True: provider calls go through the platform's proxy, which meters and refuses them; the SDK itself reports
   * nothing. Default false: calls go straight to the provider and are reported.
   */
  readonly proxy?: boolean | undefined;
  /**
   * True (default): every call is metered, inside a frame or not, and the context values given here hold for all of
   * them. False: only calls inside `track`, `trackContext` or an instance are metered.
   */
  readonly globalInstrumentation?: boolean | undefined;
  /** True: images and sound inside prompts and answers are kept. Default false: `<not_instrumented>` stands there. */
  readonly instrumentInlineData?: boolean | undefined;
  /** True: each event says where in the application its call was made. Default false. */
  readonly captureStackTrace?: boolean | undefined;
  /** True: says of each call what was recognised, attributed, priced and sent. Default false. */
  readonly debug?: boolean | undefined;
  /**
   * Whose prices the answers of a host have that is none of a provider's own; without a mapping they are metered and
   * unpriced. The key is `host`, `host:port` or a URL.
   */
  readonly hostMappings?: Readonly<Record<string, HostMapping>> | undefined;
  /** Least seconds between two log messages about the same connection trouble. Default 60. */
  readonly connectionErrorLoggingWindow?: number | undefined;
  /** How delivery goes on when the platform is away. */
  readonly ingestRetry?: IngestRetryOptions | undefined;
  /** The disk behind the queue. Default: what memory cannot hold, and outages. */
  readonly spool?: SpoolConfig | undefined;
  /** Given: events go into a file, and nothing goes to a platform. */
  readonly offlineInstrumentation?: OfflineInstrumentation | undefined;
}

/** The configuration in force. */
export interface Config extends ProviderSettings, LimitSettings {
  readonly logPromptAndResponse: boolean;
  readonly instrumentInlineData: boolean;
  readonly captureStackTrace: boolean;
  readonly debug: boolean;
  readonly redact: Redact | undefined;
  readonly onResult: ResultHook | undefined;
  readonly globalInstrumentation: boolean;
  readonly instruments: ReadonlySet<string> | "all";
  readonly hostMappings: HostMappings;
  readonly proxy: boolean;
  readonly connectionErrorLoggingWindowMs: number;
  readonly delivery: DeliveryOptions;
  readonly defaults: PayiContext;
  readonly logger: Logger;
}

/** @throws {ConfigurationError} naming the option, its value and the rule. */
export function resolveConfig(options: PayiInstrumentOptions, entryFile: string | undefined): Config {
  rejectUnknown("", options, OPTION_KEYS);
  const config = options.config ?? {};
  rejectUnknown("config.", config, CONFIG_KEYS);
  const debug = readFlag("config.debug", config.debug, false);
  return Object.freeze({
    logPromptAndResponse: readFlag("logPromptAndResponse", options.logPromptAndResponse, false),
    globalInstrumentation: readFlag("config.globalInstrumentation", config.globalInstrumentation, true),
    instrumentInlineData: readFlag("config.instrumentInlineData", config.instrumentInlineData, false),
    proxy: readFlag("config.proxy", config.proxy, false),
    captureStackTrace: readFlag("config.captureStackTrace", config.captureStackTrace, false),
    debug,
    instruments: readInstruments(options.instruments),
    hostMappings: readHostMappings(config.hostMappings),
    ...readProviderOptions(config),
    ...readLimitOptions(config),
    connectionErrorLoggingWindowMs:
      1000 * readNumber("config.connectionErrorLoggingWindow", config.connectionErrorLoggingWindow, 60),
    delivery: readDeliveryOptions(config),
    defaults: withoutUndefined({ useCaseName: entryFileName(entryFile) }, readContextDefaults(config)),
    logger: readLogger(options.logger) ?? (debug ? debugLogger : defaultLogger),
    redact: readFunction("redact", options.redact),
    onResult: readFunction("onResult", options.onResult),
  });
}

const OPTION_KEYS = [
  "payi",
  "instruments",
  "logPromptAndResponse",
  "config",
  "logger",
  "redact",
  "onResult",
  "modules",
];

const CONFIG_KEYS: readonly string[] = [
  "globalInstrumentation",
  "instrumentInlineData",
  "captureStackTrace",
  "debug",
  "hostMappings",
  ...PROVIDER_OPTION_KEYS,
  ...LIMIT_OPTION_KEYS,
  "connectionErrorLoggingWindow",
  "ingestRetry",
  "spool",
  "offlineInstrumentation",
  ...CONTEXT_KEYS.filter((key) => key !== "logPromptAndResponse"),
];

function readLogger(logger: Logger | undefined): Logger | undefined {
  if (logger === undefined) return undefined;
  const missing = (["debug", "info", "warn", "error"] as const).find(
    (level) => typeof (logger as Partial<Logger> | null)?.[level] !== "function",
  );
  if (missing === undefined) return logger;
  throw new ConfigurationError(
    "logger",
    `logger must have the methods debug, info, warn and error; ${missing} is none.`,
  );
}

function withoutUndefined(fallback: PayiContext, given: PayiContext): PayiContext {
  return {
    ...fallback,
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  };
}
