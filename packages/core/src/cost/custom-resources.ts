/** An organization's own resources: Pay-i's category + resource + price per unit + start, append-only (contract 4). */
import { parseMoney } from "../money.ts";
import { type PriceLayer, type PriceRow, type PublishedRate } from "./row.ts";

/** One version of a resource. It holds from its start until the next version's. */
export interface CustomResourceVersion {
  readonly category: string;
  readonly resource: string;
  /** Milliseconds UTC. */
  readonly startMs: number;
  /** USD for a single unit, as plain decimal text. A missing direction is unpriced; `"0"` is free. */
  readonly units: Readonly<
    Record<string, { readonly input?: string | undefined; readonly output?: string | undefined }>
  >;
}

/** The versions as the highest layer of a book. */
export function customLayer(versions: readonly CustomResourceVersion[]): PriceLayer {
  const histories = new Map<string, CustomResourceVersion[]>();
  for (const version of versions) {
    const name = JSON.stringify([version.category, version.resource]);
    const history = histories.get(name);
    if (history === undefined) histories.set(name, [version]);
    else history.push(version);
  }
  return {
    name: "custom",
    hash: JSON.stringify(versions),
    rows: [...histories.values()].flatMap(rowsOf),
  };
}

/** A version replaces the one before as a whole: a unit that it does not name has no price any more. */
function rowsOf(history: readonly CustomResourceVersion[]): readonly PriceRow[] {
  // Of two versions with one start, the later entry corrects the earlier.
  const byStart = new Map(history.map((version) => [version.startMs, version]));
  const ascending = [...byStart.values()].toSorted((left, right) => left.startMs - right.startMs);
  return ascending.map((version, at) => rowOf(version, ascending[at + 1]?.startMs));
}

function rowOf(version: CustomResourceVersion, untilMs: number | undefined): PriceRow {
  const units: Record<string, { input?: PublishedRate; output?: PublishedRate }> = {};
  for (const [unit, prices] of Object.entries(version.units)) {
    units[unit] = {
      ...(prices.input === undefined ? {} : { input: perUnit(prices.input) }),
      ...(prices.output === undefined ? {} : { output: perUnit(prices.output) }),
    };
  }
  const from = isoTime(version);
  return {
    category: version.category,
    resources: [version.resource],
    from,
    until: untilMs === undefined ? undefined : new Date(untilMs).toISOString(),
    // A version names one price per unit; no tier that a provider reports changes it.
    anyVariant: true,
    units,
    source: {
      url: `payi:categories/${version.category}/resources/${version.resource}`,
      read: from.slice(0, 10),
      confidence: "A",
    },
  };
}

function perUnit(usd: string): PublishedRate {
  if (parseMoney(usd) < 0n)
    throw new RangeError(`A price is not negative: ${usd}. Write "0" for what is free.`);
  return { usd, per: 1 };
}

function isoTime(version: CustomResourceVersion): string {
  if (Number.isNaN(new Date(version.startMs).getTime())) {
    throw new RangeError(
      `The start of ${version.category}/${version.resource} is no date: ${version.startMs}. Give milliseconds UTC.`,
    );
  }
  return new Date(version.startMs).toISOString();
}
