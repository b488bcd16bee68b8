/** The platform's answers about prices over made-up requests, in the shapes of the wire. What is written is kept. */
import { type RequestDetail } from "@payi/core/wire";

import { makeBooks } from "./fixture-books.ts";
import { type FixtureData, decimal, nanoOf } from "./fixture-events.ts";

/** Resources with their prices for one token, in nano-dollars. */
interface FixtureResource {
  readonly category: string;
  readonly resource: string;
  readonly units: Readonly<Record<string, { readonly input?: bigint; readonly output?: bigint }>>;
  readonly start: string;
}

export interface FixturePrices {
  /** The answer to a call; undefined where there is none. */
  readonly answer: (method: string, url: URL, body: unknown) => object | undefined;
}

type Body = Readonly<Record<string, unknown>>;

export function makePrices(data: () => FixtureData): FixturePrices {
  const custom: FixtureResource[] = [];
  const books = makeBooks();
  const mappings = new Map<string, FixtureResource>();
  const find = (category: unknown, resource: unknown): FixtureResource | undefined =>
    [...custom, ...LISTED].find((each) => each.category === category && each.resource === resource);

  const create = (category: string, resource: string, body: Body): object => {
    const units = Object.entries(body["units"] as Record<string, Record<string, string>>).map(
      ([unit, { input_price: input, output_price: output }]) => [
        unit,
        {
          ...(input === undefined ? {} : { input: nanoOf(input) }),
          ...(output === undefined ? {} : { output: nanoOf(output) }),
        },
      ],
    );
    const made = {
      category,
      resource,
      units: Object.fromEntries(units) as FixtureResource["units"],
      start: String(body["start_timestamp"]),
    };
    custom.unshift(made);
    return toResource(made, 0);
  };

  const reprice = (body: Body): object => {
    const target = mappings.get(nameOf(body)) ?? find(body["category"], body["resource"]);
    const [from, to] = [String(body["from"]), String(body["to"])];
    const meant = data().requests.filter(
      (each) => nameOf(each) === nameOf(body) && each.time >= from && each.time < to,
    );
    const changed = target === undefined ? [] : meant.filter(({ cost }) => cost === null);
    const costs = new Map(changed.map((each) => [each.request_id, costOf(each, target)]));
    if (body["dry_run"] !== true) {
      for (const [index, each] of data().requests.entries()) {
        const cost = costs.get(each.request_id);
        if (cost === undefined) continue;
        data().requests[index] = { ...each, status: "priced", cost: decimal(cost), unknown_units: {} };
      }
    }
    const partsBy = (field: string, key: (each: RequestDetail) => string | null): object[] =>
      [...Map.groupBy(changed, key).entries()].map(([name, of]) =>
        Object.assign({ [field]: name }, sums(of, costs)),
      );
    return {
      request_id: "fixture",
      examined: meant.length,
      still_unpriced: meant.filter(({ cost }) => cost === null).length - changed.length,
      kept: 0,
      ...sums(changed, costs),
      by_resource: partsBy("resource", ({ resource }) => resource),
      by_use_case: partsBy("use_case_name", ({ use_case_name: name }) => name),
      by_limit: partsBy("limit_id", ({ limits }) => Object.keys(limits)[0] ?? null).filter(
        (part) => "limit_id" in part && part.limit_id !== null,
      ),
    };
  };

  return {
    answer: (method, url, body) => {
      const [root, category, , resource] = url.pathname
        .slice("/api/v1/".length)
        .split("/")
        .map(decodeURIComponent);
      const given = (body ?? {}) as Body;
      if (root === "unpriced" && method === "GET") return page(unpriced(data().requests));
      if (root === "unpriced") {
        const target = find(given["price_as_category"], given["price_as_resource"]);
        if (target !== undefined) mappings.set(nameOf(given), target);
        return { request_id: "fixture" };
      }
      if (root === "reprice") return reprice(given);
      if (root === "dbu-prices") return page([]);
      if (root === "price-books") return books(method, category, given);
      if (root !== "categories") return undefined;
      const all = [...custom, ...LISTED];
      if (category === undefined) {
        return page([...new Set(all.map((each) => each.category))].map((name) => ({ category: name })));
      }
      if (method === "POST") return create(category, resource ?? "", given);
      const own = all.filter((each) => each.category === category);
      return page(own.filter((each) => resource === undefined || each.resource === resource).map(toResource));
    },
  };
}

const LISTED: readonly FixtureResource[] = [
  ["system.anthropic", "claude-sonnet-4-20250514", 3000n, 15_000n],
  ["system.anthropic", "claude-3-5-haiku-20241022", 800n, 4000n],
  ["system.openai", "gpt-4o-mini-2024-07-18", 150n, 600n],
  ["system.openai", "gpt-4o-2024-08-06", 2500n, 10_000n],
].map(([category, resource, input, output]) => ({
  category: String(category),
  resource: String(resource),
  units: {
    text: { input: BigInt(input ?? 0), output: BigInt(output ?? 0) },
    text_cache_read: { input: BigInt(input ?? 0) / 10n },
    web_search_request: { output: 10_000_000n },
  },
  start: "2025-05-22T00:00:00.000Z",
}));

function unpriced(requests: readonly RequestDetail[]): object[] {
  const groups = Map.groupBy(
    requests.filter(({ status }) => status !== "priced"),
    (each) => `${nameOf(each)} ${each.status}`,
  );
  return [...groups.values()].map((of) => ({
    category: of[0]?.category,
    resource: of[0]?.resource,
    status: of[0]?.status,
    host: "api.anthropic.com",
    calls: of.length,
    tokens_input: of.reduce((all, each) => all + each.tokens_input, 0),
    tokens_output: of.reduce((all, each) => all + each.tokens_output, 0),
    units: [...new Set(of.flatMap((each) => Object.keys(each.unknown_units)))],
    first_seen: of.at(-1)?.time,
    last_seen: of[0]?.time,
  }));
}

function sums(of: readonly RequestDetail[], costs: ReadonlyMap<string, bigint>): object {
  const after = decimal(of.reduce((all, each) => all + (costs.get(each.request_id) ?? 0n), 0n));
  return { requests: of.length, newly_priced: of.length, before: "0", after, difference: after };
}

function costOf(request: RequestDetail, target: FixtureResource | undefined): bigint {
  return Object.entries(request.units).reduce((all, [unit, { input, output }]) => {
    const price = target?.units[unit];
    return all + BigInt(input) * (price?.input ?? 0n) + BigInt(output) * (price?.output ?? 0n);
  }, 0n);
}

function toResource({ category, resource, units, start }: FixtureResource, index: number): object {
  const prices = Object.entries(units).map(([unit, { input, output }]) => [
    unit,
    {
      ...(input === undefined ? {} : { input_price: Number(decimal(input)) }),
      ...(output === undefined ? {} : { output_price: Number(decimal(output)) }),
    },
  ]);
  return {
    category,
    resource,
    resource_id: `${category}/${resource}@${start}#${index}`,
    active: Date.parse(start) <= Date.now(),
    start_timestamp: start,
    end_timestamp: null,
    units: Object.fromEntries(prices) as object,
    aliased_resource: null,
    large_context_threshold: null,
    sources: [{ url: "https://example.com/pricing", read: "2026-11-21", confidence: "B" }],
    scope: null,
    variants: ["tier: batch"],
  };
}

function nameOf(named: object): string {
  const { category, resource } = named as { readonly category?: string; readonly resource?: string };
  return JSON.stringify([category, resource]);
}

function page(items: readonly object[]): object {
  return { request_id: "fixture", items, cursor: null };
}
