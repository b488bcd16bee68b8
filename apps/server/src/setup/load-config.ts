import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { SettingError } from "../commands/setting-error.ts";

const NAMES = ["payi.config.ts", "payi.config.mts", "payi.config.js", "payi.config.mjs", "payi.config.json"];

/**
 * What a configuration file exports by default, or a JSON file holds. TypeScript is loaded by Node itself.
 *
 * @throws {SettingError} when there is none, or it cannot be loaded.
 */
export async function loadConfig(given: string | undefined, directory: string): Promise<unknown> {
  const file = find(given, directory);
  try {
    if (file.endsWith(".json")) return JSON.parse(readFileSync(file, "utf8")) as unknown;
    const loaded = (await import(pathToFileURL(file).href)) as { readonly default?: unknown };
    if (loaded.default !== undefined) return loaded.default;
  } catch (error) {
    throw new SettingError(`${file} cannot be loaded: ${adviceOf(error)}`);
  }
  throw new SettingError(`${file} has no default export. Write export default defineConfig({ … }).`);
}

function find(given: string | undefined, directory: string): string {
  const wanted = given === undefined ? NAMES : [given];
  const found = wanted.map((name) => resolve(directory, name)).find((file) => existsSync(file));
  if (found !== undefined) return found;
  throw new SettingError(
    given === undefined
      ? `There is no configuration in ${directory}. Write one of ${NAMES.join(", ")}, or name a file.`
      : `There is no file ${given}.`,
  );
}

function adviceOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ERR_UNKNOWN_FILE_EXTENSION" || code === "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX") {
    return `${message} Use Node ≥ 22.18, which strips types, and only types that can be stripped; or a .js or .json file.`;
  }
  return message;
}
