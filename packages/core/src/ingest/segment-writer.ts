/** Writes records to the newest file of a journal, and begins another one when that is full. */
import { type NodeModules } from "./node-modules.ts";
import { FIRST_RECORD, type Segment, type SpoolRecord, encodeRecords } from "./segment.ts";

export class SegmentWriter {
  readonly #node: NodeModules;
  readonly #directory: string;
  readonly #segmentBytes: number;
  #open: { readonly file: number; readonly segment: Segment } | undefined;
  #nextFile: number;

  /** `after`: the path of the newest file that is there already. */
  constructor(node: NodeModules, directory: string, segmentBytes: number, after: string | undefined) {
    this.#node = node;
    this.#directory = directory;
    this.#segmentBytes = segmentBytes;
    this.#nextFile = after === undefined ? 1 : Number(node.path.basename(after, ".spool")) + 1;
  }

  /** The file that is written to: after a crash nothing is appended to files that another process wrote. @throws what the file system throws. */
  segment(): Segment {
    if (this.#open !== undefined && this.#open.segment.size < this.#segmentBytes) return this.#open.segment;
    this.close();
    const { fs, path } = this.#node;
    fs.mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    const name = path.join(this.#directory, `${String(this.#nextFile).padStart(8, "0")}.spool`);
    const file = fs.openSync(name, "wx", 0o600);
    this.#nextFile += 1;
    const segment: Segment = { path: name, size: 0, unsettled: 0, waiting: 0, gone: false };
    this.#open = { file, segment };
    return segment;
  }

  /**
   * Writes records to {@link segment} and answers with where each of them starts.
   *
   * @throws what the file system throws; then nothing of it stands in the file.
   */
  append(records: readonly SpoolRecord[]): readonly number[] {
    const segment = this.segment();
    const bytes = encodeRecords(this.#node, records, segment.size === 0);
    this.#write(bytes, segment);
    const offsets: number[] = [];
    let at = segment.size === 0 ? FIRST_RECORD : segment.size;
    for (; offsets.length < records.length; at += 8 + bytes.readUInt32LE(at - segment.size)) offsets.push(at);
    segment.size += bytes.length;
    return offsets;
  }

  /** Lets go of the open file. Never throws. */
  close(): void {
    if (this.#open === undefined) return;
    try {
      this.#node.fs.closeSync(this.#open.file);
    } catch {
      // It is gone either way.
    }
    this.#open = undefined;
  }

  #write(bytes: Buffer, { size }: Segment): void {
    const { fs } = this.#node;
    const file = this.#open?.file as number;
    let written = 0;
    try {
      while (written < bytes.length) {
        written += fs.writeSync(file, bytes, written, bytes.length - written, size + written);
      }
    } catch (error) {
      // A full disk takes a part; what is half there must not stand before what is written later.
      fs.ftruncateSync(file, size);
      throw error;
    }
  }
}
