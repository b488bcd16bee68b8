/** Options and environment → one frozen configuration. Everything is checked here, at start, and never again. */
import { type PayiClient } from "./client/client.ts";
import { type PayiContext } from "./context.ts";
import { ConfigurationError } from "./errors.ts";
import { type Logger, defaultLogger } from "./logger.ts";
import {
  type HostMapping,
  type HostMappings,
  type ModelMapping,
  readHostMappings,
  readModelMappings,
} from "./mappings.ts";
import { toUseCaseName } from "./wire/use-cases.ts";

/** What {@link payiInstrument} takes; everything is optional. */
export interface PayiInstrumentOptions {
  /** The client that reports. Default: made from `PAYI_API_KEY` and `PAYI_BASE_URL`. */
  readonly payi?: PayiClient | undefined;
  /** Categories to meter, see `PayiCategories`. Default: all that are supported. */
  readonly instruments?: Iterable<string> | undefined;
  readonly config?: PayiInstrumentConfig | undefined;
  /** Default: warnings and errors to the console. */
  readonly logger?: Logger | undefined;
}

export interface PayiInstrumentConfig extends PayiContext {
  /**
   * True (default): every call is metered, inside a frame or not, and the context values given here hold for all of
   * them. False: only calls inside `track`, `trackContext` or an instance are metered.
   */
  readonly globalInstrumentation?: boolean | undefined;
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
  readonly globalInstrumentation: boolean;
  readonly instruments: ReadonlySet<string> | "all";
  readonly hostMappings: HostMappings;
  readonly modelMappings: {
    readonly openai: readonly ModelMapping[];
    readonly anthropic: readonly ModelMapping[];
  };
  readonly connectionErrorLoggingWindowMs: number;
  readonly queueMaxItems: number;
  readonly defaults: PayiContext;
  readonly logger: Logger;
}

/** @throws {ConfigurationError} naming the option, its value and the rule. */
export function resolveConfig(options: PayiInstrumentOptions, entryFile: string | undefined): Config {
  rejectUnknown("", options, ["payi", "instruments", "config", "logger"]);
  const config = options.config ?? {};
  rejectUnknown("config.", config, CONFIG_KEYS);
  const instruments = [...(options.instruments ?? ["*"])];
  for (const category of instruments) checkInstrument(category);
  const globalInstrumentation = readFlag("config.globalInstrumentation", config.globalInstrumentation, true);
  const {
    globalInstrumentation: _global,
    hostMappings,
    openaiConfig,
    anthropicConfig,
    connectionErrorLoggingWindow,
    ingestRetry,
    ...context
  } = config;
  rejectUnknown("config.ingestRetry.", ingestRetry ?? {}, ["queueMaxSize"]);
  return Object.freeze({
    globalInstrumentation,
    instruments: instruments.includes("*") ? ("all" as const) : new Set(instruments),
    hostMappings: readHostMappings(hostMappings),
    modelMappings: {
      openai: readModelMappings("config.openaiConfig.modelMappings", openaiConfig?.modelMappings),
      anthropic: readModelMappings("config.anthropicConfig.modelMappings", anthropicConfig?.modelMappings),
    },
    connectionErrorLoggingWindowMs:
      1000 * readNumber("config.connectionErrorLoggingWindow", connectionErrorLoggingWindow, 60),
    queueMaxItems: readNumber("config.ingestRetry.queueMaxSize", ingestRetry?.queueMaxSize, 10_000),
    defaults: {
      useCaseName: entryFile === undefined ? undefined : fileName(entryFile),
      ...definedOnly(context),
    },
    logger: options.logger ?? defaultLogger,
  });
}

/** The provider categories that `instruments` accepts. */
export const PayiCategories = {
  openai: "system.openai",
  anthropic: "system.anthropic",
} as const;

const CONFIG_KEYS = [
  "globalInstrumentation",
  "hostMappings",
  "openaiConfig",
  "anthropicConfig",
  "connectionErrorLoggingWindow",
  "ingestRetry",
  "useCaseName",
  "useCaseId",
  "useCaseVersion",
  "useCaseStep",
  "useCaseProperties",
  "requestProperties",
  "limitIds",
  "userId",
  "accountName",
  "priceAsCategory",
  "priceAsResource",
  "resourceScope",
];

function checkInstrument(category: string): void {
  const known: readonly string[] = ["*", ...Object.values(PayiCategories)];
  if (known.includes(category)) return;
  throw new ConfigurationError(
    "instruments",
    `instruments has ${JSON.stringify(category)}, which is none of ${known.join(", ")}. Use PayiCategories.`,
  );
}

/** A misspelled option would be ignored in silence, so it is an error. */
function rejectUnknown(prefix: string, given: object, known: readonly string[]): void {
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    throw new ConfigurationError(
      prefix + name,
      `${prefix}${name} is not an option. Known here: ${known.map((key) => prefix + key).join(", ")}.`,
    );
  }
}

function readFlag(setting: string, value: unknown, fallback: boolean): boolean {
  if (value === undefined) return fallback;
  if (typeof value === "boolean") return value;
  throw new ConfigurationError(setting, `${setting} must be true or false, got ${JSON.stringify(value)}.`);
}

function readNumber(setting: string, value: unknown, fallback: number): number {
  if (value === undefined) return fallback;
  if (typeof value === "number" && Number.isFinite(value) && value >= 0) return value;
  throw new ConfigurationError(
    setting,
    `${setting} must be a number of at least 0, got ${JSON.stringify(value)}.`,
  );
}

function definedOnly(context: PayiContext): PayiContext {
  return Object.fromEntries(Object.entries(context).filter(([, value]) => value !== undefined));
}

function fileName(path: string): string | undefined {
  const name = path
    .slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1)
    .replace(/\.[cm]?[jt]sx?$/, "");
  return toUseCaseName(name.toLowerCase());
}
