import { type PriceLayer } from "@payi/core/cost";
import { WireError, isObject, readObject, readText, show } from "@payi/core/wire";

import { contentHash } from "./content-hash.ts";

const PARTS = ["rows", "multipliers", "rules", "aliases", "patterns", "launches"] as const;
const MOST_ROWS = 20_000;
const MOST_SHOWN = 10;
const DECIMAL = /^\d+(?:\.\d{1,18})?$/;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?Z$/;

/** A document as it was uploaded: one layer of rows, to lie over the book that ships with Payi. */
export interface BookDocument {
  readonly name: string;
  readonly layer: PriceLayer;
}

/** Collects what is wrong with a document, each with the place it stands at. */
class Faults {
  readonly found: string[] = [];

  check(holds: boolean, place: string, rule: string, value: unknown): boolean {
    if (!holds) this.found.push(`${place} ${rule}, got ${show(value)}`);
    return holds;
  }
}

/**
 * Reads an uploaded book. Rows have the shape of core's price rows; every statement has its source.
 *
 * @throws {WireError} `invalid_price_book` naming each fault and its place.
 */
export function readBookDocument(body: unknown): BookDocument {
  const given = readObject(body, "The price book");
  const faults = new Faults();
  const parts = Object.fromEntries(PARTS.map((part) => [part, listOf(given[part], part, faults)]));
  const { rows = [], multipliers = [], rules = [], aliases = [], patterns = [], launches = [] } = parts;
  const size = Object.values(parts).reduce((sum, part) => sum + part.length, 0);
  faults.check(size > 0 && size <= MOST_ROWS, "the book", `must have 1 to ${MOST_ROWS} rows in all`, size);
  rows.forEach((row, at) => checkRow(row, `rows[${at}]`, faults));
  multipliers.forEach((row, at) => checkMultiplier(row, `multipliers[${at}]`, faults));
  rules.forEach((row, at) => checkRule(row, `rules[${at}]`, faults));
  aliases.forEach((row, at) => checkAlias(row, `aliases[${at}]`, faults));
  patterns.forEach((row, at) => checkPattern(row, `patterns[${at}]`, faults));
  launches.forEach((row, at) => {
    checkHead(row, `launches[${at}]`, faults);
    checkTime(row["from"], `launches[${at}].from`, faults, true);
  });
  if (faults.found.length > 0) {
    const more = faults.found.length - MOST_SHOWN;
    const rest = more > 0 ? ` … and ${more} more.` : "";
    throw new WireError("invalid_price_book", `${faults.found.slice(0, MOST_SHOWN).join("; ")}.${rest}`);
  }
  const content = { rows, multipliers, rules, aliases, patterns, launches };
  return {
    name: readText(given["name"], "name", 256) ?? "uploaded",
    layer: {
      name: "uploaded",
      hash: contentHash(JSON.stringify(content)),
      // Each was checked above against the shape that core has.
      ...(content as unknown as Pick<PriceLayer, "rows" | "multipliers" | "rules" | "aliases" | "launches">),
      patterns: patterns.map((row) => ({
        category: String(row["category"]),
        pattern: new RegExp(String(row["pattern"])),
        resource: String(row["resource"]),
      })),
    },
  };
}

type Entry = Readonly<Record<string, unknown>>;

function listOf(value: unknown, part: string, faults: Faults): readonly Entry[] {
  if (value === undefined) return [];
  if (!faults.check(Array.isArray(value), part, "must be a list", value)) return [];
  return (value as readonly unknown[]).flatMap((item, at) =>
    faults.check(isObject(item), `${part}[${at}]`, "must be an object", item) ? [item as Entry] : [],
  );
}

function checkRow(row: Entry, place: string, faults: Faults): void {
  checkHead(row, place, faults);
  for (const name of ["tier", "residency"]) checkOptionalText(row[name], `${place}.${name}`, faults);
  for (const name of ["from", "until"]) checkTime(row[name], `${place}.${name}`, faults);
  if (row["scopes"] !== undefined) checkTexts(row["scopes"], `${place}.scopes`, faults);
  for (const name of ["context", "below"]) {
    const threshold = row[name];
    if (threshold === undefined) continue;
    const right =
      isObject(threshold) &&
      Number.isInteger(threshold["tokens"]) &&
      ["gt", "gte"].includes(String(threshold["compare"]));
    faults.check(
      right,
      `${place}.${name}`,
      'must be {"tokens": 200000, "compare": "gt" or "gte"}',
      threshold,
    );
  }
  const { daily, units, anyVariant, perCall } = row;
  const hours =
    Array.isArray(daily) && daily.length === 2 && daily.every((second) => Number.isInteger(second));
  faults.check(
    daily === undefined || hours,
    `${place}.daily`,
    "must be two seconds since midnight UTC",
    daily,
  );
  faults.check(
    anyVariant === undefined || typeof anyVariant === "boolean",
    `${place}.anyVariant`,
    "must be true or false",
    anyVariant,
  );
  if (perCall !== undefined) checkRate(perCall, `${place}.perCall`, faults);
  if (!faults.check(isObject(units), `${place}.units`, "must name units and their prices", units)) return;
  for (const [unit, prices] of Object.entries(units as Entry)) {
    const at = `${place}.units.${unit}`;
    if (!faults.check(isObject(prices), at, "must have input or output", prices)) continue;
    const { input, output } = prices as Entry;
    faults.check(input !== undefined || output !== undefined, at, "must have input or output", prices);
    if (input !== undefined) checkRate(input, `${at}.input`, faults);
    if (output !== undefined) checkRate(output, `${at}.output`, faults);
  }
}

