/**
 * The disk behind the queue: this process's own journal, and those of dead processes that it took over.
 *
 * Invariants:
 * - nothing here throws; a disk that fails turns the spool off for a minute, counted, and memory goes on alone;
 * - never more than `maxBytes` on disk: then the oldest file goes, counted as `queue_overflow`;
 * - files and folders are readable by their owner alone.
 */
import { type ThrottledLog } from "../logger.ts";
import { Counters, type DropReason } from "../stats.ts";
import { type SpoolOptions } from "./delivery-options.ts";
import { type Entry, textOf } from "./entry.ts";
import { Journal, type Stored } from "./journal.ts";
import { type NodeModules } from "./node-modules.ts";
import { recoverJournal } from "./recover.ts";
import { ensurePrivateFolder } from "./spool-folder.ts";
import { type Owner, TOUCH_MS, abandonedLedger, freeName, ownedName, thisProcess } from "./spool-owner.ts";

export interface SpoolSetup {
  readonly node: NodeModules;
  readonly options: SpoolOptions;
  /** See `spoolFolder`. */
  readonly folder: string;
  readonly ledger: Counters;
  readonly log: ThrottledLog;
  /** Something that only the disk had is lost. */
  readonly onLost: (ledger: Counters, reason: DropReason, count: number) => void;
}

const MAX_SEGMENT_BYTES = 1 << 20;
const OFF_MS = 60_000;
/** A journal in which nothing waits is begun anew when it has grown so far. */
const RESET_BYTES = 64 << 10;

export class Spool {
  readonly #setup: SpoolSetup;
  readonly #folder: string;
  readonly #owner: Owner;
  readonly #segmentBytes: number;
  #own: Journal | undefined;
  #adopted: Journal[] = [];
  #offUntilMs = 0;
  #failures = 0;
  #touch: NodeJS.Timeout | undefined;

  constructor(setup: SpoolSetup) {
    this.#setup = setup;
    const { node, options, folder } = setup;
    this.#folder = folder;
    this.#owner = thisProcess(node);
    this.#segmentBytes = Math.max(512, Math.min(MAX_SEGMENT_BYTES, options.maxBytes >> 3));
  }

  get mode(): SpoolOptions["mode"] {
    return this.#setup.options.mode;
  }

  get usable(): boolean {
    return performance.now() >= this.#offUntilMs;
  }

  get failures(): number {
    return this.#failures;
  }

  /** On disk and not settled. */
  get pending(): number {
    return this.#journals().reduce((sum, journal) => sum + journal.unsettled, 0);
  }

  /** The part of it that no memory has. */
  get waiting(): number {
    return this.#journals().reduce((sum, journal) => sum + journal.waiting, 0);
  }

