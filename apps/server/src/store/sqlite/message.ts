import { WireError } from "@payi/core/wire";

import { StoreUnavailableError } from "../unavailable.ts";
import { type OnceStep } from "../write-once.ts";

/** One verb to run in a worker. */
export interface Request {
  readonly id: number;
  readonly verb: string;
  readonly values: readonly unknown[];
  readonly once?: OnceStep | undefined;
}

/** What reaches a worker in one message. */
export type Requests = readonly Request[];

/** How it went. Errors travel as plain fields, since class instances do not cross threads. */
export type Answer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: Failure };

/** `unavailable`: the engine could not do its work; the request itself may be right. */
export interface Failure {
  readonly code: string | null;
  readonly message: string;
  readonly unavailable: boolean;
}

/** What a worker is started with. */
export interface WorkerSettings {
  readonly file: string;
}

/** SQLite's busy, locked, out of memory, read-only, I/O error, corrupt, full and cannot open. */
const UNAVAILABLE = new Set([5, 6, 7, 8, 10, 11, 13, 14]);

/** The failed answer to a request. */
export function toFailure(id: number, error: unknown): Answer {
  const message = error instanceof Error ? error.message : String(error);
  if (WireError.is(error)) return { id, error: { code: error.code, message, unavailable: false } };
  if (error instanceof StoreUnavailableError)
    return { id, error: { code: null, message, unavailable: true } };
  const { errcode } = error as { errcode?: number };
  return { id, error: { code: null, message, unavailable: UNAVAILABLE.has((errcode ?? 0) & 0xff) } };
}
