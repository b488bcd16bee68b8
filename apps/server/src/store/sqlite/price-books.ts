import { WireError } from "@payi/core/wire";

import { type NewPriceBook, type StoredLayer, type StoredPriceBook } from "../price.ts";
import { type Page, type PageRequest } from "../query.ts";
import { type Created } from "../store.ts";
import { json } from "./columns.ts";
import { type Connection, type Row } from "./connection.ts";
import { listPage } from "./page.ts";
import { audit } from "./price-audit.ts";

const COLUMNS = "id, name, kind, layers, created_ms, created_by";

/** Keeps a book and those of its layers that are new; the same content is the same book. */
export function addPriceBook(
  connection: Connection,
  book: NewPriceBook,
  actor: string,
): Created<StoredPriceBook> {
  const known = priceBook(connection, book.id);
  if (known !== undefined) return { value: known, created: false };
  for (const { hash, name, content } of book.layers) {
    connection.run(
      "INSERT INTO price_layer (hash, name, content) VALUES (?, ?, ?) ON CONFLICT (hash) DO NOTHING",
      hash,
      name,
      content,
    );
  }
  const layers = book.layers.map((layer) => layer.hash);
  connection.run(
    `INSERT INTO price_book (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)`,
    book.id,
    book.name,
    book.kind,
    JSON.stringify(layers),
    Date.now(),
    actor,
  );
  audit(connection, {
    actor,
    action: "price_book.added",
    subject: book.id,
    detail: { name: book.name, layers },
  });
  return { value: requirePriceBook(connection, book.id), created: true };
}

/** One book; undefined when there is none with this id. */
export function priceBook(connection: Connection, id: string): StoredPriceBook | undefined {
  const row = connection.get(`SELECT ${COLUMNS} FROM price_book WHERE id = ?`, id);
  return row === undefined ? undefined : readPriceBook(connection, row);
}

/** Books in the order of their making. */
export function priceBooks(connection: Connection, page: PageRequest): Page<StoredPriceBook> {
  return listPage(
    connection,
    {
      columns: COLUMNS,
      tables: "price_book",
      where: "1 = 1",
      values: [],
      order: "created_ms",
      id: "id",
      read: (row) => readPriceBook(connection, row),
    },
    page,
  );
}

/** The layers of a book, highest first. */
export function priceLayers(connection: Connection, hashes: readonly string[]): readonly StoredLayer[] {
  return hashes.map((hash) => {
    const row = connection.get("SELECT hash, name, content FROM price_layer WHERE hash = ?", hash);
    if (row === undefined) throw new Error(`The price layer ${hash} is missing.`);
    return { hash, name: String(row["name"]), content: String(row["content"]) };
  });
}

/**
 * Puts a book in force from now on. `expected` is the active book that the gates compared with; undefined: none.
 *
 * @throws {WireError} `price_book_changed` when another book has become active meanwhile.
 */
export function activatePriceBook(
  connection: Connection,
  id: string,
  expected: string | undefined,
  actor: string,
  detail: unknown,
): StoredPriceBook {
  const active = activePriceBookId(connection);
  if (active !== expected) {
    throw new WireError(
      "price_book_changed",
      `Another price book (${active ?? "none"}) became active while this one was compared with ${expected ?? "none"}. Look at it and activate again.`,
    );
  }
  const known = requirePriceBook(connection, id);
  if (known.active) return known;
  connection.run(
    "INSERT INTO price_book_activation (book_id, time_ms, actor) VALUES (?, ?, ?)",
    id,
    Date.now(),
    actor,
  );
  audit(connection, { actor, action: "price_book.activated", subject: id, detail });
  return requirePriceBook(connection, id);
}

/** The book in force; undefined before the first activation. */
export function activePriceBook(connection: Connection): StoredPriceBook | undefined {
  const id = activePriceBookId(connection);
  return id === undefined ? undefined : priceBook(connection, id);
}

function activePriceBookId(connection: Connection): string | undefined {
  const row = connection.get("SELECT book_id FROM price_book_activation ORDER BY seq DESC LIMIT 1");
  return row === undefined ? undefined : String(row["book_id"]);
}

function requirePriceBook(connection: Connection, id: string): StoredPriceBook {
  const found = priceBook(connection, id);
  if (found !== undefined) return found;
  throw new WireError(
    "price_book_not_found",
    `There is no price book ${JSON.stringify(id)}. List them with GET /api/v1/price-books.`,
  );
}

function readPriceBook(connection: Connection, row: Row): StoredPriceBook {
  const id = String(row["id"]);
  const activations = connection
    .all("SELECT time_ms, actor FROM price_book_activation WHERE book_id = ? ORDER BY seq", id)
    .map((entry) => ({ timeMs: Number(entry["time_ms"]), actor: String(entry["actor"]) }));
  return {
    id,
    name: String(row["name"]),
    kind: String(row["kind"]) as StoredPriceBook["kind"],
    layers: json(row["layers"]),
    createdMs: Number(row["created_ms"]),
    createdBy: String(row["created_by"]),
    active: activePriceBookId(connection) === id,
    activations,
  };
}
