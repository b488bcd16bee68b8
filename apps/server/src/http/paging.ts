import { WireError, show } from "@payi/core/wire";

import { type Page, type PageRequest, type Position } from "../store/query.ts";

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;

/** A query string as Fastify parses it. */
export type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

/** One value of a query; the last one counts when it is repeated. */
export function queryText(query: Query, name: string): string | undefined {
  const value = query[name];
  return typeof value === "object" ? value.at(-1) : value;
}

/** `limit` (1 to 1000, larger is 1000), `cursor`, `sort_ascending`. */
export function readPage(query: Query, ascendingByDefault: boolean): PageRequest {
  const ascending = queryText(query, "sort_ascending");
  return {
    limit: readLimit(query, DEFAULT_LIMIT),
    ascending:
      ascending === undefined || ascending === "" ? ascendingByDefault : ascending.toLowerCase() === "true",
    after: readCursor(queryText(query, "cursor")),
  };
}

/** How many rows are asked for. */
export function readLimit(query: Query, byDefault: number): number {
  const given = queryText(query, "limit");
  if (given === undefined || given === "") return byDefault;
  const limit = Number(given);
  if (!Number.isInteger(limit) || limit < 1) {
    throw new WireError(
      "request_processing_error",
      `limit must be a whole number from 1 to ${MAX_LIMIT}, got ${show(given)}.`,
    );
  }
  return Math.min(limit, MAX_LIMIT);
}

/** A page as it stands on the wire; the cursor is opaque and safe in a URL. */
export function encodePage<Item, Shown>(
  requestId: string,
  page: Page<Item>,
  encode: (item: Item) => Shown,
): { readonly request_id: string; readonly items: readonly Shown[]; readonly cursor: string | null } {
  const cursor =
    page.next === undefined
      ? null
      : Buffer.from(JSON.stringify([page.next.order, page.next.id])).toString("base64url");
  return { request_id: requestId, items: page.items.map(encode), cursor };
}

function readCursor(cursor: string | undefined): Position | undefined {
  if (cursor === undefined || cursor === "") return undefined;
  try {
    const [order, id] = JSON.parse(Buffer.from(cursor, "base64url").toString()) as [unknown, unknown];
    if (Number.isSafeInteger(order) && typeof id === "string") return { order: Number(order), id };
  } catch {
    // Told below, like a cursor of another shape.
  }
  throw new WireError(
    "request_processing_error",
    `cursor ${show(cursor)} is none of ours. Take it from the answer before, and repeat that query.`,
  );
}
