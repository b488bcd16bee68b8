/**
 * Bytes → the JSON objects at their top level, whether they stand in one array or one per line.
 *
 * Invariant: cutting the same bytes anywhere yields the same objects.
 */
import { type StreamEvent } from "../providers/provider.ts";

/** Text that never becomes an object is not kept beyond this. */
const MAX_OBJECT_LENGTH = 32 << 20;

export class JsonFrames {
  readonly #decoder = new TextDecoder();
  #text = "";
  /** How far `#text` has been looked at. */
  #at = 0;
  /** Where the object that is being read begins; -1 between objects. */
  #start = -1;
  #depth = 0;
  #inString = false;
  #escaped = false;

  /** Gives `take` the objects that `chunk` completes, in order. */
  feed(chunk: Uint8Array, take: (event: StreamEvent, text: string) => void): void {
    this.#text += this.#decoder.decode(chunk, { stream: true });
    for (; this.#at < this.#text.length; this.#at += 1) {
      if (this.#step(this.#text.charCodeAt(this.#at))) {
        const data = this.#text.slice(this.#start, this.#at + 1);
        this.#start = -1;
        take({ name: undefined, data }, data);
      }
    }
    this.#forget();
  }

  /** What stands after the last whole object. */
  rest(): string {
    return this.#text + this.#decoder.decode();
  }

  /** True when this character ends an object. */
  #step(code: number): boolean {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (code === BACKSLASH) this.#escaped = true;
      else if (code === QUOTE) this.#inString = false;
      return false;
    }
    if (code === OPEN) {
      if (this.#depth === 0) this.#start = this.#at;
      this.#depth += 1;
    } else if (code === CLOSE && this.#depth > 0) {
      this.#depth -= 1;
      return this.#depth === 0;
    } else if (code === QUOTE && this.#depth > 0) {
      this.#inString = true;
    }
    return false;
  }

  /** Text that has been handed on, or will never be, is let go. */
  #forget(): void {
    const keepFrom = this.#start === -1 ? this.#at : this.#start;
    this.#text = this.#text.length - keepFrom > MAX_OBJECT_LENGTH ? "" : this.#text.slice(keepFrom);
    this.#at = this.#text.length;
    this.#start = this.#start === -1 ? -1 : 0;
  }
}

const QUOTE = 34;
const BACKSLASH = 92;
const OPEN = 123;
const CLOSE = 125;
