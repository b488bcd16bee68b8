import { mkdirSync } from "node:fs";
import { dirname } from "node:path";

import { type Store } from "../store/store.ts";
import { describeDatabase } from "./database.ts";
import { SettingError } from "./setting-error.ts";
import { type Settings } from "./settings.ts";

/** Opens the store that the settings name; folders that are missing are made, readable by their owner only. */
export async function openStore(settings: Settings): Promise<Store> {
  const { database, dataDirectory } = settings;
  try {
    mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
    if (database.engine === "postgres") {
      const { openPostgresStore } = await import("../store/postgres/postgres-store.ts");
      return await openPostgresStore(database.url);
    }
    mkdirSync(dirname(database.file), { recursive: true, mode: 0o700 });
    const { openSqliteStore } = await import("../store/sqlite/sqlite-store.ts");
    return await openSqliteStore(database.file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const remedy =
      database.engine === "postgres"
        ? "Check PAYI_DATABASE_URL, and that the database exists and answers."
        : "Set PAYI_DATA_DIR to a folder that can be written.";
    throw new SettingError(
      `The database ${describeDatabase(database)} cannot be used: ${reason.replace(/[^.!]$/, "$&.")} ${remedy}`,
    );
  }
}
