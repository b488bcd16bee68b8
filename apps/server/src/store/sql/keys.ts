import { WireError } from "@payi/core/wire";

import { newId } from "../../new-id.ts";
import { type KeyGrant, type KeyImprint, type KeyScope, type NewKey, type StoredKey } from "../key.ts";
import { recordChange } from "./audit.ts";
import { COMMAND_LINE } from "./audited.ts";
import { number } from "./columns.ts";
import { type Program, type Row, all, get, run } from "./program.ts";

const COLUMNS = "id, application, name, prefix, scope, configured, created_ms, last_used_ms, revoked_ms";

/** Two are enough: one works while the other is exchanged. */
const FULL_KEYS = 2;

/** The key with this hash, made if it is not there; a revoked one is valid again, since somebody configured it. */
export function* ensureKey(key: NewKey): Program<StoredKey> {
  const known = yield* get(`SELECT ${COLUMNS} FROM api_key WHERE hash = ?`, key.hash);
  if (known === undefined) return yield* insertKey(key, true);
  yield* run("UPDATE api_key SET revoked_ms = NULL, configured = 1 WHERE hash = ?", key.hash);
  return { ...readKey(known), configured: true, revokedMs: null };
}

/** A new key; its application is made with it when it is new. */
export function* createKey(key: NewKey): Program<StoredKey> {
  if ((key.scope ?? "full") === "full") yield* requireRoom(key.application);
  const made = yield* insertKey(key, false);
  yield* recordKeyChange("key.created", key.actor, null, made);
  return made;
}

/** All keys of an application, revoked ones too, oldest first. */
export function* keys(application: string): Program<readonly StoredKey[]> {
  return (yield* all(
    `SELECT ${COLUMNS} FROM api_key WHERE application = ? ORDER BY created_ms, id`,
    application,
  )).map(readKey);
}

/** Ends a key; one that is revoked already stays as it is. */
export function* revokeKey(application: string, id: string, actor?: string): Program<StoredKey> {
  const known = yield* requireKey(application, id);
  if (known.revokedMs !== null) return known;
  const revoked = { ...known, revokedMs: Date.now() };
  yield* run("UPDATE api_key SET revoked_ms = ? WHERE id = ?", revoked.revokedMs, id);
  yield* recordKeyChange("key.revoked", actor, known, null);
  return revoked;
}

/** A new key in place of this one, with its name and scope; the old one ends with the same transaction. */
export function* rotateKey(
  application: string,
  id: string,
  imprint: KeyImprint,
  actor?: string,
): Program<StoredKey> {
  const known = yield* requireKey(application, id);
  if (known.revokedMs !== null) {
    throw new WireError(
      "key_revoked",
      `The key ${JSON.stringify(id)} is revoked, so there is nothing to rotate. Make a new one with POST /api/v1/keys.`,
    );
  }
  yield* run("UPDATE api_key SET revoked_ms = ? WHERE id = ?", Date.now(), id);
  const { name, scope } = known;
  const made = yield* insertKey({ application, name, scope, ...imprint }, false);
  yield* recordKeyChange("key.rotated", actor, known, made);
  return made;
}

/** Keys that the environment names do not count: whoever configures one has a way to change it. */
function* requireRoom(application: string): Program<void> {
  const row = yield* get(
    `SELECT count(*) AS n FROM api_key
     WHERE application = ? AND scope = 'full' AND configured = 0 AND revoked_ms IS NULL`,
    application,
  );
  if (Number(row?.["n"]) < FULL_KEYS) return;
  throw new WireError(
    "key_limit_reached",
    `Application ${JSON.stringify(application)} has its ${FULL_KEYS} full keys. Rotate one of them, revoke one, or make a key with a smaller scope: ingest, read, admin or metrics.`,
  );
}

function* insertKey(key: NewKey, configured: boolean): Program<StoredKey> {
  const now = Date.now();
  yield* run(
    "INSERT INTO application (id, name, created_ms) VALUES (?1, ?1, ?2) ON CONFLICT (id) DO NOTHING",
    key.application,
    now,
  );
  const { application, name, prefix, scope = "full" } = key;
  const id = newId(now);
  yield* run(
    `INSERT INTO api_key (id, application, name, prefix, scope, configured, hash, created_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    id,
    application,
    name,
    prefix,
    scope,
    configured ? 1 : 0,
    key.hash,
    now,
  );
  const times = { createdMs: now, lastUsedMs: null, revokedMs: null };
  return { id, application, name, prefix, scope, configured, ...times };
}

function* requireKey(application: string, id: string): Program<StoredKey> {
  const row = yield* get(`SELECT ${COLUMNS} FROM api_key WHERE application = ? AND id = ?`, application, id);
  if (row !== undefined) return readKey(row);
  throw new WireError(
    "key_not_found",
    `There is no key with the id ${JSON.stringify(id)}. List them with GET /api/v1/keys or payi keys list.`,
  );
}

function* recordKeyChange(
  action: string,
  actor: string | undefined,
  before: StoredKey | null,
  after: StoredKey | null,
): Program<void> {
  const subject = after ?? before;
  if (subject === null) return;
  yield* recordChange({
    application: subject.application,
    actor: actor ?? COMMAND_LINE,
    action,
    subject: (before ?? subject).id,
    before: before && told(before),
    after: after && told(after),
  });
}

function told({ id, name, scope, prefix }: StoredKey): Readonly<Record<string, string>> {
  return { id, name, scope, prefix };
}

/** Remembers that a key was used. */
export function* touchKey(id: string): Program<void> {
  yield* run("UPDATE api_key SET last_used_ms = ? WHERE id = ?", Date.now(), id);
}

/** What the key with this hash opens, unless it is revoked. */
export function* findKey(hash: Uint8Array): Program<KeyGrant | undefined> {
  const row = yield* get(
    `SELECT api_key.id, application, scope, hash, keep_text, last_used_ms FROM api_key
     JOIN application ON application.id = api_key.application WHERE hash = ? AND revoked_ms IS NULL`,
    hash,
  );
  if (row === undefined) return undefined;
  return {
    keyId: String(row["id"]),
    application: String(row["application"]),
    scope: readScope(row),
    hash: row["hash"] as Uint8Array,
    keepText: row["keep_text"] === 1,
    lastUsedMs: number(row["last_used_ms"]),
  };
}

function readKey(row: Row): StoredKey {
  return {
    id: String(row["id"]),
    application: String(row["application"]),
    name: String(row["name"]),
    prefix: String(row["prefix"]),
    scope: readScope(row),
    configured: row["configured"] === 1,
    createdMs: Number(row["created_ms"]),
    lastUsedMs: number(row["last_used_ms"]),
    revokedMs: number(row["revoked_ms"]),
  };
}

/** Our own code wrote it. */
function readScope(row: Row): KeyScope {
  return row["scope"] as KeyScope;
}
