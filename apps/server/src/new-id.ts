import { randomUUID } from "node:crypto";

let lastMs = 0;
let counter = 0;
/** What the ids of a millisecond begin with. */
let begin = "";
let beginMs = -1;

/** A UUIDv7 whose text sorts in the order of creation within this process. */
export function newId(nowMs: number = Date.now()): string {
  // Node keeps random UUIDs in a pool, which makes this several times cheaper than fresh random bytes.
  const random = randomUUID();
  if (nowMs > lastMs) {
    lastMs = nowMs;
    counter = Number.parseInt(random.slice(0, 3), 16) >> 1;
  } else {
    counter += 1;
    // 12 bits of sequence are spent: borrow from the next millisecond rather than lose the order.
    if (counter > 0xfff) {
      lastMs += 1;
      counter = 0;
    }
  }
  if (beginMs !== lastMs) {
    const time = lastMs.toString(16).padStart(12, "0");
    begin = `${time.slice(0, 8)}-${time.slice(8)}-`;
    beginMs = lastMs;
  }
  // The version, 7, and three digits.
  return `${begin}${(0x7000 + counter).toString(16)}${random.slice(18)}`;
}
