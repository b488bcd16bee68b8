import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";

import { WireError, decodeIngestItem, isObject } from "@payi/core/wire";

import { type IngestItem, ingestAll } from "../domain/ingest.ts";
import { DEFAULT_APPLICATION } from "../domain/keys.ts";
import { openPrices } from "../domain/prices.ts";
import { readArguments } from "./arguments.ts";
import { type Database, describeDatabase } from "./database.ts";
import { type Imported, sendEvents } from "./send-events.ts";
import { SettingError } from "./setting-error.ts";
import { readSettings } from "./settings.ts";
import { withStore } from "./with-store.ts";

/**
 * `payi import FILE`: a file that was written offline (contract 8.6), into the platform of PAYI_BASE_URL, or without that
 * into the database of the environment; says which. Doing it twice changes nothing.
 */
export async function importFile(args: readonly string[]): Promise<number> {
  const [file] = readArguments(args).words;
  if (file === undefined) throw new SettingError("The file is missing. Use payi import FILE.");
  const items = await readItems(file);
  const baseUrl = process.env["PAYI_BASE_URL"]?.trim() ?? "";
  const place = baseUrl === "" ? placeOf(readSettings(process.env).database) : baseUrl;
  const { recorded, repeated, errors } =
    baseUrl === "" ? await storeEvents(items) : await sendEvents(baseUrl, items);
  process.stdout.write(
    `${recorded} recorded, ${repeated} were there already, ${errors.length} refused: ${place}\n`,
  );
  for (const { index, code, message } of errors)
    process.stderr.write(`event ${index}: ${code}: ${message}\n`);
  return errors.length === 0 ? 0 : 1;
}

/** A folder that was left to its default is not where everybody takes it to be. */
function placeOf(database: Database): string {
  return database.engine === "sqlite" ? resolve(database.file) : describeDatabase(database);
}

async function storeEvents(items: readonly unknown[]): Promise<Imported> {
  const decoded = items.map(decode);
  const outcomes = await withStore(async (store) => {
    const prices = await openPrices(store);
    const application = await store.application(DEFAULT_APPLICATION);
    const keepText = application?.settings.keepText === true;
    return ingestAll({ store, prices, application: DEFAULT_APPLICATION, keepText }, decoded);
  });
  const errors = outcomes.flatMap((outcome, index) =>
    "error" in outcome ? [{ index, ...outcome.error }] : [],
  );
  const repeated = outcomes.filter((outcome) => "duplicate" in outcome && outcome.duplicate).length;
  return { recorded: outcomes.length - errors.length - repeated, repeated, errors };
}

async function readItems(file: string): Promise<readonly unknown[]> {
  let items: unknown;
  try {
    items = JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    throw new SettingError(
      `${file} cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  if (Array.isArray(items)) return withIds(items);
  throw new SettingError(
    `${file} holds no array of events. Take the file that the SDK wrote in offline mode.`,
  );
}

/** An event that nothing tells from another one is known again by what it says, and by how many before it said the same. */
function withIds(items: readonly unknown[]): readonly unknown[] {
  const seen = new Map<string, number>();
  return items.map((item) => {
    if (!isObject(item) || (item["provider_response_id"] ?? item["event_id"]) !== undefined) return item;
    const said = createHash("sha256").update(JSON.stringify(item)).digest("hex").slice(0, 32);
    const before = seen.get(said) ?? 0;
    seen.set(said, before + 1);
    return { ...item, event_id: `import-${said}-${before}` };
  });
}

function decode(item: unknown): IngestItem {
  try {
    return decodeIngestItem(item);
  } catch (error) {
    if (WireError.is(error)) return error as WireError;
    throw error;
  }
}
