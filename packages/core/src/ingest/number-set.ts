/** A set of whole numbers as sorted ranges: a hundred thousand settled events in a row take two numbers. */
export class NumberSet {
  /** `[from, to]`, both included, disjoint and ascending. */
  readonly #ranges: [number, number][] = [];

  add(number: number): void {
    const index = this.#firstEndingAtOrAfter(number - 1);
    const range = this.#ranges[index];
    if (range === undefined || range[0] > number + 1) {
      this.#ranges.splice(index, 0, [number, number]);
      return;
    }
    range[0] = Math.min(range[0], number);
    range[1] = Math.max(range[1], number);
    const next = this.#ranges[index + 1];
    if (next === undefined || next[0] > range[1] + 1) return;
    range[1] = Math.max(range[1], next[1]);
    this.#ranges.splice(index + 1, 1);
  }

  addRange(from: number, to: number): void {
    for (let number = from; number <= to; number += 1) this.add(number);
  }

  has(number: number): boolean {
    const range = this.#ranges[this.#firstEndingAtOrAfter(number)];
    return range !== undefined && range[0] <= number;
  }

  get ranges(): readonly (readonly [from: number, to: number])[] {
    return this.#ranges;
  }

  #firstEndingAtOrAfter(number: number): number {
    let [low, high] = [0, this.#ranges.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ranges[middle]?.[1] ?? 0) < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
