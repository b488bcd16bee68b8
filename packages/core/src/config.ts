/** Options and environment → one frozen configuration. Everything is checked here, at start, and never again. */
import { type PayiClient } from "./client/client.ts";
import { CONTEXT_KEYS, entryFileName, readContextDefaults } from "./context-defaults.ts";
import { type PayiContext } from "./context.ts";
import { ConfigurationError } from "./errors.ts";
import { type ProviderModules } from "./instrument/adopt.ts";
import { type Logger, debugLogger, defaultLogger } from "./logger.ts";
import {
  type HostMapping,
  type HostMappings,
  type ModelMapping,
  readHostMappings,
  readModelMappings,
} from "./mappings.ts";
import { readFlag, readFunction, readNumber, rejectUnknown, show } from "./option-readers.ts";
import { type ProviderSection } from "./providers/provider.ts";
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

export interface PayiInstrumentConfig extends Omit<PayiContext, "logPromptAndResponse"> {
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
  readonly openaiConfig?: { readonly modelMappings?: readonly ModelMapping[] | undefined } | undefined;
  readonly anthropicConfig?: { readonly modelMappings?: readonly ModelMapping[] | undefined } | undefined;
  /** Least seconds between two log messages about the same connection trouble. Default 60. */
  readonly connectionErrorLoggingWindow?: number | undefined;
  readonly ingestRetry?:
    | {
        /** Events and scores kept while the platform is away. Default 10,000; 0 lifts the count, never the byte bound. */
        readonly queueMaxSize?: number | undefined;
      }
    | undefined;
}

/** The configuration in force. */
export interface Config {
  readonly logPromptAndResponse: boolean;
  readonly instrumentInlineData: boolean;
  readonly captureStackTrace: boolean;
  readonly debug: boolean;
  readonly redact: Redact | undefined;
  readonly onResult: ResultHook | undefined;
  readonly globalInstrumentation: boolean;
  readonly instruments: ReadonlySet<string> | "all";
  readonly hostMappings: HostMappings;
  readonly modelMappings: Readonly<Partial<Record<ProviderSection, readonly ModelMapping[]>>>;
  readonly proxy: boolean;
  readonly connectionErrorLoggingWindowMs: number;
  readonly queueMaxItems: number;
  readonly defaults: PayiContext;
  readonly logger: Logger;
}

/** @throws {ConfigurationError} naming the option, its value and the rule. */
export function resolveConfig(options: PayiInstrumentOptions, entryFile: string | undefined): Config {
  rejectUnknown("", options, OPTION_KEYS);
  const config = options.config ?? {};
  rejectUnknown("config.", config, CONFIG_KEYS);
  rejectUnknown("config.ingestRetry.", config.ingestRetry ?? {}, ["queueMaxSize"]);
  const instruments = readInstruments(options.instruments);
  const debug = readFlag("config.debug", config.debug, false);
  const { openaiConfig, anthropicConfig, ingestRetry } = config;
  return Object.freeze({
    logPromptAndResponse: readFlag("logPromptAndResponse", options.logPromptAndResponse, false),
    globalInstrumentation: readFlag("config.globalInstrumentation", config.globalInstrumentation, true),
    instrumentInlineData: readFlag("config.instrumentInlineData", config.instrumentInlineData, false),
    proxy: readFlag("config.proxy", config.proxy, false),
    captureStackTrace: readFlag("config.captureStackTrace", config.captureStackTrace, false),
    debug,
    instruments: instruments.includes("*") ? ("all" as const) : new Set(instruments),
    hostMappings: readHostMappings(config.hostMappings),
    modelMappings: {
      openai: readModelMappings("config.openaiConfig.modelMappings", openaiConfig?.modelMappings),
      anthropic: readModelMappings("config.anthropicConfig.modelMappings", anthropicConfig?.modelMappings),
    },
    connectionErrorLoggingWindowMs:
      1000 * readNumber("config.connectionErrorLoggingWindow", config.connectionErrorLoggingWindow, 60),
    queueMaxItems: readNumber("config.ingestRetry.queueMaxSize", ingestRetry?.queueMaxSize, 10_000),
    defaults: withoutUndefined({ useCaseName: entryFileName(entryFile) }, readContextDefaults(config)),
    logger: readLogger(options.logger) ?? (debug ? debugLogger : defaultLogger),
    redact: readFunction("redact", options.redact),
    onResult: readFunction("onResult", options.onResult),
  });
}

/** The provider categories that `instruments` accepts. */
export const PayiCategories = {
  openai: "system.openai",
  anthropic: "system.anthropic",
} as const;

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
  "openaiConfig",
  "anthropicConfig",
  "connectionErrorLoggingWindow",
  "ingestRetry",
  ...CONTEXT_KEYS.filter((key) => key !== "logPromptAndResponse"),
];

function readInstruments(given: unknown): readonly string[] {
  if (given === undefined || given === null) return ["*"];
  if (typeof given === "string" || typeof given !== "object" || !(Symbol.iterator in given)) {
    throw new ConfigurationError(
      "instruments",
      `instruments must be a list or a set of categories, got ${show(given)}. Use PayiCategories.`,
    );
  }
  const instruments = [...(given as Iterable<string>)];
  for (const category of instruments) checkInstrument(category);
  return instruments;
}

function checkInstrument(category: string): void {
  const known: readonly string[] = ["*", ...Object.values(PayiCategories)];
  if (known.includes(category)) return;
  throw new ConfigurationError(
    "instruments",
    `instruments has ${JSON.stringify(category)}, which is none of ${known.join(", ")}. Use PayiCategories.`,
  );
}

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
