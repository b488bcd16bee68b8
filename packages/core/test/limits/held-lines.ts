/** What holds and leases hold of budgets, in memory. */
import { type Money } from "../../src/money.ts";

/** A part of a hold: of one budget. All sums over its life. */
export interface Line {
  readonly key: string;
  granted: Money;
  returned: Money;
  settled: Money;
}

export interface Hold {
  readonly kind: "call" | "lease";
  readonly lines: Map<string, Line>;
  endsMs: number;
}

export function balanceOf({ granted, returned, settled }: Line): Money {
  return granted - returned - settled;
}

export function grow(hold: Hold, key: string, amount: Money): void {
  const line = hold.lines.get(key) ?? { key, granted: 0n, returned: 0n, settled: 0n };
  hold.lines.set(key, line);
  line.granted += amount;
}

export class HeldLines {
  readonly #holds = new Map<string, Hold>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Nothing is held any more by what has expired; it stays known. */
  sweep(): void {
    for (const hold of this.#holds.values()) if (!this.isOpen(hold)) hold.lines.clear();
  }

  open(id: string, hold: Hold): void {
    this.#holds.set(id, hold);
  }

  find(id: string): Hold | undefined {
    return this.#holds.get(id);
  }

  isOpen({ endsMs }: Hold): boolean {
    return endsMs > this.#now();
  }

  /** False when it had ended before. */
  end(id: string): boolean {
    const hold = this.#holds.get(id);
    const wasOpen = hold !== undefined && this.isOpen(hold);
    if (hold !== undefined) hold.endsMs = 0;
    this.sweep();
    return wasOpen;
  }

  heldOf(key: string): Money {
    let sum = 0n;
    for (const { lines } of this.#holds.values()) {
      const line = lines.get(key);
      if (line !== undefined) sum += balanceOf(line);
    }
    return sum;
  }

  /** Open leases; of a budget where one is named. */
  leases(key?: string): readonly Hold[] {
    return [...this.#holds.values()].filter(
      (hold) => hold.kind === "lease" && this.isOpen(hold) && (key === undefined || hold.lines.has(key)),
    );
  }
}
