/**
 * Bytes → messages of an AWS event stream, however the bytes are cut; checksums are verified.
 *
 * Invariants:
 * - cutting the same bytes anywhere yields the same events;
 * - after a checksum that does not fit nothing more is believed: one `error` event says so.
 *
 * Source: docs.aws.amazon.com/transcribe, "event stream encoding": length, header length, CRC of both, headers,
 * payload, CRC of everything; all numbers big-endian.
 */
import { type StreamEvent } from "../providers/provider.ts";

const PRELUDE = 12;
const CHECKSUM = 4;
/** The largest message that the format allows. */
const MAX_MESSAGE = 24 << 20;

export class EventStreamReader {
  #pending: Uint8Array = new Uint8Array(0);
  #broken = false;

  /** Gives `take` the messages that `chunk` completes, in order; they have no text of their own. */
  feed(chunk: Uint8Array, take: (event: StreamEvent, text: string) => void): void {
    if (this.#broken) return;
    this.#pending = join(this.#pending, chunk);
    let start = 0;
    for (;;) {
      const length = this.#messageLength(start);
      if (length === undefined) break;
      const message = this.#pending.subarray(start, start + length);
      if (
        length === 0 ||
        checksum(message.subarray(0, -CHECKSUM)) !== readUint32(message, length - CHECKSUM)
      ) {
        this.#broken = true;
        take(errorEvent("checksum_mismatch"), "");
        break;
      }
      take(toEvent(message), "");
      start += length;
    }
    // Copied: handing a chunk on to a byte stream takes its memory away from us.
    this.#pending = this.#broken ? new Uint8Array(0) : this.#pending.slice(start);
  }

  /** Messages leave no text behind. */
  rest(): string {
    return "";
  }

  /** Length of the message at `start`; undefined while it is incomplete, 0 when its prelude is damaged. */
  #messageLength(start: number): number | undefined {
    if (this.#pending.length - start < PRELUDE) return undefined;
    const prelude = this.#pending.subarray(start, start + PRELUDE);
    const length = readUint32(prelude, 0);
    const fits = length >= PRELUDE + CHECKSUM + readUint32(prelude, 4) && length <= MAX_MESSAGE;
    if (!fits || checksum(prelude.subarray(0, 8)) !== readUint32(prelude, 8)) return 0;
    return this.#pending.length - start < length ? undefined : length;
  }
}

const decoder = new TextDecoder();

function toEvent(message: Uint8Array): StreamEvent {
  const payloadStart = PRELUDE + readUint32(message, 4);
  const headers = readHeaders(message.subarray(PRELUDE, payloadStart));
  const kind = headers.get(":message-type");
  if (kind === "exception") return errorEvent(headers.get(":exception-type") ?? "exception");
  if (kind === "error") return errorEvent(headers.get(":error-code") ?? "error");
  const data = decoder.decode(message.subarray(payloadStart, message.length - CHECKSUM));
  return { name: headers.get(":event-type"), data };
}

function errorEvent(type: string): StreamEvent {
  return { name: "error", data: JSON.stringify({ type }) };
}

/** Value type → bytes that it takes; strings and byte arrays tell their own length. */
const FIXED_SIZES: Readonly<Record<number, number>> = { 0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16 };
const STRING = 7;

/** The headers that are text; the others are passed over. */
function readHeaders(bytes: Uint8Array): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  let at = 0;
  while (at < bytes.length) {
    const nameEnd = at + 1 + (bytes[at] ?? 0);
    const name = decoder.decode(bytes.subarray(at + 1, nameEnd));
    const type = bytes[nameEnd] ?? 0;
    const fixed = FIXED_SIZES[type];
    const valueStart = nameEnd + (fixed === undefined ? 3 : 1);
    const size = fixed ?? ((bytes[nameEnd + 1] ?? 0) << 8) + (bytes[nameEnd + 2] ?? 0);
    if (type === STRING) headers.set(name, decoder.decode(bytes.subarray(valueStart, valueStart + size)));
    at = valueStart + size;
  }
  return headers;
}

function join(left: Uint8Array, right: Uint8Array): Uint8Array {
  if (left.length === 0) return right;
  const both = new Uint8Array(left.length + right.length);
  both.set(left);
  both.set(right, left.length);
  return both;
}

function readUint32(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at);
}

/** CRC-32 as of ISO 3309; `node:zlib` has it, the other runtimes that this runs in do not. */
function checksum(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (TABLE[(crc ^ byte) & 0xff] ?? 0);
  return (crc ^ 0xffffffff) >>> 0;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});
