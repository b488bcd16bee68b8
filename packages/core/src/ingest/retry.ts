/** Which failed deliveries are tried again, and when. Pure. */
import { ApiError, NetworkError, TimeoutError } from "../errors.ts";

const LONGEST_DELAY_MS = 8_000;

/** What to do after a failed delivery of a batch. */
export type Verdict =
  /** `told`: the platform itself named the time. `suspect`: one item may be what breaks the platform. */
  | { readonly action: "wait"; readonly delayMs: number; readonly told: boolean; readonly suspect: boolean }
  | { readonly action: "split" }
  | { readonly action: "drop"; readonly reason: "rejected" | "too_large" };

export interface Failure {
  readonly error: unknown;
  /** Failed attempts in a row, from 1. */
  readonly attempt: number;
  /** Items in the batch. */
  readonly size: number;
  readonly firstDelayMs: number;
  /** 0 ≤ random < 1, for the jitter. */
  readonly random: number;
}

export function judge({ error, attempt, size, firstDelayMs, random }: Failure): Verdict {
  const delayMs = backoff(attempt, firstDelayMs, random);
  if (error instanceof NetworkError || error instanceof TimeoutError || !(error instanceof ApiError)) {
    return { action: "wait", delayMs, told: false, suspect: false };
  }
  if (error.status === 413) return size > 1 ? { action: "split" } : { action: "drop", reason: "too_large" };
  if (!error.retryable) {
    // Only a 400 can be about one item; a wrong key or a wrong address is about all of them.
    return error.status === 400 && size > 1 ? { action: "split" } : { action: "drop", reason: "rejected" };
  }
  const suspect = error.status === 500;
  if (error.retryAfterSeconds === undefined) return { action: "wait", delayMs, told: false, suspect };
  return { action: "wait", delayMs: error.retryAfterSeconds * 1000 + random * 500, told: true, suspect };
}

/** Full jitter over the first delay, doubling to 8 s; never 0, so that a dead server is not hammered. */
export function backoff(attempt: number, firstDelayMs: number, random: number): number {
  const ceiling = Math.min(LONGEST_DELAY_MS, firstDelayMs * 2 ** Math.min(attempt - 1, 10));
  return 50 + random * ceiling;
}
