import { mkdirSync } from "node:fs";
import { dirname } from "node:path";

import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import { type Store } from "../store/store.ts";
import { SettingError } from "./setting-error.ts";
import { type Settings } from "./settings.ts";

/** Opens the store that the settings name; folders that are missing are made, readable by their owner only. */
export async function openStore(settings: Settings): Promise<Store> {
  try {
    mkdirSync(settings.dataDirectory, { recursive: true, mode: 0o700 });
    mkdirSync(dirname(settings.databaseFile), { recursive: true, mode: 0o700 });
    return await openSqliteStore(settings.databaseFile);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SettingError(
      `The database ${settings.databaseFile} cannot be used: ${reason} Set PAYI_DATA_DIR to a folder that can be written.`,
    );
  }
}
