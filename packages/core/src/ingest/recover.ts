/** Reads what a dead process left behind, and settles its figures. */
import { type Counters, isDropReason } from "../stats.ts";
import { type Checkpoint, Journal } from "./journal.ts";
import { type NodeModules } from "./node-modules.ts";
import { NumberSet } from "./number-set.ts";
import { type Segment, type SpoolRecord, parseRecords, splitNumbered } from "./segment.ts";

/**
 * The journal in `directory`, ready to be delivered. Its ledger adds up: what the files do not account for was in the
 * memory of the process that died (`crash`), or is damaged (`spool_torn`).
 *
 * @throws what the file system throws.
 */
export async function recoverJournal(
  node: NodeModules,
  directory: string,
  ledger: Counters,
  segmentBytes: number,
): Promise<Journal> {
  const files = node.fs.readdirSync(directory).filter((name) => /^\d+\.spool$/.test(name));
  const found = new Findings(ledger);
  const scanned: { segment: Segment; numbers: NumberSet }[] = [];
  for (const name of files.toSorted()) {
    const path = node.path.join(directory, name);
    const bytes = node.fs.readFileSync(path);
    const { records, torn } = parseRecords(node, bytes, 0);
    const numbers = found.take(records, torn);
    scanned.push({ segment: { path, size: bytes.length, unsettled: 0, waiting: 0, gone: false }, numbers });
    // A file at a time: the application's own work goes on in between.
    // oxlint-disable-next-line no-await-in-loop
    await new Promise((resolve) => setImmediate(resolve));
  }
  let pending = 0;
  for (const { segment, numbers } of scanned) {
    for (const [from, to] of numbers.ranges) {
      for (let number = from; number <= to; number += 1) {
        if (!found.settled.has(number)) segment.unsettled += 1;
      }
    }
    segment.waiting = segment.unsettled;
    pending += segment.unsettled;
  }
  found.close(pending);
  const segments = scanned.map(({ segment }) => segment);
  return new Journal(node, directory, ledger, segmentBytes, { segments, settled: found.settled });
}

class Findings {
  readonly settled: NumberSet = new NumberSet();
  readonly #ledger: Counters;
  #highest = 0;
  #torn = 0;

  constructor(ledger: Counters) {
    this.#ledger = ledger;
  }

  /** @returns the numbers of the events and scores among the records */
  take(records: readonly SpoolRecord[], torn: number): NumberSet {
    const numbers = new NumberSet();
    this.#torn += torn;
    for (const { kind, text } of records) {
      if (kind === "C") this.#restore(text);
      else if (kind === "X") this.#settle(text);
      else {
        const number = splitNumbered(text)?.number;
        if (number === undefined) continue;
        numbers.add(number);
        this.#highest = Math.max(this.#highest, number);
      }
    }
    return numbers;
  }

  close(pending: number): void {
    const ledger = this.#ledger;
    ledger.produced = Math.max(ledger.produced, this.#highest);
    const unexplained = ledger.pending - pending;
    // A damaged record that the figures do not know yet was produced all the same.
    ledger.produced += Math.max(0, this.#torn - unexplained);
    ledger.drop("spool_torn", this.#torn);
    ledger.drop("crash", Math.max(0, unexplained - this.#torn));
  }

  #restore(text: string): void {
    const checkpoint = JSON.parse(text) as Checkpoint;
    this.#ledger.restore(checkpoint);
    this.#ledger.reportedDrops = checkpoint.reportedDrops;
  }

  /** Figures that follow in the same write hold these already and replace what is added here. */
  #settle(text: string): void {
    const [outcome, ranges] = JSON.parse(text) as [string, [number, number][]];
    for (const [from, to] of ranges) {
      this.settled.addRange(from, to);
      if (outcome === "sent") this.#ledger.delivered += to - from + 1;
      else this.#ledger.drop(isDropReason(outcome) ? outcome : "crash", to - from + 1);
    }
  }
}
