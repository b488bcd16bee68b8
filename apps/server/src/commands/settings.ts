import { type FeedSettings, isFeedUrl } from "../domain/price-feed.ts";
import { type AlertEnvironment, readAlertSettings } from "./alert-settings.ts";
import { readClickHouseUrl } from "./clickhouse-setting.ts";
import { type Database, readDatabase } from "./database.ts";
import { SettingError } from "./setting-error.ts";
import { type SignInSettings, readSignInSettings } from "./sign-in-settings.ts";

/** What the environment asks for; see the table in the README. */
export interface Settings {
  readonly port: number;
  readonly host: string;
  readonly dataDirectory: string;
  readonly database: Database;
  readonly apiKey: string | undefined;
  readonly logLevel: string;
  /** Requests per minute and key. */
  readonly requestsPerMinute: number | undefined;
  /** Where price books are looked for. Undefined: nowhere. */
  readonly priceFeed: FeedSettings | undefined;
  readonly alerts: AlertEnvironment;
  readonly signIn: SignInSettings;
  /** Where the copy for analytics is kept. Undefined: there is none. */
  readonly clickHouse: URL | undefined;
  /** The server ends when this process is gone. */
  readonly parentProcessId: number | undefined;
}

const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];

/** @throws {SettingError} naming the variable, its value and the rule. */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const dataDirectory = given(environment, "PAYI_DATA_DIR") ?? ".payi";
  const logLevel = given(environment, "PAYI_LOG") ?? "warn";
  if (!LOG_LEVELS.includes(logLevel)) {
    throw new SettingError(`PAYI_LOG=${logLevel} is unknown. Use one of ${LOG_LEVELS.join(", ")}.`);
  }
  return {
    port: readNumber(environment, "PORT", 65_535) ?? 4470,
    host: given(environment, "PAYI_HOST") ?? "127.0.0.1",
    dataDirectory,
    database: readDatabaseUrl(environment, dataDirectory),
    apiKey: given(environment, "PAYI_API_KEY"),
    logLevel,
    requestsPerMinute: readNumber(environment, "PAYI_REQUESTS_PER_MINUTE", 2 ** 31),
    priceFeed: readPriceFeed(environment),
    alerts: readAlertSettings((name) => given(environment, name)),
    signIn: readSignInSettings((name) => given(environment, name)),
    clickHouse: readClickHouseUrl(given(environment, "PAYI_CLICKHOUSE_URL")),
    parentProcessId: readNumber(environment, "PAYI_PARENT_PID", 2 ** 31),
  };
}

function readPriceFeed(environment: NodeJS.ProcessEnv): FeedSettings | undefined {
  const hours = readNumber(environment, "PAYI_PRICE_FEED_HOURS", 500) ?? 24;
  const url = given(environment, "PAYI_PRICE_FEED_URL");
  if (url === undefined) return undefined;
  if (!isFeedUrl(url)) {
    throw new SettingError(
      "PAYI_PRICE_FEED_URL is neither an https address nor an http address of this machine. Correct it, or leave it out to upload price books by hand.",
    );
  }
  if (hours === 0) {
    throw new SettingError(
      "PAYI_PRICE_FEED_HOURS=0 would never rest. Use 1 to 500, or leave PAYI_PRICE_FEED_URL out.",
    );
  }
  return { url, intervalMs: hours * 3_600_000 };
}

/** Other programs read DATABASE_URL too, so ours has a name of its own, which comes first. */
function readDatabaseUrl(environment: NodeJS.ProcessEnv, dataDirectory: string): Database {
  const name = given(environment, "PAYI_DATABASE_URL") === undefined ? "DATABASE_URL" : "PAYI_DATABASE_URL";
  return readDatabase(name, given(environment, name), dataDirectory);
}

function readNumber(environment: NodeJS.ProcessEnv, name: string, max: number): number | undefined {
  const text = given(environment, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= max) return value;
  throw new SettingError(
    `${name}=${text} is not a whole number from 0 to ${max}. Correct it or leave it out.`,
  );
}

/** Blank is the same as not set. */
function given(environment: NodeJS.ProcessEnv, name: string): string | undefined {
  const value = environment[name]?.trim();
  return value === undefined || value === "" ? undefined : value;
}
