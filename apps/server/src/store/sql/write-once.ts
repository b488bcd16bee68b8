import { deserialize, serialize } from "node:v8";

import { StoreUnavailableError } from "../unavailable.ts";
import { type OnceStep } from "../write-once.ts";
import { type Program, get, run } from "./program.ts";

/**
 * Does `work`, unless the same request did it before: then its result of that time.
 *
 * @throws {StoreUnavailableError} when the request has been answered meanwhile: whoever asks again gets that answer.
 */
export function* once(wanted: OnceStep, work: () => Program<unknown>): Program<unknown> {
  const { application, key, step, requestHash } = wanted;
  const known = yield* get(
    "SELECT result FROM write_once WHERE application = ? AND key = ? AND step = ? AND request_hash = ?",
    application,
    key,
    step,
    requestHash,
  );
  if (known !== undefined) return deserialize(known["result"] as Uint8Array) as unknown;
  // A client that gave up and asked again has two requests at work, and the answer of one takes the steps of both away.
  if (
    (yield* get("SELECT 1 AS kept FROM idempotency WHERE application = ? AND key = ?", application, key)) !==
    undefined
  ) {
    throw new StoreUnavailableError(
      "A request under this Idempotency-Key has just been answered. Send it again for that answer.",
    );
  }
  const result = yield* work();
  // Another request that was refused under this key may have come so far.
  yield* run(
    `INSERT INTO write_once (application, key, step, request_hash, result, created_ms) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (application, key, step) DO UPDATE SET request_hash = excluded.request_hash,
       result = excluded.result, created_ms = excluded.created_ms`,
    application,
    key,
    step,
    requestHash,
    serialize(result),
    Date.now(),
  );
  return result;
}

/** Whether a request has written something, and its answer was lost. */
export function* isBegun(application: string, key: string, requestHash: Uint8Array): Program<boolean> {
  const row = yield* get(
    "SELECT 1 AS begun FROM write_once WHERE application = ? AND key = ? AND request_hash = ? LIMIT 1",
    application,
    key,
    requestHash,
  );
  return row !== undefined;
}

/** With the answer itself kept, nobody asks for the results again. */
export function* forgetSteps(application: string, key: string): Program<void> {
  yield* run("DELETE FROM write_once WHERE application = ? AND key = ?", application, key);
}
