const FIRST_MS = 5000;
const LONGEST_MS = 3_600_000;

/** After so many attempts, some ten hours after the first, a delivery is a dead letter. */
export const MOST_ATTEMPTS = 16;

/**
 * How long to wait before the next attempt: a random time up to 5 s, doubled with each attempt, at most an hour. Never
 * less than what the receiver asked for, up to that hour.
 */
export function waitMs(attempts: number, retryAfterMs: number | undefined, random: () => number): number {
  const most = Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempts - 1));
  return Math.max(Math.round(most * random()), Math.min(retryAfterMs ?? 0, LONGEST_MS));
}