function checkMultiplier(row: Entry, place: string, faults: Faults): void {
  checkHead(row, place, faults);
  const { on, multiply, tiers, units } = row;
  const dimension = isObject(on) ? Object.entries(on) : [];
  const [kind = "", value] = dimension[0] ?? [];
  const right =
    dimension.length === 1 && ["tier", "residency", "scope"].includes(kind) && typeof value === "string";
  faults.check(right, `${place}.on`, 'must be {"tier": …}, {"residency": …} or {"scope": …}', on);
  faults.check(isDecimal(multiply), `${place}.multiply`, 'must be decimal text such as "1.1"', multiply);
  for (const name of ["from", "until"]) checkTime(row[name], `${place}.${name}`, faults);
  if (tiers !== undefined) checkTexts(tiers, `${place}.tiers`, faults);
  if (units !== undefined) checkTexts(units, `${place}.units`, faults);
}

function checkRule(row: Entry, place: string, faults: Faults): void {
  checkHead(row, place, faults);
  const { unit, direction, billedAs } = row;
  faults.check(isText(unit), `${place}.unit`, "must be a unit name", unit);
  faults.check(isText(billedAs), `${place}.billedAs`, "must be a unit name", billedAs);
  const known = direction === "input" || direction === "output";
  faults.check(known, `${place}.direction`, 'must be "input" or "output"', direction);
}

function checkAlias(row: Entry, place: string, faults: Faults): void {
  const { category, alias, targets } = row;
  faults.check(isText(category), `${place}.category`, "must be a category", category);
  faults.check(isText(alias), `${place}.alias`, "must be a name", alias);
  const list = Array.isArray(targets) && targets.length > 0 ? (targets as readonly unknown[]) : undefined;
  faults.check(list !== undefined, `${place}.targets`, 'must be a list such as [{"resource": "…"}]', targets);
  for (const [at, target] of (list ?? []).entries()) {
    const right = isObject(target) && isText(target["resource"]);
    faults.check(right, `${place}.targets[${at}]`, "must have a resource", target);
    if (isObject(target)) checkTime(target["from"], `${place}.targets[${at}].from`, faults);
  }
}

function checkPattern(row: Entry, place: string, faults: Faults): void {
  const { category, pattern, resource } = row;
  faults.check(isText(category), `${place}.category`, "must be a category", category);
  faults.check(isText(resource), `${place}.resource`, "must be a name with $1", resource);
  const anchored = typeof pattern === "string" && /^\^[\w.:@/\\()[\]+*?{},|-]{1,200}\$$/.test(pattern);
  faults.check(
    anchored && compiles(pattern),
    `${place}.pattern`,
    "must be an expression from ^ to $",
    pattern,
  );
}

/** Category, resources and source, which every statement of a price has. */
function checkHead(row: Entry, place: string, faults: Faults): void {
  const { category, resources, source } = row;
  faults.check(isText(category), `${place}.category`, "must be a category", category);
  if (resources !== "*") checkTexts(resources, `${place}.resources`, faults);
  const told = isObject(source) ? source : {};
  faults.check(
    isText(told["url"]) && URL.canParse(told["url"] as string),
    `${place}.source.url`,
    "must be the address of the page with the price",
    told["url"],
  );
  const day = typeof told["read"] === "string" && /^\d{4}-\d{2}-\d{2}$/.test(told["read"]);
  faults.check(day, `${place}.source.read`, "must be the day it was read, as YYYY-MM-DD", told["read"]);
  const confidence = ["A", "B", "C"].includes(String(told["confidence"]));
  faults.check(confidence, `${place}.source.confidence`, "must be A, B or C", told["confidence"]);
}

function checkRate(value: unknown, place: string, faults: Faults): void {
  const rate = isObject(value) ? value : {};
  const rule = 'must be decimal text such as "2.50"';
  faults.check(isDecimal(rate["usd"]), `${place}.usd`, rule, rate["usd"]);
  const per = rate["per"];
  faults.check(
    typeof per === "number" && Number.isSafeInteger(per) && per > 0,
    `${place}.per`,
    "must be a whole number above 0",
    per,
  );
  if (rate["times"] !== undefined)
    faults.check(isDecimal(rate["times"]), `${place}.times`, rule, rate["times"]);
}

function checkTime(value: unknown, place: string, faults: Faults, required = false): void {
  if (value === undefined && !required) return;
  const right = typeof value === "string" && TIME.test(value) && !Number.isNaN(Date.parse(value));
  faults.check(right, place, 'must be a time such as "2026-11-21T00:00:00Z"', value);
}

function checkTexts(value: unknown, place: string, faults: Faults): void {
  const right = Array.isArray(value) && value.length > 0 && value.every(isText);
  faults.check(right, place, "must be a list of names", value);
}

function checkOptionalText(value: unknown, place: string, faults: Faults): void {
  faults.check(value === undefined || isText(value), place, "must be text", value);
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "" && value.length <= 512;
}

function isDecimal(value: unknown): boolean {
  return typeof value === "string" && DECIMAL.test(value);
}

function compiles(pattern: string): boolean {
  try {
    return new RegExp(pattern).test("") || true;
  } catch {
    return false;
  }
}
