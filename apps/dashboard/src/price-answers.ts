/** The platform's answers about prices, from the wire to what the pages speak in. One reader per shape. */
import { type Amount } from "./amounts.ts";
import { decimalText } from "./decimal.ts";
import {
  type ListedResource,
  type RepricedPart,
  type Repricing,
  type UnitPrice,
  type UnpricedUsage,
} from "./prices.ts";

type Fields = Readonly<Record<string, unknown>>;

/** One row of `GET /unpriced`. */
export function readUnpriced(value: unknown): UnpricedUsage {
  const row = value as Fields;
  return {
    category: text(row["category"]) ?? "",
    resource: text(row["resource"]),
    status: (text(row["status"]) ?? "unknown_model") as UnpricedUsage["status"],
    host: text(row["host"]),
    requests: Number(row["calls"]),
    tokensInput: Number(row["tokens_input"]),
    tokensOutput: Number(row["tokens_output"]),
    units: Array.isArray(row["units"]) ? row["units"].map(String) : [],
    since: text(row["first_seen"]) ?? "",
    last: text(row["last_seen"]) ?? "",
  };
}

/** One resource of `GET /categories/{category}/resources`, or one of its versions. */
export function readResource(value: unknown): ListedResource {
  const row = value as Fields;
  const start = text(row["start_timestamp"]);
  return {
    category: text(row["category"]) ?? "",
    resource: text(row["resource"]) ?? "",
    id: text(row["resource_id"]) ?? "",
    active: row["active"] === true,
    start: start === null || Date.parse(start) === 0 ? null : start,
    end: text(row["end_timestamp"]),
    prices: Object.entries(fieldsOf(row["units"])).map(readUnitPrice),
    aliasOf: text(row["aliased_resource"]),
    largeContext: typeof row["large_context_threshold"] === "number" ? row["large_context_threshold"] : null,
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
  const parts = Array.isArray(value) ? value.map(fieldsOf) : [];
  return parts.map((part) =>
    Object.assign({ kind, name: text(part[name]) ?? `no ${kind}` }, readChange(part)),
  );
}

/** Where none of the calls had a cost, what they cost before is unknown, not the empty sum. */
function readChange(fields: Fields): Pick<RepricedPart, "requests" | "before" | "after" | "difference"> {
  const requests = Number(fields["requests"]);
  const isNew = requests === Number(fields["newly_priced"]);
  return {
    requests,
    before: isNew ? null : text(fields["before"]),
    after: text(fields["after"]),
    difference: text(fields["difference"]),
  };
}

function readUnitPrice([unit, value]: [string, unknown]): UnitPrice {
  const price = fieldsOf(value);
  return { unit, input: amount(price["input_price"]), output: amount(price["output_price"]) };
}

/** The figure that was written: the shortest text of a number is that of the published price. */
function amount(value: unknown): Amount {
  return typeof value === "number" ? decimalText(value) : text(value);
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
