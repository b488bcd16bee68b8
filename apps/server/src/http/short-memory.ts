/** Short, so that what another process takes back is refused here within a second. */
const REMEMBER_MS = 1000;
const REMEMBERED = 1000;

/** Values that are looked up at most once a second each; what was not found is looked up every time. */
export class ShortMemory<Value> {
  readonly #known = new Map<string, { readonly value: Value; readonly untilMs: number }>();

  /** What is remembered under the key, else what `find` finds. */
  async get(key: string, find: () => Promise<Value | undefined>): Promise<Value | undefined> {
    const known = this.#known.get(key);
    if (known !== undefined && known.untilMs > Date.now()) return known.value;
    this.#known.delete(key);
    const value = await find();
    if (value === undefined) return undefined;
    if (this.#known.size >= REMEMBERED) this.#known.clear();
    this.#known.set(key, { value, untilMs: Date.now() + REMEMBER_MS });
    return value;
  }

  /** The next look is at the store: this process has changed it itself. */
  clear(): void {
    this.#known.clear();
  }
}
