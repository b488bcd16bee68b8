import { WireError } from "@payi/core/wire";
import { DatabaseError } from "pg";

import { StoreUnavailableError } from "../unavailable.ts";

/** Connection lost, out of resources, stopped by somebody, I/O error, read-only, deadlock and serialization. */
const UNAVAILABLE = /^(?:08|53|57|58|25006|40|55P03)/;

/** What callers are told: an error of PostgreSQL that has nothing to do with the request means "not now". */
export function toStoreError(error: unknown): Error {
  if (WireError.is(error) || error instanceof StoreUnavailableError) return error;
  if (error instanceof DatabaseError) {
    return UNAVAILABLE.test(error.code ?? "") ? new StoreUnavailableError(error.message) : error;
  }
  if (!(error instanceof Error)) return new Error(String(error));
  return isConnectionError(error) ? new StoreUnavailableError(`PostgreSQL: ${error.message}`) : error;
}

/** An error of the socket, or of a client whose socket has gone. */
function isConnectionError(error: Error): boolean {
  return "syscall" in error || /connection|timeout expired|not queryable/i.test(error.message);
}
