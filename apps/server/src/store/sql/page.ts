import { type Page, type PageRequest } from "../query.ts";
import { type Program, type Row, type Value, all } from "./program.ts";

/** What a list is made of. Column names come from the code, never from outside. */
export interface Listing<Item> {
  readonly columns: string;
  readonly tables: string;
  readonly where: string;
  readonly values: readonly Value[];
  /** The column that orders the list, and the one that breaks ties. */
  readonly order: string;
  readonly id: string;
  read(row: Row): Item;
}

/** One page, in a stable order. */
export function* listPage<Item>(listing: Listing<Item>, page: PageRequest): Program<Page<Item>> {
  const { order, id } = listing;
  const [direction, beyond] = page.ascending ? ["ASC", ">"] : ["DESC", "<"];
  const after = page.after === undefined ? "" : `AND (${order}, ${id}) ${beyond} (?, ?)`;
  const rows = yield* all(
    `SELECT ${listing.columns}, ${order} AS page_order, ${id} AS page_id FROM ${listing.tables}
     WHERE ${listing.where} ${after} ORDER BY ${order} ${direction}, ${id} ${direction} LIMIT ?`,
    ...listing.values,
    ...(page.after === undefined ? [] : [page.after.order, page.after.id]),
    page.limit + 1,
  );
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  return {
    items: shown.map((row) => listing.read(row)),
    next:
      rows.length > page.limit && last !== undefined
        ? { order: Number(last["page_order"]), id: String(last["page_id"]) }
        : undefined,
  };
}
