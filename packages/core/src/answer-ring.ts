/**
 * The latest of many keys, by a text and a smaller one beside it. Every call asks for an id that is not there: a Map has to
 * look at several texts all over the heap to say so, and to copy itself each time it grows.
 *
 * Invariant: at most `capacity` entries; the oldest goes first.
 */
export class AnswerRing<Value> {
  readonly #capacity: number;
  readonly #mask: number;
  /** Bucket → the latest entry in it, counted from 1; 0 for none. */
  readonly #heads: Int32Array;
  /** Entry → the one before it in its bucket, counted from 1. */
  readonly #older: Int32Array;
  readonly #hashes: Int32Array;
  readonly #ids: string[] = [];
  readonly #groups: string[] = [];
  readonly #values: Value[] = [];
  #next = 0;

  constructor(capacity: number) {
    const buckets = 2 ** Math.ceil(Math.log2(capacity));
    this.#capacity = capacity;
    this.#mask = buckets - 1;
    this.#heads = new Int32Array(buckets);
    this.#older = new Int32Array(capacity);
    this.#hashes = new Int32Array(capacity);
  }

  /** Takes the place of what stood there for the same id and group. */
  set(group: string, id: string, value: Value): void {
    const hash = hashOf(id);
    const known = this.#indexOf(group, id, hash);
    if (known !== -1) {
      this.#values[known] = value;
      return;
    }
    const index = this.#next;
    if (index < this.#ids.length) this.#unlink(index);
    this.#ids[index] = id;
    this.#groups[index] = group;
    this.#values[index] = value;
    this.#hashes[index] = hash;
    this.#older[index] = this.#heads[hash & this.#mask] ?? 0;
    this.#heads[hash & this.#mask] = index + 1;
    this.#next = index + 1 === this.#capacity ? 0 : index + 1;
  }

  /** `group` left out: of whichever has the id, the latest. */
  get(group: string | undefined, id: string): Value | undefined {
    return this.#values[this.#indexOf(group, id, hashOf(id))];
  }

  #indexOf(group: string | undefined, id: string, hash: number): number {
    for (let at = this.#heads[hash & this.#mask] ?? 0; at !== 0; at = this.#older[at - 1] ?? 0) {
      const index = at - 1;
      if (this.#hashes[index] !== hash || this.#ids[index] !== id) continue;
      if (group === undefined || this.#groups[index] === group) return index;
    }
    return -1;
  }

  #unlink(index: number): void {
    const bucket = (this.#hashes[index] ?? 0) & this.#mask;
    const older = this.#older[index] ?? 0;
    if (this.#heads[bucket] === index + 1) {
      this.#heads[bucket] = older;
      return;
    }
    for (let at = this.#heads[bucket] ?? 0; at !== 0; at = this.#older[at - 1] ?? 0) {
      if (this.#older[at - 1] !== index + 1) continue;
      this.#older[at - 1] = older;
      return;
    }
  }
}

/** Of the end, where ids differ. */
function hashOf(id: string): number {
  let hash = id.length;
  for (let index = Math.max(0, id.length - 32); index < id.length; index += 1) {
    hash = (Math.imul(hash, 31) + id.charCodeAt(index)) | 0;
  }
  return hash;
}
