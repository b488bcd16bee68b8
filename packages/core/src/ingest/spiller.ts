/**
 * When what waits in memory goes to disk: above the bound, while the platform does not answer, at the end, or always.
 *
 * Invariants:
 * - the disk is written in turns of its own, a part at a time, except where memory holds twice its bound;
 * - without a usable disk the oldest goes, counted;
 * - only the oldest is left to the disk alone, so that what is on disk is older than what is in memory.
 */
import { type ThrottledLog } from "../logger.ts";
import { type DropReason } from "../stats.ts";
import { type Courier } from "./courier.ts";
import { type Entry } from "./entry.ts";
import { type Fifo } from "./fifo.ts";
import { type Spool } from "./spool.ts";

export interface SpillerSetup {
  /** Undefined: memory alone. */
  readonly spool: Spool | undefined;
  readonly waiting: Fifo<Entry>;
  readonly courier: Pick<Courier, "held" | "backingOff" | "shed">;
  readonly log: ThrottledLog;
  /** True while memory holds more than so many times its bound. */
  readonly isOver: (times: number) => boolean;
  readonly onDropped: (entry: Entry, reason: DropReason) => void;
  /** From now on only the disk has the entry. */
  readonly onLeft: (entry: Entry) => void;
}

/** Events that the spool writes in one turn of the event loop. */
const SPILL_ITEMS = 128;
/** How long an event may be in memory alone while the spool is to hold all of them: 50 ms are promised. */
const SPOOL_MS = 10;
const OUTAGE_SPILL_MS = 500;

export class Spiller {
  readonly #setup: SpillerSetup;
  readonly #spool: Spool | undefined;
  #timer: NodeJS.Timeout | undefined;
  #relief: NodeJS.Immediate | undefined;
  #stopped = false;

  constructor(setup: SpillerSetup) {
    this.#setup = setup;
    this.#spool = setup.spool;
  }

  /** An entry was taken over and waits. */
  added(entry: Entry): void {
    const { courier, isOver } = this.#setup;
    if (this.#spool?.mode === "sync") this.#spool.keep([entry], false);
    else if (this.#spool?.mode === "spool" || courier.backingOff) this.#soon();
    if (isOver(1)) this.#relieve();
  }

  /** An entry on disk was settled, which a spool that holds everything writes down. */
  settled(): void {
    if (this.#spool !== undefined && this.#spool.mode !== "overflow") this.#soon();
  }

  /** The platform does not answer: what waits is written, so that it does not depend on this process. */
  rideOut(): void {
    if (this.#spool === undefined) return;
    this.#spool.keep(this.#setup.courier.held, true);
    this.#soon();
  }

  /** Leaves everything that waits to the disk. */
  async spillAll(): Promise<void> {
    this.#spool?.keep(this.#setup.courier.held, true);
    while (!this.#stopped && this.#setup.waiting.length > 0 && this.#spill()) {
      // oxlint-disable-next-line no-await-in-loop
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** The end: writes `left` at once; what the disk does not take is dropped. Nothing is done afterwards. */
  finish(left: readonly Entry[]): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    clearImmediate(this.#relief);
    for (const entry of left) if (entry.home?.segment.gone === true) entry.home = undefined;
    for (let at = 0; at < left.length; at += SPILL_ITEMS) {
      this.#spool?.keep(left.slice(at, at + SPILL_ITEMS), true);
    }
    for (const entry of left) if (entry.home === undefined) this.#setup.onDropped(entry, "shutdown_deadline");
    this.#spool?.release();
  }

  /** Above the bound the disk is given a turn of its own; when the event loop never turns, twice the bound is the end. */
  #relieve(): void {
    const { isOver } = this.#setup;
    if (this.#spool?.usable !== true) this.#dropOldest();
    else if (isOver(2)) this.#spill();
    else {
      this.#relief ??= setImmediate(() => {
        this.#relief = undefined;
        const goesOn = isOver(1) && (this.#spill() || this.#spool?.usable === false);
        if (goesOn && isOver(1)) this.#relieve();
      }).unref();
    }
  }

  /** Leaves the oldest of what waits to the disk. False when the disk does not take it. */
  #spill(): boolean {
    const { waiting, onDropped, onLeft } = this.#setup;
    const oldest = waiting.first(SPILL_ITEMS);
    if (oldest.length === 0 || this.#spool?.keep(oldest, false) !== true) return false;
    for (const entry of waiting.take(oldest.length)) {
      // Its file went for want of space: memory and disk are full, and this is the oldest.
      if (entry.home?.segment.gone === true) onDropped(entry, "queue_overflow");
      else if (entry.home === undefined) onDropped(entry, "encode_failed");
      else {
        entry.home.journal.leaveToDisk(entry.home);
        onLeft(entry);
      }
    }
    return true;
  }

  #dropOldest(): void {
    const { log, isOver, courier, waiting, onDropped } = this.#setup;
    log.warn(
      "queue_overflow",
      "The event queue is full and its oldest entries are being dropped. Is the platform reachable? See config.ingestRetry.queueMaxSize and config.spool.",
    );
    while (isOver(1)) {
      const entry = courier.shed() ?? waiting.shift();
      if (entry === undefined) return;
      onDropped(entry, "queue_overflow");
    }
  }

  #soon(): void {
    if (this.#spool === undefined || this.#stopped) return;
    const ms = this.#spool.mode === "spool" || this.#spool.mode === "sync" ? SPOOL_MS : OUTAGE_SPILL_MS;
    this.#timer ??= setTimeout(() => this.#writePart(), ms).unref();
  }

  /** A part of what waits per turn of the event loop. */
  #writePart(): void {
    this.#timer = undefined;
    const spool = this.#spool;
    const { courier, waiting } = this.#setup;
    if (spool === undefined || this.#stopped) return;
    if (spool.mode === "overflow") {
      if (!courier.backingOff || waiting.length === 0 || !this.#spill()) return;
    } else {
      const missing = [...waiting].filter(({ home }) => home === undefined);
      if (!spool.keep(missing.slice(0, SPILL_ITEMS), false)) return;
      spool.keep(courier.held, true);
      spool.commit();
      if (missing.length <= SPILL_ITEMS) return;
    }
    this.#timer = setTimeout(() => this.#writePart(), 1).unref();
  }
}
