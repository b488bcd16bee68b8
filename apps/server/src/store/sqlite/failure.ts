import { StoreUnavailableError } from "../unavailable.ts";

/** SQLite's busy, locked, out of memory, read-only, I/O error, corrupt, full and cannot open. */
const UNAVAILABLE = new Set([5, 6, 7, 8, 10, 11, 13, 14]);

/** What callers are told: an error of SQLite that has nothing to do with the request means "not now". */
export function toStoreError(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const { errcode } = error as { errcode?: number };
  return UNAVAILABLE.has((errcode ?? 0) & 0xff) ? new StoreUnavailableError(error.message) : error;
}
