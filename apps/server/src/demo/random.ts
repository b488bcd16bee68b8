/**
 * A small reproducible generator (splitmix32): the same seed gives the same numbers on every machine. For made-up data
 * only; nothing about it is unpredictable.
 */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** At least 0 and below 1. */
  next(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    let bits = this.#state ^ (this.#state >>> 16);
    bits = Math.imul(bits, 0x21f0aaad);
    bits ^= bits >>> 15;
    bits = Math.imul(bits, 0x735a2d97);
    return ((bits ^ (bits >>> 15)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `least` to `most`, both included. */
  integer(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of the list, each as likely. */
  pick<Item>(list: readonly [Item, ...Item[]]): Item {
    return list[Math.floor(this.next() * list.length)] ?? list[0];
  }

  /** One of the list, as likely as its weight. */
  pickWeighted<List extends readonly [Weighted, ...Weighted[]]>(list: List): List[number] {
    let left = this.next() * list.reduce((sum, item) => sum + item.weight, 0);
    for (const item of list) {
      left -= item.weight;
      if (left < 0) return item;
    }
    return list[0];
  }
}

/** How likely something is, relative to the others of its list. */
export interface Weighted {
  readonly weight: number;
}

/** One seed from two numbers, so that neighbours have nothing in common. */
export function mixSeeds(first: number, second: number): number {
  return Math.floor(new Random(Math.imul(first, 0x9e3779b1) ^ second).next() * 2 ** 32);
}
