import { existsSync } from "node:fs";

import { readArguments } from "./arguments.ts";
import { SettingError } from "./setting-error.ts";
import { readSettings } from "./settings.ts";

/** `payi backup FILE`: a copy of the database, made beside a running server and read through before it is there. */
export async function backup(args: readonly string[]): Promise<number> {
  const [target, ...more] = readArguments(args).words;
  if (target === undefined || more.length > 0) {
    throw new SettingError(
      "payi backup takes the file to write, such as payi backup payi-2026-11-21.sqlite.",
    );
  }
  const { database } = readSettings(process.env);
  if (database.engine === "postgres") {
    throw new SettingError(
      `PostgreSQL makes its own backups, consistent beside running servers: pg_dump --format=custom --file=${target} "$PAYI_DATABASE_URL". Restore with pg_restore, then run payi verify.`,
    );
  }
  if (!existsSync(database.file)) {
    throw new SettingError(
      `There is no database ${database.file}. Set PAYI_DATA_DIR or PAYI_DATABASE_URL to where the server keeps it.`,
    );
  }
  const { backUp } = await import("../store/sqlite/backup.ts");
  const findings = attempt(() => backUp(database.file, target));
  for (const { invariant, row, expected, found } of findings) {
    process.stdout.write(`${invariant}: ${row}\n  expected ${expected}\n  found    ${found}\n`);
  }
  if (findings.length > 0) {
    process.stdout.write(`The copy is not sound and was left as ${target}.part.\n`);
    return 1;
  }
  process.stdout.write(`${target} holds everything up to now, and was read through.\n`);
  return 0;
}

function attempt<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw new SettingError(`The backup failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}
