#!/usr/bin/env node
import { demo } from "./commands/demo.ts";
import { dev } from "./commands/dev.ts";
import { help } from "./commands/help.ts";
import { importFile } from "./commands/import.ts";
import { keys } from "./commands/keys.ts";
import { serve } from "./commands/serve.ts";
import { SettingError } from "./commands/setting-error.ts";
import { verify } from "./commands/verify.ts";

/** Subcommand → what runs; each answers with the exit code. */
const COMMANDS: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  serve,
  dev,
  demo,
  keys,
  verify,
  import: importFile,
  help,
  "--help": help,
};

const [name = "help", ...args] = process.argv.slice(2);
const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
try {
  if (command === undefined) {
    process.stderr.write(`payi ${name} is unknown. Try payi help.\n`);
    process.exitCode = 1;
  } else {
    process.exitCode = await command(args);
  }
} catch (error) {
  if (!(error instanceof SettingError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
