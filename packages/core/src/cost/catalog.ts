/** The public catalogue as a layer of price rows. The figures are untouched; only their keys are translated. */
import catalogFile from "./catalog.json" with { type: "json" };
import {
  type ContextThreshold,
  type PriceLayer,
  type PriceRow,
  type PriceSource,
  type PublishedRate,
  type SnapshotPattern,
} from "./row.ts";

/** A price, or a price with the prices that hold when more input tokens than the figure are sent. */
export type CatalogRate = string | readonly [string, ...(readonly [number, string])[]];

export interface CatalogPeriod {
  readonly from?: string;
  readonly daily?: readonly [string, string];
  readonly rates: Readonly<Record<string, CatalogRate>>;
}

export interface CatalogModel {
  readonly id: string;
  readonly names?: readonly string[];
  readonly patterns?: readonly string[];
  readonly prices: readonly CatalogPeriod[];
}

export interface CatalogProvider {
  readonly id: string;
  readonly url: string;
  readonly models: readonly CatalogModel[];
}

/** The shape of `catalog.json`, which `scripts/compile-catalog.ts` writes. */
export interface CatalogFile {
  readonly source: string;
  readonly notice: string;
  readonly hash: string;
  readonly providers: readonly CatalogProvider[];
}

/** Last day on which the catalogue's own prices were reviewed by its authors (its release). */
const READ = "2026-09-23";

/** Catalogue provider → our categories. Every other provider is `system.<id>`. */
const CATEGORIES: Readonly<Record<string, readonly string[]>> = {
  aws: ["system.aws.bedrock"],
  azure: ["system.azureopenai", "system.azure"],
  google: ["system.google.vertex"],
};

type Target = readonly [unit: string, direction: "input" | "output", per: number];

const MILLION = 1_000_000;
const TARGETS: Readonly<Record<string, Target>> = {
  input_mtok: ["text", "input", MILLION],
  output_mtok: ["text", "output", MILLION],
  cache_read_mtok: ["text_cache_read", "input", MILLION],
  cache_write_mtok: ["text_cache_write", "input", MILLION],
  cache_write_1h_mtok: ["text_cache_write_1h", "input", MILLION],
  input_audio_mtok: ["audio", "input", MILLION],
  output_audio_mtok: ["audio", "output", MILLION],
  cache_audio_read_mtok: ["audio_cache_read", "input", MILLION],
  input_image_mtok: ["vision", "input", MILLION],
  cache_image_read_mtok: ["vision_cache_read", "input", MILLION],
  output_image_mtok: ["image", "output", MILLION],
  input_video_mtok: ["video", "input", MILLION],
  output_video_mtok: ["video", "output", MILLION],
  output_reasoning_mtok: ["reasoning", "output", MILLION],
  output_citation_mtok: ["citation", "output", MILLION],
  input_audio_hours: ["audio_seconds", "input", 3600],
  input_document_kpages: ["pages", "input", 1000],
  input_annotated_document_kpages: ["annotated_pages", "input", 1000],
  input_text_messages_kcount: ["text_message", "input", 1000],
};
const FEES: Readonly<Record<string, Target>> = {
  web_searches_kcount: ["web_search_request", "output", 1000],
  storage_searches_kcount: ["file_search_request", "output", 1000],
};
/** `audio_hours` repeats `input_audio_hours` in every row that has both. */
const REPEATED: ReadonlySet<string> = new Set(["audio_hours"]);
const FREE: PublishedRate = { usd: "0", per: MILLION };
const PER_CALL = "requests_kcount";

/** The catalogue that ships with the package. */
export const catalog: CatalogFile = catalogFile as unknown as CatalogFile;

/**
 * The catalogue as the lowest layer of a book. It is read category by category, when one is first asked for: a process
 * calls few providers, and the whole takes as long as loading the rest of this package.
 */
export function catalogLayer(): PriceLayer {
  const providers = new Map<string, CatalogProvider>();
  for (const provider of catalog.providers) {
    for (const category of categoriesOf(provider.id)) providers.set(category, provider);
  }
  const parts = new Map<string, CatalogPart>();
  const part = (category: string): CatalogPart | undefined => {
    const provider = providers.get(category);
    let known = parts.get(category);
    if (known === undefined && provider !== undefined) {
      known = partOf(provider, category);
      parts.set(category, known);
    }
    return known;
  };
  const all = (): readonly CatalogPart[] => [...providers.keys()].flatMap((category) => part(category) ?? []);
  return {
    name: "catalog",
    hash: catalog.hash,
    part,
    get rows() {
      return all().flatMap(({ rows }) => rows);
    },
    get patterns() {
      return all().flatMap(({ patterns }) => patterns);
    },
  };
}

interface CatalogPart {
  readonly rows: readonly PriceRow[];
  readonly patterns: readonly SnapshotPattern[];
}

function partOf(provider: CatalogProvider, category: string): CatalogPart {
  const rows: PriceRow[] = [];
  const patterns: SnapshotPattern[] = [];
  const everywhere = globalModels(provider);
  const claimed = new Set<string>();
  for (const model of provider.models) {
    const { resources, scopes } = namesOf(provider, model, everywhere);
    const own = resources.filter((name) => !claimed.has(name + String(scopes)));
    for (const name of own) claimed.add(name + String(scopes));
    if (own.length === 0) continue;
    for (const pattern of model.patterns ?? []) {
      patterns.push({ category, pattern: new RegExp(pattern), resource: own[0] ?? model.id });
    }
    rows.push(...rowsOf(category, own, scopes, model, provider.url));
  }
  return { rows, patterns };
}

/** Our categories for one of the catalogue's providers. */
export function categoriesOf(provider: string): readonly string[] {
  return CATEGORIES[provider] ?? [`system.${provider}`];
}

