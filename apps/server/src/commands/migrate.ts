import { existsSync } from "node:fs";

import { readArguments } from "./arguments.ts";
import { describeDatabase, readDatabase } from "./database.ts";
import { SettingError } from "./setting-error.ts";
import { readSettings } from "./settings.ts";

/** `payi migrate --to postgres://…`: everything from SQLite to PostgreSQL; exit code 1 when anything differs there. */
export async function migrate(args: readonly string[]): Promise<number> {
  const { options, words } = readArguments(args, { to: { type: "string" } });
  const { database, dataDirectory } = readSettings(process.env);
  const to = typeof options["to"] === "string" ? options["to"] : undefined;
  if (to === undefined || words.length > 0) {
    throw new SettingError(
      "payi migrate takes the database to move to: payi migrate --to postgres://user@host/payi.",
    );
  }
  const target = readDatabase("--to", to, dataDirectory);
  if (database.engine !== "sqlite" || target.engine !== "postgres") {
    throw new SettingError(
      `payi migrate moves from SQLite to PostgreSQL, not from ${describeDatabase(database)} to ${describeDatabase(target)}. Run it with the settings of the SQLite installation.`,
    );
  }
  if (!existsSync(database.file)) {
    throw new SettingError(
      `There is no database ${database.file}. Set PAYI_DATA_DIR or PAYI_DATABASE_URL to where the server keeps it.`,
    );
  }
  const name = describeDatabase(target);
  const { moveStore } = await import("../store/move/move-store.ts");
  try {
    const differences = await moveStore({ file: database.file, url: target.url, name, tell });
    for (const { what, place, source, target: found } of differences) {
      tell(`${what}: ${place}\n  SQLite     ${source}\n  PostgreSQL ${found}`);
    }
    if (differences.length > 0) {
      tell(
        `Nothing was switched: ${differences.length} differences. ${database.file} takes writes as before.`,
      );
      return 1;
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SettingError(
      `The move to ${name} stopped: ${reason} ${database.file} is as it was; run it again.`,
    );
  }
  tell(`Everything is in ${name}, and both gave the same answers. ${database.file} takes no more writes.`);
  tell(
    `Start payi with PAYI_DATABASE_URL set to ${name} and the same PAYI_DATA_DIR, which keeps the secret key.`,
  );
  return 0;
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}
