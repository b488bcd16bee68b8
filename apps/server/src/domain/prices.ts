import { type PriceBook, type PriceLayer, builtInPriceBook, createPriceBook } from "@payi/core/cost";
import { WireError } from "@payi/core/wire";

import { type StoredPriceBook } from "../store/price.ts";
import { type Store } from "../store/store.ts";
import { decodeLayer, encodeLayer } from "./layer-json.ts";
import { Pricing } from "./pricing.ts";

/** Short, so that what another process changes counts here at once. */
const REMEMBER_MS = 1000;
const MOST_BOOKS = 8;

/** The prices in force, read anew when somebody changed them. */
export class Prices {
  readonly #store: Store;
  readonly #layers = new Map<string, PriceLayer>();
  readonly #books = new Map<string, PriceBook>();
  #seq = -1;
  #pricing: Pricing | undefined;
  #checkedMs = 0;
  #checking: Promise<Pricing> | undefined;

  constructor(store: Store, builtIn: PriceBook) {
    this.#store = store;
    for (const layer of builtIn.layers) this.#layers.set(layer.hash, layer);
    this.#books.set(builtIn.version, builtIn);
  }

  /** As of now, or of a second ago where another process changed something. */
  async current(): Promise<Pricing> {
    if (this.#pricing !== undefined && Date.now() - this.#checkedMs < REMEMBER_MS) return this.#pricing;
    return this.#checking ?? this.refresh();
  }

  /** As of now, with every change that was committed before the call. */
  async refresh(): Promise<Pricing> {
    // A look that began before the change may not show it.
    await this.#checking?.catch(() => undefined);
    const checking = (this.#checking ??= this.#check().finally(() => {
      this.#checking = undefined;
    }));
    return checking;
  }

  /**
   * The organization's resources and mappings of now over a book that may no longer be in force.
   *
   * @throws {WireError} `price_book_not_found`.
   */
  async pinned(bookId: string): Promise<Pricing> {
    const [data, stored] = await Promise.all([this.#store.pricing(-1), this.#store.priceBook(bookId)]);
    if (data === undefined || stored === undefined) {
      throw new WireError("price_book_not_found", `There is no price book ${JSON.stringify(bookId)}.`);
    }
    return new Pricing(await this.book(stored), data);
  }

  /** The compiled book without the organization's own resources. */
  async book(stored: StoredPriceBook): Promise<PriceBook> {
    let book = this.#books.get(stored.id);
    if (book === undefined) {
      const missing = stored.layers.filter((hash) => !this.#layers.has(hash));
      const found = missing.length === 0 ? [] : await this.#store.priceLayers(missing);
      for (const layer of found) this.#layers.set(layer.hash, decodeLayer(layer));
      book = createPriceBook(stored.layers.flatMap((hash) => this.#layers.get(hash) ?? []));
      if (this.#books.size >= MOST_BOOKS) this.#books.clear();
      this.#books.set(stored.id, book);
    }
    return book;
  }

  async #check(): Promise<Pricing> {
    const nowMs = Date.now();
    const data = await this.#store.pricing(this.#seq);
    if (data?.activeBook !== undefined) {
      this.#pricing = new Pricing(await this.book(data.activeBook), data);
      this.#seq = data.seq;
    }
    this.#checkedMs = nowMs;
    if (this.#pricing === undefined) throw new Error("No price book is active.");
    return this.#pricing;
  }
}

/**
 * The prices of a store. The book that ships with the program is added; it becomes active when it is seen for the
 * first time and nobody put another in force by hand.
 */
export async function openPrices(store: Store, builtIn: PriceBook = builtInPriceBook()): Promise<Prices> {
  const prices = new Prices(store, builtIn);
  const id = builtIn.version;
  if ((await store.priceBook(id)) === undefined) {
    const active = (await store.pricing(-1))?.activeBook;
    const layers = builtIn.layers.map(encodeLayer);
    const actor = "payi";
    await store.addPriceBook({ id, name: "ships with Payi", kind: "built-in", layers }, actor);
    if (active === undefined || active.kind === "built-in") {
      try {
        await store.activatePriceBook(id, active?.id, actor, { reason: "first start of this version" });
      } catch (error) {
        // Another process started at the same moment and was quicker.
        if (!WireError.is(error) || error.code !== "price_book_changed") throw error;
      }
    }
  }
  await prices.refresh();
  return prices;
}
