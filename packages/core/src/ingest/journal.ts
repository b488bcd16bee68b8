/**
 * One ledger on disk: what a process has yet to deliver, what it has settled, and its figures.
 *
 * Invariants:
 * - a file is deleted only when all of it is settled and no older file is left;
 * - every write ends with the ledger's figures, so that another process can continue them exactly;
 * - what is read back comes in the order in which it was produced.
 */
import { type Counters, type DropReason, type Tally } from "../stats.ts";
import { type NodeModules } from "./node-modules.ts";
import { NumberSet } from "./number-set.ts";
import { SegmentWriter } from "./segment-writer.ts";
import {
  type RecordKind,
  type Segment,
  type SpoolRecord,
  joinNumbered,
  parseRecords,
  splitNumbered,
} from "./segment.ts";

/** Where a record stands. */
export interface Home {
  readonly journal: Journal;
  readonly segment: Segment;
  readonly offset: number;
}

/** Something to write. `copyInHand`: this process delivers it from memory and never reads it back. */
export interface Draft {
  readonly kind: "event" | "score";
  readonly number: number;
  readonly json: string;
  readonly copyInHand: boolean;
}

/** Something read back. */
export interface Stored {
  readonly kind: "event" | "score";
  readonly number: number;
  readonly json: string;
  readonly home: Home;
}

/** The last record of every write. */
export interface Checkpoint extends Tally {
  readonly reportedDrops: number;
}

const MAX_READ_BYTES = 1 << 20;

export class Journal {
  readonly directory: string;
  readonly ledger: Counters;
  readonly #node: NodeModules;
  readonly #writer: SegmentWriter;
  /** Set for a journal of another process: every unsettled record is waiting, whoever had a copy in hand. */
  readonly #settledBefore: NumberSet | undefined;
  readonly #segments: Segment[];
  /** Settled and not written down yet, by what became of them. */
  readonly #settled = new Map<"sent" | DropReason, NumberSet>();
  #cursor: { segment: Segment; offset: number } | undefined;
  #page: { readonly segment: Segment; readonly bytes: Buffer } | undefined;

  constructor(
    node: NodeModules,
    directory: string,
    ledger: Counters,
    segmentBytes: number,
    found?: { readonly segments: Segment[]; readonly settled: NumberSet },
  ) {
    this.#node = node;
    this.directory = directory;
    this.ledger = ledger;
    this.#segments = found?.segments ?? [];
    this.#settledBefore = found?.settled;
    this.#writer = new SegmentWriter(node, directory, segmentBytes, this.#segments.at(-1)?.path);
    this.#cursor = startOf(this.#segments[0]);
  }

