#!/usr/bin/env node
import { SettingError } from "./commands/setting-error.ts";

type Command = (args: readonly string[]) => Promise<number>;

/** Subcommand → what runs; each answers with the exit code. Loaded when asked for: help needs no database. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import("./commands/serve.ts")).serve,
  dev: async () => (await import("./commands/dev.ts")).dev,
  demo: async () => (await import("./commands/demo.ts")).demo,
  keys: async () => (await import("./commands/keys.ts")).keys,
  limits: async () => (await import("./commands/limits.ts")).limits,
  verify: async () => (await import("./commands/verify.ts")).verify,
  rebuild: async () => (await import("./commands/rebuild.ts")).rebuild,
  migrate: async () => (await import("./commands/migrate.ts")).migrate,
  retain: async () => (await import("./commands/retain.ts")).retain,
  forget: async () => (await import("./commands/forget.ts")).forget,
  backup: async () => (await import("./commands/backup.ts")).backup,
  copy: async () => (await import("./commands/copy.ts")).copy,
  price: async () => (await import("./commands/price.ts")).price,
  "price-books": async () => (await import("./commands/price-books.ts")).priceBooks,
  alerts: async () => (await import("./commands/alerts.ts")).alerts,
  reprice: async () => (await import("./commands/reprice.ts")).reprice,
  import: async () => (await import("./commands/import.ts")).importFile,
  plan: async () => (await import("./commands/plan.ts")).plan,
  apply: async () => (await import("./commands/apply.ts")).apply,
  doctor: async () => (await import("./commands/doctor.ts")).doctor,
  help: async () => (await import("./commands/help.ts")).help,
};

// Whoever reads our output may go away; that is no reason for a server to stop.
process.stdout.on("error", () => undefined);

const [given = "help", ...args] = process.argv.slice(2);
const name = given === "--help" || given === "-h" ? "help" : given;
const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
try {
  if (load === undefined) throw new SettingError(`payi ${name} is unknown. Try payi help.`);
  const command = await load();
  process.exitCode = await command(args);
} catch (error) {
  if (!(error instanceof SettingError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
