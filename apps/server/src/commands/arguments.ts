import { type ParseArgsConfig, parseArgs } from "node:util";

import { SettingError } from "./setting-error.ts";

/** What stands behind a subcommand. */
export interface Arguments {
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
}

/** @throws {SettingError} for an option that the command does not have, or a missing value. */
export function readArguments(
  args: readonly string[],
  options: NonNullable<ParseArgsConfig["options"]> = {},
): Arguments {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      options,
      allowPositionals: true,
      strict: true,
    });
    return { words: positionals, options: values as Arguments["options"] };
  } catch (error) {
    throw new SettingError(`${error instanceof Error ? error.message : String(error)} Try payi help.`);
  }
}
