/**
 * A hold that this process spends locally; `wire/leases.ts` has the rules.
 *
 * Invariants:
 * - a call takes from all its lines or from none;
 * - a line never has less than nothing to give: what is free was granted, not returned, not in use, not spent;
 * - nothing is taken in the last second before the platform would take the lease back, by the monotonic clock.
 */
import { type Money, PICO } from "../money.ts";
import { type LeaseAnswer, type LeaseLine, type LeaseReport } from "../wire/leases.ts";
import { budgetKey } from "./definitions.ts";
import { newHoldId } from "./hold-id.ts";

/** What a call holds of one budget. */
export interface Need {
  readonly key: string;
  readonly amount: Money;
}

/** How long before its end a lease is no longer spent. */
const STOP_BEFORE_MS = 1_000;

interface Line {
  readonly limitId: string;
  readonly value: string;
  granted: Money;
  returned: Money;
  inUse: Money;
  spent: Money;
  /** By the platform's prices, as far as events have arrived there. */
  settled: Money;
  /** What there was after it grew last. */
  slice: Money;
  drain: boolean;
  /** A call took from it since the last report. */
  active: boolean;
  state: Pick<LeaseLine, "max" | "spent" | "held">;
}

export class Lease {
  readonly id: string = newHoldId();
  readonly #lines = new Map<string, Line>();
  #endsMs = 0;
  #calls = 0;
  #retired = false;

  /** Calls that hold something of it. */
  get calls(): number {
    return this.#calls;
  }

  get size(): number {
    return this.#lines.size;
  }

  /** True while calls may be taken from it. */
  usable(nowMs: number): boolean {
    return !this.#retired && nowMs < this.#endsMs - STOP_BEFORE_MS;
  }

  /** True until the platform has taken everything back by itself. */
  alive(nowMs: number): boolean {
    return nowMs < this.#endsMs;
  }

  /** No call takes from it any more; those that hold something go on. */
  retire(): void {
    this.#retired = true;
  }

  /** Where the budget stands, as last told; undefined for one that it has no line of. */
  stateOf(key: string): Line["state"] | undefined {
    return this.#lines.get(key)?.state;
  }

  /** True where every line has room; then it is taken. */
  take(needs: readonly Need[]): boolean {
    for (const { key, amount } of needs) {
      const line = this.#lines.get(key);
      if (line === undefined || freeOf(line) < amount) return false;
    }
    for (const { key, amount } of needs) {
      const line = this.#lines.get(key);
      if (line === undefined) continue;
      line.inUse += amount;
      line.active = true;
    }
    this.#calls += 1;
    return true;
  }

  /** The call has ended; `cost` undefined is unknown and spends nothing here, as it does at the platform. */
  settle(needs: readonly Need[], cost: Money | undefined): void {
    this.#calls -= 1;
    for (const { key, amount } of needs) {
      const line = this.#lines.get(key);
      if (line === undefined) continue;
      line.inUse -= amount;
      line.spent += cost ?? 0n;
    }
  }

  /** The keys whose line has no room for a call. */
  lacking(needs: readonly Need[]): readonly string[] {
    return needs
      .filter(({ key, amount }) => {
        const line = this.#lines.get(key);
        return line === undefined || freeOf(line) < amount;
      })
      .map(({ key }) => key);
  }

  /** Takes an answer in. All figures are sums, so that answers may overtake each other. `askedMs`: when it was asked. */
  apply(answer: LeaseAnswer, askedMs: number): void {
    this.#endsMs = Math.max(this.#endsMs, askedMs + answer.expiresInMs);
    for (const told of answer.lines) {
      const key = budgetKey(told.limitId, told.value);
      const line = this.#lines.get(key) ?? newLine(told);
      this.#lines.set(key, line);
      if (told.granted > line.granted) {
        line.granted = told.granted;
        line.slice = balanceOf(line);
      }
      if (told.settled > line.settled) line.settled = told.settled;
      line.drain = told.drain;
      line.state = told;
    }
  }

  /** What the platform says of it no longer holds: nothing can be taken. */
  forget(): void {
    this.#endsMs = 0;
  }

  /** What to say of the lines of a call that does not fit: what it cannot use goes back first, and may be granted anew. */
  reportFor(keys: readonly string[]): readonly LeaseReport[] {
    return keys.flatMap((key) => {
      const line = this.#lines.get(key);
      if (line === undefined) return [];
      giveBack(line);
      return [reportOf(line, false)];
    });
  }

  /** What to say at a renewal: idle and draining lines give back, busy ones ask for more. */
  renewal(): readonly LeaseReport[] {
    return [...this.#lines.values()].map((line) => {
      const busy = line.active && !line.drain && !this.#retired;
      line.active = false;
      if (!busy) giveBack(line);
      return reportOf(line, busy && 2n * freeOf(line) < line.slice);
    });
  }

  /** What to say where others wait for what is free here; undefined where nothing is called back. */
  calledBack(): readonly LeaseReport[] | undefined {
    const lines = [...this.#lines.values()].filter((line) => line.drain && freeOf(line) >= PICO);
    for (const line of lines) giveBack(line);
    return lines.length === 0 ? undefined : lines.map((line) => reportOf(line, false));
  }

  /** Returns what is free on all lines. */
  giveBackAll(): readonly LeaseReport[] {
    for (const line of this.#lines.values()) giveBack(line);
    return [...this.#lines.values()].map((line) => reportOf(line, false));
  }

  /** True while there is something to keep or to return. */
  get holdsMoney(): boolean {
    if (this.#calls > 0) return true;
    for (const line of this.#lines.values()) if (freeOf(line) >= PICO) return true;
    return false;
  }
}

function newLine(told: LeaseLine): Line {
  const { limitId, value } = told;
  const nothing = { granted: 0n, returned: 0n, inUse: 0n, spent: 0n, settled: 0n, slice: 0n };
  return { ...nothing, limitId, value, drain: false, active: true, state: told };
}

/** Held at the platform for this line, as far as is known here. */
function balanceOf(line: Line): Money {
  return line.granted - line.returned - usedOf(line);
}

/** The dearer of both prices, so that differing price books never spend more than was granted. */
function usedOf(line: Line): Money {
  return line.spent > line.settled ? line.spent : line.settled;
}

function freeOf(line: Line): Money {
  return balanceOf(line) - line.inUse;
}

/** Whole pico-dollars, which is what the ledger counts in. */
function giveBack(line: Line): void {
  const free = freeOf(line);
  if (free > 0n) line.returned += free - (free % PICO);
}

function reportOf(line: Line, more: boolean): LeaseReport {
  const { limitId, value, returned, spent } = line;
  return { limitId, value, returned, spent, more };
}