/**
 * Bedrock's rows are named after where they are served. `global.` and `regional.` become scopes; a `regional.` row
 * without a global sibling is the only price there is and holds everywhere.
 */
function namesOf(
  provider: CatalogProvider,
  model: CatalogModel,
  everywhere: ReadonlySet<string>,
): { resources: readonly string[]; scopes: readonly string[] | undefined } {
  const names = [...new Set([model.id, ...(model.names ?? [])])];
  if (provider.id !== "aws") return { resources: names, scopes: undefined };
  const [, place, bare] = /^(global|regional)\.(.+)$/.exec(model.id) ?? [undefined, undefined, model.id];
  const unversioned = bare.replace(/-v\d+:\d+$/, "");
  const versioned =
    bare === unversioned && bare.startsWith("anthropic.") ? [`${bare}-v1`, `${bare}-v1:0`] : [];
  const resources = [...new Set([bare, bare.replace(/:\d+$/, ""), unversioned, ...versioned])];
  if (place === "global") return { resources, scopes: ["global"] };
  return { resources, scopes: everywhere.has(unversioned) ? ["datazone", "region"] : undefined };
}

/** Names, without prefix and version, of the models that have a `global.` row. */
function globalModels(provider: CatalogProvider): ReadonlySet<string> {
  const ids = provider.models.map((model) => model.id).filter((id) => id.startsWith("global."));
  return new Set(ids.map((id) => id.slice("global.".length).replace(/-v\d+:\d+$/, "")));
}

function rowsOf(
  category: string,
  resources: readonly string[],
  scopes: readonly string[] | undefined,
  model: CatalogModel,
  url: string,
): PriceRow[] {
  const source: PriceSource = { url, read: READ, confidence: "B", note: catalog.source };
  const rows: PriceRow[] = [];
  for (const [at, period] of model.prices.entries()) {
    const next = model.prices.find((later, index) => index > at && later.from !== undefined);
    const from = period.from === undefined ? lastStart(model.prices, at) : midnight(period.from);
    const until = next?.from === undefined ? undefined : midnight(next.from);
    const daily = period.daily === undefined ? undefined : hoursOfDay(period.daily);
    const span = { category, resources, from, until, daily, source };
    if (isFree(model, period)) {
      rows.push({ ...span, scopes, units: { text: { input: FREE, output: FREE } } });
      continue;
    }
    const perCall = rateText(period.rates[PER_CALL], 0);
    for (const above of levelsOf(period)) {
      rows.push({
        ...span,
        scopes,
        context: above === 0 ? undefined : threshold(above),
        perCall: above > 0 || perCall === undefined ? undefined : { usd: perCall, per: 1000 },
        units: unitsAt(period, above, TARGETS),
      });
    }
    const fees = unitsAt(period, 0, FEES);
    if (Object.keys(fees).length > 0) rows.push({ ...span, anyVariant: true, units: fees });
  }
  return rows;
}

/**
 * The catalogue writes "free" and "price not known" alike, as a period without prices. Only a name that says so is
 * free; any other stays without a price until a reviewed row gives it one.
 */
function isFree(model: CatalogModel, period: CatalogPeriod): boolean {
  return model.id.endsWith(":free") && Object.keys(period.rates).length === 0;
}

/** A period by hours of the day holds within the last dated period before it. */
function lastStart(periods: readonly CatalogPeriod[], at: number): string | undefined {
  const dated = periods.slice(0, at).findLast((period) => period.from !== undefined);
  return dated?.from === undefined ? undefined : midnight(dated.from);
}

function unitsAt(
  period: CatalogPeriod,
  above: number,
  targets: Readonly<Record<string, Target>>,
): Record<string, Partial<Record<"input" | "output", PublishedRate>>> {
  const units: Record<string, Partial<Record<"input" | "output", PublishedRate>>> = {};
  for (const [key, rate] of Object.entries(period.rates)) {
    const target = targets[key];
    if (target === undefined) {
      if (TARGETS[key] === undefined && FEES[key] === undefined && key !== PER_CALL && !REPEATED.has(key)) {
        throw new Error(`catalog.json has the price key "${key}", which cost/catalog.ts does not translate.`);
      }
      continue;
    }
    const usd = rateText(rate, above);
    if (usd === undefined) continue;
    const [unit, direction, per] = target;
    const prices = (units[unit] ??= {});
    prices[direction] = { usd, per };
  }
  return units;
}

/** 0 and the sizes from which other prices hold, ascending. */
function levelsOf(period: CatalogPeriod): readonly number[] {
  const levels = new Set([0]);
  for (const rate of Object.values(period.rates)) {
    if (typeof rate === "string") continue;
    for (const level of rate.slice(1)) levels.add(Number(level[0]));
  }
  return levels.size === 1 ? [0] : [...levels].toSorted((left, right) => left - right);
}

function rateText(rate: CatalogRate | undefined, above: number): string | undefined {
  if (rate === undefined) return undefined;
  if (typeof rate === "string") return rate;
  const [base, ...levels] = rate;
  return levels.findLast((level) => level[0] <= above)?.[1] ?? base;
}

/** Rows that hold "from N tokens" are written as "more than N − 1", because their format knows no other comparison. */
function threshold(above: number): ContextThreshold {
  return above % 1000 === 999 ? { tokens: above + 1, compare: "gte" } : { tokens: above, compare: "gt" };
}

function midnight(day: string): string {
  return `${day}T00:00:00Z`;
}

function hoursOfDay([start, end]: readonly [string, string]): readonly [number, number] {
  return [seconds(start), seconds(end)];
}

function seconds(time: string): number {
  const [hours = 0, minutes = 0, rest = 0] = time.replace("Z", "").split(":").map(Number);
  return hours * 3600 + minutes * 60 + rest;
}
