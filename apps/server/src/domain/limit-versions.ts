import { type Store } from "../store/store.ts";

/** Short enough that an edit acts on every holder of definitions within a second. */
const REMEMBER_MS = 400;

/** The versions of definitions in force, for a header on the answers of the busiest routes. */
export class LimitVersions {
  readonly #store: Store;
  readonly #known = new Map<string, { readonly version: string; readonly untilMs: number }>();
  readonly #reading = new Map<string, Promise<string>>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** As of now, or of less than half a second ago. */
  async of(application: string): Promise<string> {
    const known = this.#known.get(application);
    if (known !== undefined && known.untilMs > Date.now()) return known.version;
    let reading = this.#reading.get(application);
    if (reading === undefined) {
      reading = this.#read(application).finally(() => this.#reading.delete(application));
      this.#reading.set(application, reading);
    }
    return reading;
  }

  async #read(application: string): Promise<string> {
    const untilMs = Date.now() + REMEMBER_MS;
    const version = await this.#store.limitVersion(application);
    this.#known.set(application, { version, untilMs });
    return version;
  }
}
