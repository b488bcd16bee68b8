import { WireError } from "@payi/core/wire";

import { newId } from "../../new-id.ts";
import { type KeyGrant, type NewKey, type StoredAnswer, type StoredKey } from "../key.ts";
import { number } from "./columns.ts";
import { type Program, type Row, all, get, run } from "./program.ts";

const COLUMNS = "id, application, name, prefix, created_ms, last_used_ms, revoked_ms";

/** The key with this hash, made if it is not there; a revoked one is valid again, since somebody configured it. */
export function* ensureKey(key: NewKey): Program<StoredKey> {
  const known = yield* get(`SELECT ${COLUMNS} FROM api_key WHERE hash = ?`, key.hash);
  if (known === undefined) return yield* createKey(key);
  yield* run("UPDATE api_key SET revoked_ms = NULL WHERE hash = ?", key.hash);
  return { ...readKey(known), revokedMs: null };
}

/** A new key; its application is made with it when it is new. */
export function* createKey(key: NewKey): Program<StoredKey> {
  const now = Date.now();
  yield* run(
    "INSERT INTO application (id, name, created_ms) VALUES (?1, ?1, ?2) ON CONFLICT (id) DO NOTHING",
    key.application,
    now,
  );
  const id = newId(now);
  yield* run(
    "INSERT INTO api_key (id, application, name, prefix, hash, created_ms) VALUES (?, ?, ?, ?, ?, ?)",
    id,
    key.application,
    key.name,
    key.prefix,
    key.hash,
    now,
  );
  return {
    id,
    application: key.application,
    name: key.name,
    prefix: key.prefix,
    createdMs: now,
    lastUsedMs: null,
    revokedMs: null,
  };
}

/** All keys of an application, revoked ones too, oldest first. */
export function* keys(application: string): Program<readonly StoredKey[]> {
  return (yield* all(
    `SELECT ${COLUMNS} FROM api_key WHERE application = ? ORDER BY created_ms, id`,
    application,
  )).map(readKey);
}

/** Ends a key; one that is revoked already stays as it is. */
export function* revokeKey(application: string, id: string): Program<StoredKey> {
  yield* run(
    "UPDATE api_key SET revoked_ms = ? WHERE application = ? AND id = ? AND revoked_ms IS NULL",
    Date.now(),
    application,
    id,
  );
  const row = yield* get(`SELECT ${COLUMNS} FROM api_key WHERE application = ? AND id = ?`, application, id);
  if (row === undefined) {
    throw new WireError(
      "resource_not_found",
      `There is no key with the id ${JSON.stringify(id)}. List them with payi keys list.`,
    );
  }
  return readKey(row);
}

/** Remembers that a key was used. */
export function* touchKey(id: string): Program<void> {
  yield* run("UPDATE api_key SET last_used_ms = ? WHERE id = ?", Date.now(), id);
}

/** What the key with this hash opens, unless it is revoked. */
export function* findKey(hash: Uint8Array): Program<KeyGrant | undefined> {
  const row = yield* get(
    `SELECT api_key.id, application, hash, keep_text, last_used_ms FROM api_key
     JOIN application ON application.id = api_key.application WHERE hash = ? AND revoked_ms IS NULL`,
    hash,
  );
  if (row === undefined) return undefined;
  return {
    keyId: String(row["id"]),
    application: String(row["application"]),
    hash: row["hash"] as Uint8Array,
    keepText: row["keep_text"] === 1,
    lastUsedMs: number(row["last_used_ms"]),
  };
}

/** The first answer under an idempotency key. */
export function* answer(application: string, key: string): Program<StoredAnswer | undefined> {
  const row = yield* get(
    "SELECT request_hash, status, body FROM idempotency WHERE application = ? AND key = ?",
    application,
    key,
  );
  if (row === undefined) return undefined;
  return {
    requestHash: row["request_hash"] as Uint8Array,
    status: Number(row["status"]),
    body: String(row["body"]),
  };
}

/** Keeps an answer, unless there is one already. */
export function* saveAnswer(application: string, key: string, given: StoredAnswer): Program<void> {
  yield* run(
    `INSERT INTO idempotency (application, key, request_hash, status, body, created_ms) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (application, key) DO NOTHING`,
    application,
    key,
    given.requestHash,
    given.status,
    given.body,
    Date.now(),
  );
}

function readKey(row: Row): StoredKey {
  return {
    id: String(row["id"]),
    application: String(row["application"]),
    name: String(row["name"]),
    prefix: String(row["prefix"]),
    createdMs: Number(row["created_ms"]),
    lastUsedMs: number(row["last_used_ms"]),
    revokedMs: number(row["revoked_ms"]),
  };
}
