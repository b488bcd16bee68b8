/** First in, first out, without moving the rest on every removal. */
export class Fifo<T> {
  #items: (T | undefined)[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  /** The next `count` items, which stay. */
  first(count: number): readonly T[] {
    return this.#items.slice(this.#head, this.#head + count) as readonly T[];
  }

  /** The next `count` items, which go. */
  take(count: number): readonly T[] {
    const items = this.first(count);
    for (let left = items.length; left > 0; left -= 1) this.shift();
    return items;
  }

  shift(): T | undefined {
    if (this.length === 0) return undefined;
    const item = this.#items[this.#head];
    // Taken items must not be kept alive by the array until it is compacted.
    this.#items[this.#head] = undefined;
    this.#head += 1;
    if (this.#head > 1024 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  clear(): void {
    this.#items = [];
    this.#head = 0;
  }

  *[Symbol.iterator](): Generator<T> {
    for (let index = this.#head; index < this.#items.length; index += 1) yield this.#items[index] as T;
  }
}
