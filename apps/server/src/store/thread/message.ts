import { WireError } from "@payi/core/wire";

import { StoreUnavailableError } from "../unavailable.ts";
import { type OnceStep } from "../write-once.ts";

/** One verb to run in a thread. */
export interface Request {
  readonly id: number;
  readonly verb: string;
  readonly values: readonly unknown[];
  readonly once?: OnceStep | undefined;
}

/** What reaches a thread in one message. */
export type Requests = readonly Request[];

/** How it went. Errors travel as plain fields, since class instances do not cross threads. */
export type Answer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: Failure };

/** `unavailable`: the engine could not do its work; the request itself may be right. `stack` is for the log. */
export interface Failure {
  readonly code: string | null;
  readonly message: string;
  readonly stack: string | undefined;
  readonly unavailable: boolean;
}

/** The failed answer to a request. */
export function toFailure(id: number, error: unknown): Answer {
  const message = error instanceof Error ? error.message : String(error);
  const code = WireError.is(error) ? error.code : null;
  const stack = error instanceof Error ? error.stack : undefined;
  return { id, error: { code, message, stack, unavailable: error instanceof StoreUnavailableError } };
}
