import { readFile } from "node:fs/promises";

import { WireError, decodeIngestItem } from "@payi/core/wire";

import { type IngestItem, ingestAll } from "../domain/ingest.ts";
import { DEFAULT_APPLICATION } from "../domain/keys.ts";
import { openPrices } from "../domain/prices.ts";
import { readArguments } from "./arguments.ts";
import { SettingError } from "./setting-error.ts";
import { withStore } from "./with-store.ts";

/** `payi import FILE`: a file that was written offline (contract 8.6). Doing it twice changes nothing. */
export async function importFile(args: readonly string[]): Promise<number> {
  const [file] = readArguments(args).words;
  if (file === undefined) throw new SettingError("The file is missing. Use payi import FILE.");
  const items = (await readItems(file)).map(decode);
  const outcomes = await withStore(async (store) => {
    const prices = await openPrices(store);
    const application = await store.application(DEFAULT_APPLICATION);
    const keepText = application?.settings.keepText === true;
    return ingestAll({ store, prices, application: DEFAULT_APPLICATION, keepText }, items);
  });
  const errors = outcomes.flatMap((outcome, index) =>
    "error" in outcome ? [{ index, ...outcome.error }] : [],
  );
  const repeated = outcomes.filter((outcome) => "duplicate" in outcome && outcome.duplicate).length;
  const recorded = outcomes.length - errors.length - repeated;
  process.stdout.write(`${recorded} recorded, ${repeated} were there already, ${errors.length} refused\n`);
  for (const { index, code, message } of errors)
    process.stderr.write(`event ${index}: ${code}: ${message}\n`);
  return errors.length === 0 ? 0 : 1;
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
  if (Array.isArray(items)) return items;
  throw new SettingError(
    `${file} holds no array of events. Take the file that the SDK wrote in offline mode.`,
  );
}

function decode(item: unknown): IngestItem {
  try {
    return decodeIngestItem(item);
  } catch (error) {
    if (WireError.is(error)) return error as WireError;
    throw error;
  }
}
