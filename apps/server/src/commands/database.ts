import { join } from "node:path";

import { SettingError } from "./setting-error.ts";

/** Where everything is kept. */
export type Database =
  | { readonly engine: "sqlite"; readonly file: string }
  | { readonly engine: "postgres"; readonly url: string };

/**
 * The database that a URL names; without one, SQLite in the data folder.
 *
 * @throws {SettingError} naming the variable and the forms it may have. The URL itself is not shown: it may hold a password.
 */
export function readDatabase(variable: string, url: string | undefined, dataDirectory: string): Database {
  const file = url === undefined ? join(dataDirectory, "payi.sqlite") : /^sqlite:(.+)$/.exec(url)?.[1];
  if (file !== undefined) return { engine: "sqlite", file };
  if (url !== undefined && /^postgres(?:ql)?:\/\//.test(url) && URL.canParse(url)) {
    return { engine: "postgres", url };
  }
  const scheme = /^[\w+.-]+(?=:)/.exec(url ?? "")?.[0] ?? "(none)";
  throw new SettingError(
    `${variable} has the scheme ${scheme} and is no URL of a store. Set ${variable}=postgres://user:password@host:5432/database or sqlite:<file>, or leave it out to use ${join(dataDirectory, "payi.sqlite")}.`,
  );
}

/** The database as people may see it, without its password. */
export function describeDatabase(database: Database): string {
  if (database.engine === "sqlite") return database.file;
  const { host, pathname } = new URL(database.url);
  return `postgres://${host}${pathname}`;
}
