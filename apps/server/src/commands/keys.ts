import { DEFAULT_APPLICATION, createKey, rotateKey } from "../domain/keys.ts";
import { SCOPES } from "../domain/permissions.ts";
import { type KeyScope, type StoredKey } from "../store/key.ts";
import { type Store } from "../store/store.ts";
import { readArguments } from "./arguments.ts";
import { SettingError } from "./setting-error.ts";
import { withStore } from "./with-store.ts";

const USAGE =
  "Use payi keys list, payi keys create [--name NAME] [--scope SCOPE], payi keys rotate ID or payi keys revoke ID, each with [--application ID].";

/** `payi keys …`: prints one key per line, or the new key alone, so that a script can take it. */
export async function keys(args: readonly string[]): Promise<number> {
  const { words, options } = readArguments(args, {
    name: { type: "string", default: "key" },
    scope: { type: "string", default: "full" },
    application: { type: "string", default: DEFAULT_APPLICATION },
  });
  const [action = "list", id] = words;
  const application = String(options["application"]);
  const scope = readScope(String(options["scope"]));
  return withStore(async (store) => {
    if ((await store.application(application)) === undefined) {
      throw new SettingError(`There is no application ${application}. ${USAGE}`);
    }
    if (action === "list") {
      for (const key of await store.keys(application)) process.stdout.write(`${describe(key)}\n`);
    } else if (action === "create") {
      const { text } = await createKey(store, application, String(options["name"]), { scope });
      process.stdout.write(`${text}\n`);
    } else if (action === "rotate") {
      const known = await find(store, application, id);
      const { text } = await rotateKey(store, application, known.id);
      process.stdout.write(`${text}\n`);
    } else if (action === "revoke") {
      const known = await find(store, application, id);
      process.stdout.write(`${describe(await store.revokeKey(application, known.id))}\n`);
    } else {
      throw new SettingError(`payi keys ${action} is unknown. ${USAGE}`);
    }
    return 0;
  });
}

async function find(store: Store, application: string, id: string | undefined): Promise<StoredKey> {
  if (id === undefined) throw new SettingError(`The id of a key is missing. ${USAGE}`);
  const known = (await store.keys(application)).find((key) => key.id === id);
  if (known === undefined)
    throw new SettingError(`There is no key with the id ${id}. List them with payi keys list.`);
  return known;
}

function readScope(scope: string): KeyScope {
  if (Object.hasOwn(SCOPES, scope)) return scope as KeyScope;
  throw new SettingError(`--scope=${scope} is unknown. Use one of ${Object.keys(SCOPES).join(", ")}.`);
}

function describe(key: StoredKey): string {
  const used = key.lastUsedMs === null ? "never used" : `used ${new Date(key.lastUsedMs).toISOString()}`;
  const state = key.revokedMs === null ? used : `revoked ${new Date(key.revokedMs).toISOString()}`;
  return `${key.id}  ${key.prefix}…  ${key.scope}  ${key.name}  created ${new Date(key.createdMs).toISOString()}  ${state}`;
}
