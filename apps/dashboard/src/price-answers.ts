/** The platform's answers about prices, from the wire to what the pages speak in. One reader per shape. */
import { type Amount } from "./amounts.ts";
import { decimalText } from "./decimal.ts";
import {
  type DbuPrice,
  type ListedResource,
  type RepricedPart,
  type Repricing,
  type UnitPrice,
  type UnpricedUsage,
} from "./prices.ts";

/** An object of the wire whose fields are not known yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** One row of `GET /unpriced`. */
export function readUnpriced(value: unknown): UnpricedUsage {
  const row = fieldsOf(value);
  return {
    category: textOf(row["category"]) ?? "",
    resource: textOf(row["resource"]),
    status: (textOf(row["status"]) ?? "unknown_model") as UnpricedUsage["status"],
    host: textOf(row["host"]),
    requests: Number(row["calls"]),
    tokensInput: Number(row["tokens_input"]),
    tokensOutput: Number(row["tokens_output"]),
    units: Array.isArray(row["units"]) ? row["units"].map(String) : [],
    since: textOf(row["first_seen"]) ?? "",
    last: textOf(row["last_seen"]) ?? "",
    alerted: textOf(row["alerted_timestamp"]),
  };
}

/** One resource of `GET /categories/{category}/resources`, or one of its versions. */
export function readResource(value: unknown): ListedResource {
  const row = fieldsOf(value);
  const start = textOf(row["start_timestamp"]);
  return {
    category: textOf(row["category"]) ?? "",
    resource: textOf(row["resource"]) ?? "",
    id: textOf(row["resource_id"]) ?? "",
    active: row["active"] === true,
    start: start === null || Date.parse(start) === 0 ? null : start,
    end: textOf(row["end_timestamp"]),
    prices: Object.entries(fieldsOf(row["units"])).map(readUnitPrice),
    aliasOf: textOf(row["aliased_resource"]),
    sources: listOf(row["sources"]).map((source) => ({
      url: textOf(source["url"]) ?? "",
      read: textOf(source["read"]) ?? "",
      confidence: textOf(source["confidence"]) ?? "",
    })),
    scope: textOf(row["scope"]),
    variants: Array.isArray(row["variants"]) ? row["variants"].map(String) : [],
    largeContext: typeof row["large_context_threshold"] === "number" ? row["large_context_threshold"] : null,
  };
}

/** One row of `GET /dbu-prices`. */
export function readDbuPrice(value: unknown): DbuPrice {
  const row = fieldsOf(value);
  return {
    id: textOf(row["id"]) ?? "",
    category: textOf(row["category"]) ?? "",
    usd: textOf(row["usd_per_dbu"]),
    start: textOf(row["start_timestamp"]) ?? "",
  };
}

/** What a re-pricing, tried or done, says of itself. */
export function readRepricing(value: unknown): Repricing {
  const answer = fieldsOf(value);
  return {
    examined: Number(answer["examined"]),
    stillUnpriced: Number(answer["still_unpriced"]),
    ...readChange(answer),
    parts: [
      ...readParts("resource", answer["by_resource"], "resource"),
      ...readParts("use case", answer["by_use_case"], "use_case_name"),
      ...readParts("limit", answer["by_limit"], "limit_id"),
    ],
  };
}

function readParts(kind: RepricedPart["kind"], value: unknown, name: string): readonly RepricedPart[] {
  return listOf(value).map((part) =>
    Object.assign({ kind, name: textOf(part[name]) ?? `no ${kind}` }, readChange(part)),
  );
}

/** Where none of the calls had a cost, what they cost before is unknown, not the empty sum. */
function readChange(fields: Fields): Pick<RepricedPart, "requests" | "before" | "after" | "difference"> {
  const requests = Number(fields["requests"]);
  const isNew = requests === Number(fields["newly_priced"]);
  return {
    requests,
    before: isNew ? null : textOf(fields["before"]),
    after: textOf(fields["after"]),
    difference: textOf(fields["difference"]),
  };
}

function readUnitPrice([unit, value]: [string, unknown]): UnitPrice {
  const price = fieldsOf(value);
  return { unit, input: amount(price["input_price"]), output: amount(price["output_price"]) };
}

/** The figure that was written: the shortest text of a number is that of the published price. */
function amount(value: unknown): Amount {
  return typeof value === "number" ? decimalText(value) : textOf(value);
}

/** The fields of an object; none of anything else. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

/** The objects of a list; none of anything else. */
export function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}

/** Text that says something; `null` for anything else. */
export function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
