import { DEFAULT_APPLICATION, createKey } from "../domain/keys.ts";
import { type StoredKey } from "../store/key.ts";
import { type Store } from "../store/store.ts";
import { readArguments } from "./arguments.ts";
import { SettingError } from "./setting-error.ts";
import { withStore } from "./with-store.ts";

const USAGE =
  "Use payi keys list, payi keys create [--name NAME], payi keys rotate ID or payi keys revoke ID.";

/** `payi keys …`: prints one key per line, or the new key alone, so that a script can take it. */
export async function keys(args: readonly string[]): Promise<number> {
  const { words, options } = readArguments(args, { name: { type: "string" } });
  const [action = "list", id] = words;
  return withStore(async (store) => {
    if (action === "list") {
      for (const key of await store.keys(DEFAULT_APPLICATION)) process.stdout.write(`${describe(key)}\n`);
    } else if (action === "create") {
      const { text } = await createKey(store, DEFAULT_APPLICATION, String(options["name"] ?? "key"));
      process.stdout.write(`${text}\n`);
    } else if (action === "rotate") {
      const known = await find(store, id);
      // First the new one: a failure in between leaves one key too many, never one too few.
      const { text } = await createKey(store, DEFAULT_APPLICATION, known.name);
      await store.revokeKey(DEFAULT_APPLICATION, known.id);
      process.stdout.write(`${text}\n`);
    } else if (action === "revoke") {
      const known = await find(store, id);
      process.stdout.write(`${describe(await store.revokeKey(DEFAULT_APPLICATION, known.id))}\n`);
    } else {
      throw new SettingError(`payi keys ${action} is unknown. ${USAGE}`);
    }
    return 0;
  });
}

async function find(store: Store, id: string | undefined): Promise<StoredKey> {
  if (id === undefined) throw new SettingError(`The id of a key is missing. ${USAGE}`);
  const known = (await store.keys(DEFAULT_APPLICATION)).find((key) => key.id === id);
  if (known === undefined)
    throw new SettingError(`There is no key with the id ${id}. List them with payi keys list.`);
  return known;
}

function describe(key: StoredKey): string {
  const used = key.lastUsedMs === null ? "never used" : `used ${new Date(key.lastUsedMs).toISOString()}`;
  const state = key.revokedMs === null ? used : `revoked ${new Date(key.revokedMs).toISOString()}`;
  return `${key.id}  ${key.prefix}…  ${key.name}  created ${new Date(key.createdMs).toISOString()}  ${state}`;
}
