/**
 * Bytes → server-sent events, however the bytes are cut.
 *
 * Invariant: cutting the same bytes anywhere yields the same events.
 * Source: WHATWG HTML, "server-sent events": lines end in LF, CRLF or CR; a blank line ends an event; `data` lines are
 * joined by LF; a single blank after the colon is dropped.
 */
import { type StreamEvent } from "../providers/provider.ts";

const STREAMED = { stream: true };
/** Text that never becomes an event is not kept beyond this. */
const MAX_EVENT_LENGTH = 32 << 20;

export class SseReader {
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  #pending = "";
  /** True while the last chunk may have ended inside a character. */
  #cutCharacter = false;
  /** How far `#pending` has been searched already. */
  #searched = 0;

  /** True where the next chunk begins with an event, since nothing of one is left over. */
  get between(): boolean {
    return this.#pending === "" && !this.#cutCharacter;
  }

  /** Gives `take` the events that `chunk` completes, in order, each with its exact text including the blank line. */
  feed(chunk: Uint8Array, take: (event: StreamEvent | undefined, text: string) => void): void {
    const more = this.#decode(chunk);
    // What nearly every chunk is: one whole event.
    if (this.#pending === "" && isOneEvent(more)) {
      take(parseEvent(more), more);
      return;
    }
    this.#pending += more;
    for (;;) {
      const end = this.#findEnd();
      if (end === -1) break;
      const text = this.#pending.slice(0, end);
      this.#pending = this.#pending.slice(end);
      this.#searched = 0;
      take(parseEvent(text), text);
    }
    if (this.#pending.length > MAX_EVENT_LENGTH) this.#pending = "";
  }

  /** Decoding that need not remember anything is several times faster. */
  #decode(chunk: Uint8Array): string {
    const last = chunk[chunk.byteLength - 1];
    if (last === undefined) return "";
    const text =
      this.#cutCharacter || last >= 0x80
        ? this.#decoder.decode(chunk, STREAMED)
        : this.#decoder.decode(chunk);
    this.#cutCharacter = last >= 0x80;
    return text;
  }

  /** What stands after the last blank line; a stream that breaks off leaves it. */
  rest(): string {
    const text = this.#pending + this.#decoder.decode();
    this.#pending = "";
    this.#searched = 0;
    return text;
  }

  /** Index after the first blank line; -1 while there is none. */
  #findEnd(): number {
    const text = this.#pending;
    if (!text.includes("\r")) {
      const blank = text.indexOf("\n\n", this.#searched);
      if (blank !== -1) return blank + 2;
      this.#searched = Math.max(0, text.length - 1);
      return -1;
    }
    const match = /\r\n\r\n|\n\n|\r\r(?!\n)|\n\r\n|\r\n\n/.exec(text);
    // A CR at the very end may be half of a CRLF: wait for the next byte before judging.
    if (match === null || (match[0].endsWith("\r") && match.index + match[0].length === text.length))
      return -1;
    return match.index + match[0].length;
  }
}

function isOneEvent(text: string): boolean {
  return text.length > 2 && text.indexOf("\n\n") === text.length - 2 && !text.includes("\r");
}

/** One event's text → its name and data; undefined for comments and empty blocks. */
export function parseEvent(text: string): StreamEvent | undefined {
  // What nearly every provider sends: one data line.
  if (text.startsWith("data: ") && text.indexOf("\n") === text.length - 2) {
    return { name: undefined, data: text.slice(6, -2) };
  }
  if (text.startsWith("data: ") && text.indexOf("\n") >= text.length - 2) {
    return { name: undefined, data: text.slice(6).trimEnd() };
  }
  let name: string | undefined;
  let data: string | undefined;
  // A byte order mark may stand before the very first event.
  const clean = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  for (const line of clean.split(/\r\n|\n|\r/)) {
    const colon = line.indexOf(":");
    if (colon <= 0) continue;
    const value = line.charCodeAt(colon + 1) === 32 ? line.slice(colon + 2) : line.slice(colon + 1);
    const field = line.slice(0, colon);
    if (field === "data") data = data === undefined ? value : `${data}\n${value}`;
    else if (field === "event") name = value;
  }
  return data === undefined ? undefined : { name, data };
}
