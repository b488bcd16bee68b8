/**
 * Offline mode: events go into a file that `payi import FILE` and bulk ingest take, and nothing goes over the network
 * (contract 8.6).
 *
 * Invariants:
 * - the file is a whole JSON array after every write, so that a killed process leaves one that can be loaded;
 * - without events there is no file; one that is there already is continued.
 */
import { ConfigurationError } from "../errors.ts";
import { type ThrottledLog } from "../logger.ts";
import { Counters, type Stats, sumStats } from "../stats.ts";
import { type IngestEvent, encodeOfflineItem } from "../wire/ingest.ts";
import { type Delivery, type FlushResult } from "./delivery.ts";
import { type NodeModules } from "./node-modules.ts";

const WRITE_EVERY_MS = 1_000;
const MAX_WAITING = 1_000;

export class OfflineFile implements Delivery {
  readonly #node: NodeModules;
  readonly #path: string;
  readonly #log: ThrottledLog;
  readonly #ledger = new Counters();
  #waiting: IngestEvent[] = [];
  #written = 0;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  /** @throws {ConfigurationError} when there is a file of that name that is no JSON array. */
  constructor(node: NodeModules, fileName: string | undefined, log: ThrottledLog, now: Date = new Date()) {
    this.#node = node;
    this.#path = node.path.resolve(fileName ?? defaultName(now));
    this.#log = log;
    this.#endOfItems();
  }

  get stats(): Stats {
    return sumStats([this.#ledger], this.#written, 0);
  }

  push(event: IngestEvent): void {
    this.#ledger.produced += 1;
    if (this.#closed) {
      this.#ledger.drop("shutdown_deadline");
      return;
    }
    this.#waiting.push(event);
    const ms = this.#waiting.length < MAX_WAITING ? WRITE_EVERY_MS : 0;
    if (ms === 0) clearTimeout(this.#timer);
    if (ms === 0 || this.#timer === undefined) {
      this.#timer = setTimeout(() => this.#write(), ms).unref();
    }
  }

  pushScore(): void {
    this.#leaveOut();
  }

  pushProperties(): void {
    this.#leaveOut();
  }

  #leaveOut(): void {
    this.#ledger.produced += 1;
    this.#ledger.drop("offline");
    this.#log.warn(
      "offline_score",
      "KPI scores and late properties are not recorded in offline mode: its file holds events only.",
    );
  }

  flush(): Promise<FlushResult> {
    const spooled = this.#write();
    return Promise.resolve({ sent: 0, spooled, failed: this.#waiting.length, dropped: 0 });
  }

  async close(): Promise<FlushResult> {
    const result = await this.flush();
    const lost = this.saveNow();
    return { ...result, failed: 0, dropped: lost };
  }

  saveNow(): number {
    this.#write();
    this.#closed = true;
    const lost = this.#waiting.length;
    this.#ledger.drop("shutdown_deadline", lost);
    this.#waiting = [];
    return lost;
  }

  /** @returns how many were written */
  #write(): number {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const texts = this.#waiting.flatMap((event) => this.#encode(event));
    if (texts.length === 0) return 0;
    try {
      const end = this.#endOfItems();
      const text = `${end === 0 ? "[" : ","}\n${texts.join(",\n")}\n]\n`;
      const file = this.#node.fs.openSync(this.#path, end === 0 ? "w" : "r+", 0o600);
      this.#node.fs.writeSync(file, text, end);
      this.#node.fs.closeSync(file);
    } catch (error) {
      this.#log.warn(
        "offline",
        `Events could not be written to ${this.#path} and wait in memory: ${String(error)}`,
      );
      return 0;
    }
    this.#waiting = [];
    this.#written += texts.length;
    return texts.length;
  }

  #encode(event: IngestEvent): readonly string[] {
    try {
      return [JSON.stringify(encodeOfflineItem(event))];
    } catch (error) {
      this.#waiting = this.#waiting.filter((other) => other !== event);
      this.#ledger.drop("encode_failed");
      this.#log.warn("encode", `An event cannot be written as JSON and is dropped: ${String(error)}`);
      return [];
    }
  }

  /** Where the next item goes: after the last one; 0 where there is no file, or none with items. */
  #endOfItems(): number {
    const { fs } = this.#node;
    const size = fs.statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0;
    if (size === 0) return 0;
    const tail = Buffer.alloc(Math.min(size, 64));
    const file = fs.openSync(this.#path, "r");
    fs.readSync(file, tail, 0, tail.length, size - tail.length);
    fs.closeSync(file);
    const text = tail.toString("latin1");
    if (/^\s*\[\s*\]\s*$/.test(text)) return 0;
    const end = /(?<!\s)\s*\]\s*$/.exec(text);
    if (end !== null) return size - tail.length + end.index;
    throw new ConfigurationError(
      "config.offlineInstrumentation.fileName",
      `config.offlineInstrumentation.fileName is ${JSON.stringify(this.#path)}, a file that does not end as a JSON array does. Name another one, or move it away.`,
    );
  }
}

function defaultName(now: Date): string {
  return `payi_instrumentation_${now.toISOString().slice(0, 19).replaceAll(/[T:]/g, "-")}.json`;
}