  get bytes(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.size, 0);
  }

  /** On disk and not settled. */
  get unsettled(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.unsettled, 0);
  }

  /** The part of it that only the disk has. */
  get waiting(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.waiting, 0);
  }

  /** True when nothing here is worth a file any more. */
  get finished(): boolean {
    return this.unsettled === 0 && this.ledger.droppedTotal === this.ledger.reportedDrops;
  }

  /**
   * Writes drafts, what was settled since, and the figures, in one write. Answers with the place of each draft.
   *
   * @throws what the file system throws; then nothing of it stands in the file.
   */
  write(drafts: readonly Draft[]): readonly Home[] {
    const segment = this.#writer.segment();
    if (segment !== this.#segments.at(-1)) this.#segments.push(segment);
    const records: SpoolRecord[] = drafts.map(toRecord);
    for (const [outcome, numbers] of this.#settled) {
      records.push({ kind: "X", text: JSON.stringify([outcome, numbers.ranges]) });
    }
    const checkpoint: Checkpoint = { ...this.ledger.tally(), reportedDrops: this.ledger.reportedDrops };
    records.push({ kind: "C", text: JSON.stringify(checkpoint) });
    const offsets = this.#writer.append(records);
    this.#settled.clear();
    segment.unsettled += drafts.length;
    return drafts.map((_draft, index) => ({
      journal: this,
      segment,
      offset: offsets[index] ?? segment.size,
    }));
  }

  /** From now on only the disk has this record. Records are left to the disk in the order of their numbers. */
  leaveToDisk(home: Home): void {
    home.segment.waiting += 1;
    this.#cursor ??= { segment: home.segment, offset: home.offset };
  }

  /** Notes what became of a record; `commit` writes it down. */
  settle(home: Home, number: number, outcome: "sent" | DropReason): void {
    home.segment.unsettled -= 1;
    const numbers = this.#settled.get(outcome) ?? new NumberSet();
    numbers.add(number);
    this.#settled.set(outcome, numbers);
  }

  /** Deletes files that are done and writes down what was settled. @throws what the file system throws. */
  commit(): void {
    while (this.#segments.length > 1 && this.#segments[0]?.unsettled === 0) this.#deleteOldest();
    if (this.#settled.size > 0) this.write([]);
  }

  /**
   * What waits longest, at most `maxItems` and about 1 MiB; from then on it is in hand. `lost` counts what should have
   * been there and was damaged, or could not be read.
   */
  read(maxItems: number): {
    readonly stored: readonly Stored[];
    readonly torn: number;
    readonly failed: number;
  } {
    const stored: Stored[] = [];
    let [torn, failed, bytes] = [0, 0, 0];
    while (
      this.#cursor !== undefined &&
      this.waiting > 0 &&
      stored.length < maxItems &&
      bytes < MAX_READ_BYTES
    ) {
      const { segment, offset } = this.#cursor;
      if (segment.waiting === 0) {
        this.#cursor = startOf(this.#segments[this.#segments.indexOf(segment) + 1]);
        continue;
      }
      const page = this.#pageOf(segment);
      const wanted = Math.min(maxItems - stored.length, segment.waiting);
      const { records, end } =
        page === undefined
          ? { records: [], end: segment.size }
          : parseRecords(
              this.#node,
              page,
              offset,
              (read, at) => read.length >= wanted || at - offset > MAX_READ_BYTES - bytes,
            );
      bytes += end - offset;
      for (const record of records) {
        const one = this.#toStored(record, segment);
        if (one === undefined || segment.waiting === 0) continue;
        segment.waiting -= 1;
        stored.push(one);
      }
      this.#cursor = { segment, offset: end };
      if (end < segment.size) continue;
      if (page === undefined) failed += segment.waiting;
      else torn += segment.waiting;
      segment.unsettled -= segment.waiting;
      segment.waiting = 0;
    }
    if (this.waiting === 0) this.#cursor = this.#page = undefined;
    return { stored, torn, failed };
  }

  /** Deletes the oldest file for want of space; answers how many records only it had, or undefined without files. */
  sacrifice(): number | undefined {
    const [oldest] = this.#segments;
    if (oldest === undefined) return undefined;
    this.#deleteOldest();
    return oldest.waiting;
  }

  /** Removes every file and the folder. Never throws. */
  remove(): void {
    this.close();
    while (this.#segments.length > 0) this.#deleteOldest();
    try {
      this.#node.fs.rmdirSync(this.directory);
    } catch {
      // Somebody else's file is in it, or it is gone.
    }
  }

  /** Lets go of the open file. Never throws. */
  close(): void {
    this.#writer.close();
  }

  #pageOf(segment: Segment): Buffer | undefined {
    if (this.#page?.segment === segment && this.#page.bytes.length >= segment.size) return this.#page.bytes;
    try {
      const bytes = this.#node.fs.readFileSync(segment.path);
      this.#page = { segment, bytes };
      return bytes;
    } catch {
      return undefined;
    }
  }

  #toStored({ kind, text }: SpoolRecord, segment: Segment): Stored | undefined {
    const foreign = this.#settledBefore;
    const mine = kind === "E" || kind === "S" || (foreign !== undefined && (kind === "e" || kind === "s"));
    const numbered = mine ? splitNumbered(text) : undefined;
    if (numbered === undefined || foreign?.has(numbered.number) === true) return undefined;
    const home: Home = { journal: this, segment, offset: 0 };
    return { kind: kind.toLowerCase() === "e" ? "event" : "score", ...numbered, home };
  }

  #deleteOldest(): void {
    const segment = this.#segments.shift();
    if (segment === undefined) return;
    segment.gone = true;
    if (this.#segments.length === 0) this.close();
    if (this.#cursor?.segment === segment) this.#cursor = startOf(this.#segments[0]);
    try {
      this.#node.fs.unlinkSync(segment.path);
    } catch {
      // Another process took the folder over, or it was cleaned away: gone is what it should be.
    }
  }
}

function startOf(segment: Segment | undefined): { segment: Segment; offset: number } | undefined {
  return segment === undefined ? undefined : { segment, offset: 0 };
}

function toRecord({ kind, number, json, copyInHand }: Draft): SpoolRecord {
  const letter = kind === "event" ? "E" : "S";
  const text = joinNumbered(number, json);
  return { kind: (copyInHand ? letter.toLowerCase() : letter) as RecordKind, text };
}
