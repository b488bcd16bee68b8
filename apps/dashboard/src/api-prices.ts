/**
 * Prices over HTTP: unpriced usage, resources, books, re-pricing. Wire names are spelled in this file and in
 * `price-answers.ts` and `price-book-answers.ts` only.
 */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";

import { type Parameters, read, readAll, write } from "./platform.ts";
import {
  fieldsOf,
  readDbuPrice,
  readRepricing,
  readResource,
  readUnpriced,
  textOf,
} from "./price-answers.ts";
import { readBook, readBookDetail, readFeed } from "./price-book-answers.ts";
import { type PriceBook, type PriceBookDetail, type PriceFeed } from "./price-books.ts";
import {
  type DbuPrice,
  type ListedResource,
  type Repricing,
  type ResourceName,
  type UnpricedUsage,
} from "./prices.ts";
import { type UnitPrices } from "./unit-prices.ts";

/** How often a re-pricing that goes on is asked after. */
const POLL_MS = 400;

/** Which past calls are re-priced: those of one resource in `[from, to)`. */
export interface RepriceScope {
  readonly category: string;
  readonly resource: string | null;
  readonly from: string;
  readonly to: string;
}

/** Usage without a price, most calls first. */
export const unpricedQuery = queryOptions({
  // Among the analytics, so that it follows the live events.
  queryKey: ["analytics", "unpriced"],
  queryFn: async ({ signal }): Promise<readonly UnpricedUsage[]> =>
    (await readAll("/unpriced", {}, signal)).map(readUnpriced),
  placeholderData: keepPreviousData,
});

/** The names of all categories that have prices, in order. */
export const categoriesQuery = queryOptions({
  queryKey: ["prices", "categories"],
  queryFn: async ({ signal }): Promise<readonly string[]> => {
    const found = (await readAll("/categories", {}, signal)) as readonly { readonly category: string }[];
    return found.map(({ category }) => category).toSorted();
  },
});

/** The resources of a category that are in force now, by name. */
export function resourcesQuery(category: string) {
  return queryOptions({
    queryKey: ["prices", "resources", category],
    queryFn: ({ signal }) => readResources(category, { Active: "true" }, signal),
  });
}

/** All versions of the resources of a category, by name and start, those to come included. */
export function versionsQuery(category: string) {
  return queryOptions({
    queryKey: ["prices", "versions", category],
    queryFn: ({ signal }) => readResources(category, {}, signal),
  });
}

/** What a Databricks unit costs the organization; without any it is the list price. */
export const dbuPricesQuery = queryOptions({
  queryKey: ["prices", "dbu"],
  queryFn: async ({ signal }): Promise<readonly DbuPrice[]> =>
    (await readAll("/dbu-prices", {}, signal)).map(readDbuPrice),
});

/** Prices calls in this cloud with `usd` for a Databricks unit, from `start` (ISO 8601) on. */
export async function setDbuPrice(category: string, usd: string, start: string): Promise<void> {
  await write("POST", "/dbu-prices", { category, usd_per_dbu: usd, start_timestamp: start });
}

/** All price books, newest first. */
export const booksQuery = queryOptions({
  queryKey: ["prices", "books"],
  queryFn: async ({ signal }): Promise<readonly PriceBook[]> =>
    (await readAll("/price-books", {}, signal)).map(readBook),
});

/** What the address that is looked at for price books brought last; `null` where none is. */
export const feedQuery = queryOptions({
  queryKey: ["prices", "feed"],
  queryFn: async ({ signal }): Promise<PriceFeed | null> =>
    readFeed(await read("/price-books", { limit: 1 }, signal)),
});

/** One price book, held against the one in force. */
export function bookQuery(id: string) {
  return queryOptions({
    queryKey: ["prices", "book", id],
    queryFn: async ({ signal }): Promise<PriceBookDetail> =>
      readBookDetail(await read(`/price-books/${encodeURIComponent(id)}`, {}, signal)),
  });
}

/** Puts a book in force for every call from now on. `approve` opens the gates that may be opened. */
export async function activateBook(id: string, approve: boolean): Promise<void> {
  await write("POST", `/price-books/${encodeURIComponent(id)}/activate`, { approve });
}

/** What re-pricing would change. Nothing is changed by asking. */
export function dryRunQuery(scope: RepriceScope, target: ResourceName) {
  return queryOptions({
    queryKey: ["dry-run", scope, target],
    queryFn: async (): Promise<Repricing> =>
      readRepricing(await write("POST", "/reprice", { ...spell(scope), dry_run: true })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/**
 * Re-prices past calls; doing it twice changes nothing more. Resolves once it is done; until then `onProgress` is told
 * how far it is. It goes on when nobody waits for it any more.
 */
export async function reprice(
  scope: RepriceScope,
  onProgress: (examined: number) => void,
): Promise<Repricing> {
  // Nobody can call off what is recorded already.
  const { signal } = new AbortController();
  let state = fieldsOf(await write("POST", "/reprice", { ...spell(scope), dry_run: false }));
  while (state["status"] === "running") {
    // oxlint-disable-next-line no-await-in-loop -- asking again is how the end is heard of
    await new Promise((resolve) => {
      setTimeout(resolve, POLL_MS);
    });
    const path = `/reprice/${encodeURIComponent(textOf(state["reprice_id"]) ?? "")}`;
    // oxlint-disable-next-line no-await-in-loop -- the same
    state = fieldsOf(await read(path, {}, signal));
    onProgress(Number(state["examined"]));
  }
  return readRepricing(state);
}

/** Prices calls of unpriced usage as another resource from now on. */
export async function mapUnpriced(usage: UnpricedUsage, target: ResourceName): Promise<void> {
  await write("POST", "/unpriced/map", {
    category: usage.category,
    resource: usage.resource,
    price_as_category: target.category,
    price_as_resource: target.resource,
    // The past is re-priced by `reprice`, after the difference was seen.
    reprice: false,
  });
}

/** A new resource, or a new version of a known one, from `start` (ISO 8601) on. */
export async function createResource(name: ResourceName, prices: UnitPrices, start: string): Promise<void> {
  const units = Object.entries(prices).map(([unit, { input, output }]) => [
    unit,
    { input_price: input, output_price: output },
  ]);
  await write("POST", resourcePath(name), { units: Object.fromEntries(units), start_timestamp: start });
}

function resourcePath({ category, resource }: ResourceName): string {
  return `/categories/${encodeURIComponent(category)}/resources/${encodeURIComponent(resource)}`;
}

function spell({ category, resource, from, to }: RepriceScope): object {
  return { category, resource, from, to };
}

async function readResources(
  category: string,
  parameters: Parameters,
  signal: AbortSignal,
): Promise<readonly ListedResource[]> {
  const path = `/categories/${encodeURIComponent(category)}/resources`;
  return (await readAll(path, parameters, signal)).map(readResource);
}
