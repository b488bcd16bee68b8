const isFull = process.env["PAYI_TEST_SIZE"] === "full";

/** How much of a kind to try: little in the ordinary suite, the whole with `PAYI_TEST_SIZE=full`. */
export function sized(small: number, full: number): number {
  return isFull ? full : small;
}

/** For tests that are sized, in milliseconds. */
export const SIZED_TIMEOUT: number = isFull ? 1_200_000 : 300_000;
