/**
 * A price file in LiteLLM's shape as the lowest layer of a book: what no reviewed layer has. It is the operator's own
 * file; nothing of it ships with Payi, and every line that it prices is labelled `imported`.
 */
import { type PriceLayer, type PriceRow, type PriceSource, type UnitRates } from "@payi/core/cost";
import { WireError, isObject, readObject, show } from "@payi/core/wire";

import { contentHash } from "./content-hash.ts";
import { type LitellmField, publishedRate, readLitellmField } from "./litellm-fields.ts";
import { readLitellmName } from "./litellm-names.ts";

/** The layer's name; it stands before every rate that came this way. */
export const IMPORTED = "imported";

const PAGE = "https://github.com/BerriAI/litellm/blob/main/model_prices_and_context_window.json";
const MOST_ENTRIES = 20_000;
/** Where a name without a place is served, once other entries of the model name places. */
const PLACELESS: Readonly<Record<string, string>> = {
  "system.aws.bedrock": "region",
  "system.azureopenai": "global",
};

/** Something of the file that is not in the layer. `field` is undefined for a whole entry. */
export interface LeftOut {
  readonly name: string;
  readonly field: string | undefined;
  readonly reason: string;
}

/** What a file became. */
export interface LitellmBook {
  readonly layer: PriceLayer;
  readonly resources: number;
  readonly leftOut: readonly LeftOut[];
}

interface Entry {
  readonly category: string;
  readonly resource: string;
  readonly scope: string | undefined;
  readonly rows: readonly Omit<PriceRow, "scopes">[];
}

/**
 * Takes what a unit of ours stands for, and tells the rest.
 *
 * @throws {WireError} `invalid_price_book` for a file of another shape, or one of which nothing could be taken.
 */
export function readLitellmBook(body: unknown, readOn: string): LitellmBook {
  const file = Object.entries(readObject(body, "The price file")).filter(([name]) => name !== "sample_spec");
  if (file.length === 0 || file.length > MOST_ENTRIES) {
    throw invalid(`it has ${file.length} entries; 1 to ${MOST_ENTRIES} are expected`);
  }
  const leftOut: LeftOut[] = [];
  const entries = new Map<string, Entry>();
  for (const [name, given] of file) {
    const entry = readEntry(name, given, readOn, leftOut);
    if (entry === undefined) continue;
    const key = JSON.stringify([entry.category, entry.resource, entry.scope]);
    if (entries.has(key)) {
      leftOut.push({ name, field: undefined, reason: "the same resource as an entry before it" });
    } else entries.set(key, entry);
  }
  const rows = placed([...entries.values()]);
  if (rows.length === 0) throw invalid(`nothing of it can be priced: ${show(leftOut[0])}`);
  return {
    layer: { name: IMPORTED, hash: contentHash(JSON.stringify(rows)), rows },
    resources: new Set(rows.map(({ category, resources }) => JSON.stringify([category, resources]))).size,
    leftOut,
  };
}

function readEntry(name: string, given: unknown, readOn: string, leftOut: LeftOut[]): Entry | undefined {
  const leave = (reason: string, field?: string): undefined => {
    leftOut.push({ name, field, reason });
  };
  if (!isObject(given)) return leave("no object");
  const provider = given["litellm_provider"];
  if (typeof provider !== "string" || provider === "") return leave("litellm_provider is missing");
  const found = readLitellmName(name, provider);
  if ("leftOut" in found) return leave(found.leftOut);
  const source = sourceOf(given["source"], readOn);
  const mode = typeof given["mode"] === "string" ? given["mode"] : "chat";
  const rows = new Map<string, { head: Omit<PriceRow, "scopes" | "units">; units: UnitRates }>();
  for (const [field, amount] of Object.entries(given)) {
    if (!/cost|price/.test(field) || amount === null) continue;
    const meant = readLitellmField(field, mode);
    if (meant === undefined) leave("no unit of ours stands for it", field);
    else if (amount === 0 && !isFreeSide(meant, mode)) leave("0 may mean that nobody knows", field);
    else if (typeof amount !== "number" || amount < 0) leave(`no amount: ${show(amount)}`, field);
    else if (amount > 0) {
      const rate = publishedRate(amount, meant.perMillion);
      if (rate === undefined) leave(`${amount} shows a calculation in binary fractions`, field);
      else {
        const key = `${meant.tier ?? ""} ${meant.above ?? ""}`;
        const head = headOf(found.category, found.resource, meant, source);
        const row = rows.get(key) ?? { head, units: {} };
        const unit = { ...row.units[meant.unit], [meant.direction]: rate };
        rows.set(key, { head, units: { ...row.units, [meant.unit]: unit } });
      }
    }
  }
  if (rows.size === 0) return leave("it has no price that can be taken");
  return { ...found, rows: [...rows.values()].map(({ head, units }) => Object.assign({ units }, head)) };
}

/** An embedding puts no tokens out; its 0 there says nothing. */
function isFreeSide(meant: LitellmField, mode: string): boolean {
  return meant.direction === "output" && ["embedding", "rerank"].includes(mode);
}

function headOf(
  category: string,
  resource: string,
  { tier, above }: LitellmField,
  source: PriceSource,
): Omit<PriceRow, "scopes" | "units"> {
  return {
    category,
    resources: [resource],
    ...(tier === undefined ? {} : { tier }),
    ...(above === undefined ? {} : { context: { tokens: above, compare: "gt" as const } }),
    source,
  };
}

/** An entry with a place in its name holds there alone; one without holds everywhere, unless places are told apart. */
function placed(entries: readonly Entry[]): readonly PriceRow[] {
  const apart = new Set(
    entries.filter(({ scope }) => scope !== undefined).map((entry) => `${entry.category}/${entry.resource}`),
  );
  return entries.flatMap(({ category, resource, scope, rows }) => {
    const where = scope ?? (apart.has(`${category}/${resource}`) ? PLACELESS[category] : undefined);
    return rows.map((row) => (where === undefined ? row : { ...row, scopes: [where] }));
  });
}

function sourceOf(given: unknown, readOn: string): PriceSource {
  const told = typeof given === "string" && /^https?:\/\//.test(given) && URL.canParse(given);
  return {
    url: told ? given : PAGE,
    read: readOn,
    confidence: "B",
    note: "imported from a LiteLLM price file",
  };
}

function invalid(what: string): WireError {
  return new WireError(
    "invalid_price_book",
    `The file is no LiteLLM price file: ${what}. Give an object of model name → {"litellm_provider", "input_cost_per_token", …}.`,
  );
}
