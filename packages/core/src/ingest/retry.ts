/** Which failed deliveries are tried again, and when. Pure. */
import { ApiError, NetworkError, TimeoutError } from "../errors.ts";

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 8_000;

/** What to do after a failed delivery of a batch. */
export type Verdict =
  | { readonly action: "wait"; readonly delayMs: number }
  | { readonly action: "split" }
  | { readonly action: "drop"; readonly reason: "rejected" | "too_large" | "poison" };

/**
 * @param attempt failed attempts of this batch so far, from 1
 * @param size items in the batch
 * @param random 0 ≤ random < 1, for the jitter
 */
export function judge(error: unknown, attempt: number, size: number, random: number): Verdict {
  if (error instanceof ApiError) {
    if (error.status === 413) return size > 1 ? { action: "split" } : { action: "drop", reason: "too_large" };
    // A batch that breaks the server every time holds an item that does; the others must not wait for it.
    if (error.status === 500 && attempt >= 3) {
      return size > 1 ? { action: "split" } : { action: "drop", reason: "poison" };
    }
    // Only a 400 can be about one item; a wrong key or a wrong address is about all of them.
    if (!error.retryable) {
      return error.status === 400 && size > 1 ? { action: "split" } : { action: "drop", reason: "rejected" };
    }
    if (error.retryAfterSeconds !== undefined) {
      return { action: "wait", delayMs: error.retryAfterSeconds * 1000 + random * FIRST_DELAY_MS };
    }
    return { action: "wait", delayMs: backoff(attempt, random) };
  }
  if (error instanceof NetworkError || error instanceof TimeoutError) {
    return { action: "wait", delayMs: backoff(attempt, random) };
  }
  return size > 1 ? { action: "split" } : { action: "drop", reason: "poison" };
}

/** Full jitter over 0.5 s doubling to 8 s; never 0, so that a dead server is not hammered. */
export function backoff(attempt: number, random: number): number {
  const ceiling = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(attempt - 1, 10));
  return 50 + random * ceiling;
}
