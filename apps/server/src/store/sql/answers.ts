import { type StoredAnswer } from "../key.ts";
import { type Program, get, run } from "./program.ts";
import { forgetSteps } from "./write-once.ts";

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
  yield* forgetSteps(application, key);
}
