import { join } from "node:path";

import { SettingError } from "./setting-error.ts";

/** What the environment asks for; see the table in the README. */
export interface Settings {
  readonly port: number;
  readonly host: string;
  readonly dataDirectory: string;
  readonly databaseFile: string;
  readonly apiKey: string | undefined;
  readonly logLevel: string;
  /** Requests per minute and key. */
  readonly requestsPerMinute: number | undefined;
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
    databaseFile: readDatabaseFile(environment, dataDirectory),
    apiKey: given(environment, "PAYI_API_KEY"),
    logLevel,
    requestsPerMinute: readNumber(environment, "PAYI_REQUESTS_PER_MINUTE", 2 ** 31),
    parentProcessId: readNumber(environment, "PAYI_PARENT_PID", 2 ** 31),
  };
}

function readDatabaseFile(environment: NodeJS.ProcessEnv, dataDirectory: string): string {
  const url = given(environment, "DATABASE_URL");
  if (url === undefined) return join(dataDirectory, "payi.sqlite");
  const file = /^sqlite:(.+)$/.exec(url)?.[1];
  if (file !== undefined) return file;
  // The rest of a URL may hold a password.
  const scheme = /^[\w+.-]+(?=:)/.exec(url)?.[0] ?? "(none)";
  throw new SettingError(
    `DATABASE_URL has the scheme ${scheme}; this version stores in SQLite only. Set DATABASE_URL=sqlite:<file>, or leave it out to use ${join(dataDirectory, "payi.sqlite")}.`,
  );
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