  /** Writes those that were not written yet. False: nothing was. What cannot be JSON is left out. */
  keep(entries: readonly Entry[], copyInHand: boolean): boolean {
    const missing = entries.filter((entry) => entry.home === undefined && isEncodable(entry));
    if (missing.length === 0) return true;
    return this.#guarded(() => {
      const drafts = missing.map((entry) => ({
        kind: entry.kind,
        number: entry.number,
        json: textOf(entry),
        copyInHand,
      }));
      this.#makeRoom(drafts.reduce((sum, { json }) => sum + json.length + 32, 256));
      const homes = this.#ownJournal().write(drafts);
      for (const [index, entry] of missing.entries()) entry.home = homes[index];
    });
  }

  /** What has waited longest on disk, with the ledger it counts in. */
  read(maxItems: number): readonly { readonly stored: Stored; readonly ledger: Counters }[] {
    for (const journal of this.#journals()) {
      if (journal.waiting === 0) continue;
      const { stored, torn, failed } = journal.read(maxItems);
      if (torn > 0) this.#setup.onLost(journal.ledger, "spool_torn", torn);
      if (failed > 0) this.#setup.onLost(journal.ledger, "spool_io", failed);
      if (stored.length > 0) return stored.map((one) => ({ stored: one, ledger: journal.ledger }));
    }
    return [];
  }

  /** Writes down what was settled, and removes what is done. */
  commit(): void {
    for (const journal of this.#journals()) {
      // Figures that no write brings up to date any more would later look like a loss, so `overflow` leaves none.
      const isStale = journal !== this.#own || this.mode === "overflow" || journal.bytes > RESET_BYTES;
      if (journal.finished && isStale) this.#removeJournal(journal);
      else this.#guarded(() => journal.commit());
    }
  }

  /** Takes over what dead processes left behind; `onLedger` hears of their figures. Never rejects. */
  async adopt(onLedger: (ledger: Counters) => void): Promise<void> {
    const { node, log } = this.#setup;
    for (const { ledgerId, path } of this.#foldersLeft()) {
      const mine = node.path.join(this.#folder, ownedName(this.#owner, ledgerId));
      try {
        node.fs.renameSync(path, mine);
      } catch {
        // Another process was faster.
        continue;
      }
      try {
        const ledger = new Counters(ledgerId);
        // oxlint-disable-next-line no-await-in-loop
        const journal = await recoverJournal(node, mine, ledger, this.#segmentBytes);
        this.#adopted.push(journal);
        onLedger(ledger);
        this.#keepTouched();
      } catch (error) {
        log.warn("spool", `The spool in ${mine} could not be read and is left as it is: ${String(error)}`);
      }
    }
    this.commit();
  }

  /** Ends the use of the disk: what is left may be taken over by any process at once. Synchronous, for the exit. */
  release(): void {
    clearInterval(this.#touch);
    const { node } = this.#setup;
    for (const journal of this.#journals()) {
      this.#guarded(() => journal.commit());
      if (journal.finished) journal.remove();
      else {
        journal.close();
        const free = node.path.join(this.#folder, freeName(journal.ledger.id));
        this.#guarded(() => node.fs.renameSync(journal.directory, free));
      }
    }
    this.#own = undefined;
    this.#adopted = [];
    this.#offUntilMs = Number.POSITIVE_INFINITY;
  }

  #journals(): readonly Journal[] {
    return this.#own === undefined ? this.#adopted : [...this.#adopted, this.#own];
  }

  #ownJournal(): Journal {
    if (this.#own !== undefined) return this.#own;
    const { node, ledger } = this.#setup;
    ensurePrivateFolder(node, this.#folder);
    const directory = node.path.join(this.#folder, ownedName(this.#owner, ledger.id));
    this.#own = new Journal(node, directory, ledger, this.#segmentBytes);
    this.#keepTouched();
    return this.#own;
  }

  #makeRoom(bytes: number): void {
    const { maxBytes } = this.#setup.options;
    if (bytes > maxBytes) throw new Error(`${bytes} bytes do not fit into a spool of ${maxBytes}.`);
    const total = (): number => this.#journals().reduce((sum, journal) => sum + journal.bytes, 0);
    while (total() + bytes > maxBytes) {
      const journal = this.#journals().find((one) => one.bytes > 0);
      const lost = journal?.sacrifice();
      if (journal === undefined || lost === undefined) return;
      if (lost > 0) this.#setup.onLost(journal.ledger, "queue_overflow", lost);
    }
  }

  #removeJournal(journal: Journal): void {
    journal.remove();
    if (journal === this.#own) this.#own = undefined;
    else this.#adopted = this.#adopted.filter((one) => one !== journal);
  }

  #foldersLeft(): readonly { ledgerId: string; path: string }[] {
    const { node } = this.#setup;
    try {
      const names = node.fs.readdirSync(this.#folder);
      ensurePrivateFolder(node, this.#folder);
      return names.flatMap((name) => {
        const path = node.path.join(this.#folder, name);
        const ledgerId = abandonedLedger(node, this.#owner, name, node.fs.statSync(path).mtimeMs);
        return ledgerId === undefined ? [] : [{ ledgerId, path }];
      });
    } catch {
      // No folder yet, or one that vanished while it was looked at: the next look will tell.
      return [];
    }
  }

  /** Shows other machines that the folders are in use. */
  #keepTouched(): void {
    const { fs } = this.#setup.node;
    this.#touch ??= setInterval(() => {
      const now = new Date();
      for (const { directory } of this.#journals()) {
        fs.utimes(directory, now, now, () => undefined);
      }
    }, TOUCH_MS).unref();
  }

  #guarded(work: () => void): boolean {
    if (!this.usable) return false;
    try {
      work();
      return true;
    } catch (error) {
      this.#failures += 1;
      this.#offUntilMs = performance.now() + OFF_MS;
      this.#setup.log.warn(
        "spool",
        `The spool in ${this.#folder} failed and is off for a minute; events wait in memory. Set config.spool.directory to a folder with space that this process may write to. ${String(error)}`,
      );
      return false;
    }
  }
}

function isEncodable(entry: Entry): boolean {
  try {
    textOf(entry);
    return true;
  } catch {
    // The delivery meets the same error and counts it.
    return false;
  }
}
