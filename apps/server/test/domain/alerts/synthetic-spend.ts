/** Random numbers that are the same in every run (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** From 0 to 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** Mean 0, standard deviation 1 (Box and Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }
}

/** A made-up history of spend. */
export interface SpendShape {
  readonly hours: number;
  readonly seed: number;
  /** Standard deviation of the logarithm. */
  readonly scatter: number;
  /** USD; default 10. */
  readonly perHour?: number;
  /** A fifth of the spend from 20 to 7 o'clock. */
  readonly nights?: boolean;
  /** A third of the spend on days 6 and 7. */
  readonly weekends?: boolean;
  /** Per week. */
  readonly growth?: number;
  /** USD more in the hour of 3 o'clock. */
  readonly job?: number;
  /** The chance of an hour without any spend. */
  readonly idle?: number;
}

/** Pico-dollars by hour. */
export function spendOf(shape: SpendShape): readonly bigint[] {
  const { hours, seed, scatter, perHour = 10, growth = 0, job = 0, idle = 0 } = shape;
  const random = new Random(seed);
  return Array.from({ length: hours }, (_, index) => {
    const [hour, day] = [index % 24, Math.floor(index / 24) % 7];
    let usd = perHour * (1 + growth) ** (index / 168) * Math.exp(scatter * random.normal());
    if (shape.nights === true && (hour >= 20 || hour < 7)) usd /= 5;
    if (shape.weekends === true && day >= 5) usd /= 3;
    if (hour === 3) usd += job;
    const quiet = random.next() < idle;
    return quiet ? 0n : BigInt(Math.round(usd * 1e6)) * 1_000_000n;
  });
}
