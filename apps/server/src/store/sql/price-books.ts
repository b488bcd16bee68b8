import { WireError } from "@payi/core/wire";

import { type NewPriceBook, type StoredLayer, type StoredPriceBook } from "../price.ts";
import { type Page, type PageRequest } from "../query.ts";
import { type Created } from "../store.ts";
import { json } from "./columns.ts";
import { listPage } from "./page.ts";
import { audit } from "./price-audit.ts";
import { type Program, type Row, all, each, get, run } from "./program.ts";

const COLUMNS = "id, name, kind, layers, created_ms, created_by";

/** Keeps a book and those of its layers that are new; the same content is the same book. */
export function* addPriceBook(book: NewPriceBook, actor: string): Program<Created<StoredPriceBook>> {
  const known = yield* priceBook(book.id);
  if (known !== undefined) return { value: known, created: false };
  for (const { hash, name, content } of book.layers) {
    yield* run(
      "INSERT INTO price_layer (hash, name, content) VALUES (?, ?, ?) ON CONFLICT (hash) DO NOTHING",
      hash,
      name,
      content,
    );
  }
  const layers = book.layers.map((layer) => layer.hash);
  yield* run(
    `INSERT INTO price_book (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)`,
    book.id,
    book.name,
    book.kind,
    JSON.stringify(layers),
    Date.now(),
    actor,
  );
  yield* audit({
    actor,
    action: "price_book.added",
    subject: book.id,
    detail: { name: book.name, layers },
  });
  return { value: yield* requirePriceBook(book.id), created: true };
}

/** One book; undefined when there is none with this id. */
export function* priceBook(id: string): Program<StoredPriceBook | undefined> {
  const row = yield* get(`SELECT ${COLUMNS} FROM price_book WHERE id = ?`, id);
  return row === undefined ? undefined : yield* readPriceBook(row);
}

/** Books in the order of their making. */
export function* priceBooks(page: PageRequest): Program<Page<StoredPriceBook>> {
  const { items, next } = yield* listPage(
    {
      columns: COLUMNS,
      tables: "price_book",
      where: "1 = 1",
      values: [],
      order: "created_ms",
      id: "id",
      read: (row) => row,
    },
    page,
  );
  return { items: yield* each(items, (row) => readPriceBook(row)), next };
}

/** The layers of a book, highest first. */
export function* priceLayers(hashes: readonly string[]): Program<readonly StoredLayer[]> {
  return yield* each(hashes, function* readLayer(hash): Program<StoredLayer> {
    const row = yield* get("SELECT hash, name, content FROM price_layer WHERE hash = ?", hash);
    if (row === undefined) throw new Error(`The price layer ${hash} is missing.`);
    return { hash, name: String(row["name"]), content: String(row["content"]) };
  });
}

/**
 * Puts a book in force from now on. `expected` is the active book that the gates compared with; undefined: none.
 *
 * @throws {WireError} `price_book_changed` when another book has become active meanwhile.
 */
export function* activatePriceBook(
  id: string,
  expected: string | undefined,
  actor: string,
  detail: unknown,
): Program<StoredPriceBook> {
  const active = yield* activePriceBookId();
  if (active !== expected) {
    throw new WireError(
      "price_book_changed",
      `Another price book (${active ?? "none"}) became active while this one was compared with ${expected ?? "none"}. Look at it and activate again.`,
    );
  }
  const known = yield* requirePriceBook(id);
  if (known.active) return known;
  yield* run(
    "INSERT INTO price_book_activation (book_id, time_ms, actor) VALUES (?, ?, ?)",
    id,
    Date.now(),
    actor,
  );
  yield* audit({ actor, action: "price_book.activated", subject: id, detail });
  return yield* requirePriceBook(id);
}

/** The book in force; undefined before the first activation. */
export function* activePriceBook(): Program<StoredPriceBook | undefined> {
  const id = yield* activePriceBookId();
  return id === undefined ? undefined : yield* priceBook(id);
}

function* activePriceBookId(): Program<string | undefined> {
  const row = yield* get("SELECT book_id FROM price_book_activation ORDER BY seq DESC LIMIT 1");
  return row === undefined ? undefined : String(row["book_id"]);
}

function* requirePriceBook(id: string): Program<StoredPriceBook> {
  const found = yield* priceBook(id);
  if (found !== undefined) return found;
  throw new WireError(
    "price_book_not_found",
    `There is no price book ${JSON.stringify(id)}. List them with GET /api/v1/price-books.`,
  );
}

function* readPriceBook(row: Row): Program<StoredPriceBook> {
  const id = String(row["id"]);
  const activations = (yield* all(
    "SELECT time_ms, actor FROM price_book_activation WHERE book_id = ? ORDER BY seq",
    id,
  )).map((entry) => ({ timeMs: Number(entry["time_ms"]), actor: String(entry["actor"]) }));
  return {
    id,
    name: String(row["name"]),
    kind: String(row["kind"]) as StoredPriceBook["kind"],
    layers: json(row["layers"]),
    createdMs: Number(row["created_ms"]),
    createdBy: String(row["created_by"]),
    active: (yield* activePriceBookId()) === id,
    activations,
  };
}
