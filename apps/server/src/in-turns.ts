/* oxlint-disable no-await-in-loop -- one piece after the other is the point */
import { setImmediate } from "node:timers/promises";

/** So long the thread that serves everybody is busy with one list. */
const TURN_MS = 0.5;
/** Looking at the clock after each item would be felt. */
const PIECE = 4;
/** Lists of so many are not worth a turn. */
const SHORT = 32;

/** The list that is worked on, or was last. */
let last: Promise<unknown> = Promise.resolve();

/**
 * What `work` makes of each item, in their order, with a turn of the event loop whenever it has taken {@link TURN_MS}. Long
 * lists are worked through one after the other: side by side, all of them would be done late. Rejects with the first error
 * of `work`, and leaves the rest of that list.
 */
export async function mapInTurns<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Result,
): Promise<readonly Result[]> {
  if (items.length <= SHORT) return items.map((item) => work(item));
  const turn = last.then(() => mapPieces(items, work));
  // Nobody else may keep what came of it.
  last = turn.then(forget, forget);
  return turn;
}

function forget(): void {}

async function mapPieces<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Result,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  let sinceMs = performance.now();
  for (const item of items) {
    results.push(work(item));
    if (results.length % PIECE === 0 && performance.now() - sinceMs > TURN_MS) {
      await setImmediate();
      sinceMs = performance.now();
    }
  }
  return results;
}
