import { randomBytes } from "node:crypto";

let lastMs = 0;
let counter = 0;

/** A UUIDv7 whose text sorts in the order of creation within this process. */
export function newId(nowMs: number = Date.now()): string {
  const random = randomBytes(10);
  if (nowMs > lastMs) {
    lastMs = nowMs;
    counter = random.readUInt16BE(0) & 0x7ff;
  } else {
    counter += 1;
    // 12 bits of sequence are spent: borrow from the next millisecond rather than lose the order.
    if (counter > 0xfff) {
      lastMs += 1;
      counter = 0;
    }
  }
  const time = lastMs.toString(16).padStart(12, "0");
  const sequence = counter.toString(16).padStart(3, "0");
  const variant = ((random[2] ?? 0) & 0x3f) | 0x80;
  const tail = random.toString("hex", 3, 10);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${sequence}-${variant.toString(16)}${tail.slice(0, 2)}-${tail.slice(2)}`;
}
