/**
 * Recognises an event that repeats an earlier one in everything but a few texts, as nearly all of a stream do: byte by byte
 * and without making text of it, which costs a fraction of looking for what could matter.
 */
import { inPlaces } from "../providers/peek-text.ts";

const QUOTE = 34;
/** After so many events that were learned in vain none is learned any more. */
const MAX_VAIN = 16;

export class RepeatedEvent {
  readonly #encoder = new TextEncoder();
  /** What stands before, between and after the texts; empty before anything was learned. */
  #parts: readonly Uint8Array[] = [];
  #length = 0;
  #learnedInVain = 0;

  /** UTF-16 units of the first text of the event that was recognised last, as it stands in the JSON. */
  get length(): number {
    return this.#length;
  }

  /** From now on events are recognised that differ from `text` in the JSON strings of these `names` alone. */
  learn(text: string, names: readonly string[]): void {
    if (this.#learnedInVain >= MAX_VAIN) return;
    this.#learnedInVain += 1;
    const parts: Uint8Array[] = [];
    let from = 0;
    for (const [start, end] of inPlaces(text, names)) {
      parts.push(this.#encoder.encode(text.slice(from, start)));
      from = end;
    }
    parts.push(this.#encoder.encode(text.slice(from)));
    this.#parts = parts.length > 1 ? parts : [];
  }

  /** Where the event that begins at `start` ends, when it is such a one; -1 when it is not, or not whole. */
  endOf(bytes: Uint8Array, start: number): number {
    const parts = this.#parts;
    const last = parts.length - 1;
    let at = start;
    for (let index = 0; index <= last; index += 1) {
      const part = parts[index] as Uint8Array;
      if (!hasAt(bytes, at, part)) return -1;
      at += part.length;
      if (index === last) {
        this.#learnedInVain = 0;
        return at;
      }
      let units = 0;
      for (; at < bytes.length; at += 1) {
        const byte = bytes[at] as number;
        if (byte === QUOTE) break;
        // Of a character's bytes the first one counts; those of four bytes are two units.
        if (byte < 0x80 || byte >= 0xc0) units += byte >= 0xf0 ? 2 : 1;
      }
      if (index === 0) this.#length = units;
    }
    return -1;
  }
}

/** Four bytes at a time, which is three times as fast; a native comparison costs as much to call. */
function hasAt(bytes: Uint8Array, at: number, part: Uint8Array): boolean {
  const { length } = part;
  if (at + length > bytes.length) return false;
  let offset = 0;
  for (const whole = length - 3; offset < whole; offset += 4) {
    const from = at + offset;
    if (
      bytes[from] !== part[offset] ||
      bytes[from + 1] !== part[offset + 1] ||
      bytes[from + 2] !== part[offset + 2] ||
      bytes[from + 3] !== part[offset + 3]
    )
      return false;
  }
  for (; offset < length; offset += 1) if (bytes[at + offset] !== part[offset]) return false;
  return true;
}
