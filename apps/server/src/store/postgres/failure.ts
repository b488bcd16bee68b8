import { WireError } from "@payi/core/wire";
import { DatabaseError } from "pg";

import { StoreUnavailableError } from "../unavailable.ts";

/** Connection lost, out of resources, stopped by somebody, I/O error, read-only, idle for too long, deadlock, lock. */
const UNAVAILABLE = /^(?:08|53|57|58|25006|25P03|40|55P03)/;

const LOCK_TIMEOUT = "55P03";

/** Somebody else held a lock for longer than this program waits. */
export function isLockTimeout(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === LOCK_TIMEOUT;
}

/** What callers are told: an error of PostgreSQL that has nothing to do with the request means "not now". */
export function toStoreError(error: unknown): Error {
  if (WireError.is(error) || error instanceof StoreUnavailableError) return error;
  if (error instanceof DatabaseError) {
    return UNAVAILABLE.test(error.code ?? "") ? new StoreUnavailableError(error.message) : error;
  }
  if (!(error instanceof Error)) return new Error(String(error));
  return isConnectionError(error) ? new StoreUnavailableError(`PostgreSQL: ${error.message}`) : error;
}

/** An error of the socket, of a client whose socket has gone, or of the pool when all its connections are busy. */
function isConnectionError(error: Error): boolean {
  return "syscall" in error || /connect|timeout|not queryable/i.test(error.message);
}
