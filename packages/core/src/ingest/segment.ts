/**
 * One append-only file of the spool and the records in it.
 *
 * A file starts with eight bytes that name format and version. A record is its length and CRC-32 (two unsigned 32-bit
 * integers, little-endian), then UTF-8 text whose first letter says what it is.
 */
import { type NodeModules } from "./node-modules.ts";

/** One file. Counts are of events and scores. */
export interface Segment {
  readonly path: string;
  /** Where the next record goes; everything before is whole. */
  size: number;
  /** Written here and not settled yet. */
  unsettled: number;
  /** The part of `unsettled` that is on disk only and has not been read back. */
  waiting: number;
  /** Deleted for want of space. */
  gone: boolean;
}

/**
 * `E`, `S`: an event, a score. `e`, `s`: the same, of which the process also has a copy in hand, so that only another
 * process reads it back. `X`: settled numbers. `C`: figures of the ledger.
 */
export type RecordKind = "E" | "S" | "e" | "s" | "X" | "C";

export interface SpoolRecord {
  readonly kind: RecordKind;
  readonly text: string;
}

export interface ParsedRecords {
  readonly records: readonly SpoolRecord[];
  /** Where the first byte stands that was not understood or not asked for. */
  readonly end: number;
  /** Events and scores that are damaged or cut off. */
  readonly torn: number;
}

const MAGIC = "PAYISPL1";
const HEAD = 8;
const MAX_RECORD = 64 << 20;
const KINDS = "ESesXC";

export const FIRST_RECORD: number = MAGIC.length;

/** The bytes of some records, with the file's own head when they are its first. */
export function encodeRecords(node: NodeModules, records: readonly SpoolRecord[], atStart: boolean): Buffer {
  const parts: Buffer[] = atStart ? [Buffer.from(MAGIC)] : [];
  for (const { kind, text } of records) {
    const body = Buffer.from(kind + text);
    const head = Buffer.allocUnsafe(HEAD);
    head.writeUInt32LE(body.length, 0);
    head.writeUInt32LE(node.zlib.crc32(body), 4);
    parts.push(head, body);
  }
  return Buffer.concat(parts);
}

/**
 * Reads records from `offset` until `enough` says so. A damaged record is left out and counted, one whose end is missing
 * ends the file. Never throws.
 */
export function parseRecords(
  node: NodeModules,
  bytes: Buffer,
  offset: number,
  enough: (records: readonly SpoolRecord[], end: number) => boolean = () => false,
): ParsedRecords {
  const records: SpoolRecord[] = [];
  let [end, torn] = [offset, 0];
  if (offset < FIRST_RECORD) {
    if (bytes.subarray(0, FIRST_RECORD).toString("latin1") !== MAGIC) {
      return { records, end: bytes.length, torn: bytes.length > FIRST_RECORD ? 1 : 0 };
    }
    end = FIRST_RECORD;
  }
  while (end < bytes.length && !enough(records, end)) {
    const bodyStart = end + HEAD;
    const length = bodyStart <= bytes.length ? bytes.readUInt32LE(end) : 0;
    const kind = String.fromCharCode(bytes[bodyStart] ?? 0);
    if (length === 0 || length > MAX_RECORD || bodyStart + length > bytes.length) {
      // Nothing tells where the next record would start. What was being written was most likely an event.
      return { records, end: bytes.length, torn: torn + ("XC".includes(kind) ? 0 : 1) };
    }
    const body = bytes.subarray(bodyStart, bodyStart + length);
    end = bodyStart + length;
    const whole = KINDS.includes(kind) && node.zlib.crc32(body) === bytes.readUInt32LE(bodyStart - 4);
    if (whole) records.push({ kind: kind as RecordKind, text: body.toString("utf8", 1) });
    else if (!"XC".includes(kind)) torn += 1;
  }
  return { records, end, torn };
}

/** `number` and JSON of an event or a score in one text. */
export function joinNumbered(number: number, json: string): string {
  return `${number}\n${json}`;
}

/** Undefined for text that `joinNumbered` did not make. */
export function splitNumbered(text: string): { readonly number: number; readonly json: string } | undefined {
  const middle = text.indexOf("\n");
  const number = Number(text.slice(0, middle));
  return middle > 0 && Number.isSafeInteger(number) && number > 0
    ? { number, json: text.slice(middle + 1) }
    : undefined;
}
