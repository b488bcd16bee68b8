/** One resource of a book: its rows from every layer, and the rate cards worked out so far. */
import { type LayerRows, type RateCard, compileCard, hasOwnUnits } from "./rate-card.ts";
import { type LaunchRow, type PriceRow } from "./row.ts";
import { type Variant, sameVariant } from "./variant.ts";

interface LayerHistory extends LayerRows {
  readonly launch: LaunchRow | undefined;
}

const DAY_MS = 86_400_000;
const MOST_CARDS = 512;

/** Rate cards of one resource, by time and variant. Cards are kept: a resource has few of them. */
export class ResourceCard {
  readonly id: string;
  /** Scopes that it tells apart, `global` first; empty where a scope changes nothing. */
  readonly scopes: readonly string[];
  /** True when a scope changes the price. */
  readonly scoped: boolean;
  readonly #layers: readonly LayerHistory[];
  readonly #launchMs: number;
  /** Instants at which something starts or ends, ascending. */
  readonly #instants: readonly number[];
  /** Milliseconds of the day at which hourly prices change, ascending. */
  readonly #hours: readonly number[];
  readonly #cards = new Map<string, RateCard>();
  #last: { readonly slot: number; readonly variant: Variant; readonly card: RateCard } | undefined;

  constructor(id: string, layers: readonly LayerHistory[]) {
    this.id = id;
    this.#layers = layers;
    const launches = layers.flatMap((layer) =>
      layer.launch === undefined ? [] : [Date.parse(layer.launch.from)],
    );
    this.#launchMs = launches[0] ?? Number.NEGATIVE_INFINITY;
    const rows = layers.flatMap((layer) => layer.rows);
    const scopes = [
      ...rows.flatMap((row) => row.scopes ?? []),
      ...layers.flatMap(({ multipliers }) =>
        multipliers.flatMap(({ on }) => ("scope" in on ? [on.scope] : [])),
      ),
    ];
    this.scopes = scopes.length === 0 ? [] : [...new Set(["global", ...scopes])];
    this.scoped = scopes.length > 0;
    const dated = [...rows, ...layers.flatMap((layer) => layer.multipliers)];
    this.#instants = ascending(
      dated.flatMap((row) =>
        [row.from, row.until].flatMap((at) => (at === undefined ? [] : [Date.parse(at)])),
      ),
    );
    this.#hours = ascending(rows.flatMap((row) => row.daily ?? []).map((second) => second * 1000));
  }

  /** The prices in force, or undefined when the resource had no price yet (or has none any more). */
  cardAt(timeMs: number, variant: Variant): RateCard | undefined {
    if (timeMs < this.#launchMs) return undefined;
    const slot = this.#slotOf(timeMs);
    // Most calls are like the one before; comparing is quicker than building a key.
    let last = this.#last;
    if (last?.slot !== slot || !sameVariant(last.variant, variant)) {
      last = { slot, variant, card: this.#cardFor(slot, timeMs, variant) };
      this.#last = last;
    }
    return last.card.levels.length === 0 ? undefined : last.card;
  }

  #cardFor(slot: number, timeMs: number, variant: Variant): RateCard {
    const key = `${slot}|${variant.tier}|${variant.residency}|${variant.scope}`;
    let card = this.#cards.get(key);
    if (card === undefined) {
      // Variants come from callers, so what is remembered is bounded.
      if (this.#cards.size >= MOST_CARDS) this.#cards.clear();
      card = this.#compile(timeMs, variant);
      this.#cards.set(key, card);
    }
    return card;
  }

  #slotOf(timeMs: number): number {
    let period = this.#instants.length;
    while (period > 0 && timeMs < (this.#instants[period - 1] ?? 0)) period -= 1;
    if (this.#hours.length === 0) return period;
    const ofDay = ((timeMs % DAY_MS) + DAY_MS) % DAY_MS;
    const hour = this.#hours.filter((start) => start <= ofDay).length;
    return period * (this.#hours.length + 1) + hour;
  }

  #compile(timeMs: number, variant: Variant): RateCard {
    const layers = this.#layers.map((layer) => ({
      name: layer.name,
      rows: layer.rows.filter((row) => inForce(row, timeMs) && inHours(row, timeMs)),
      multipliers: layer.multipliers.filter((row) => inForce(row, timeMs)),
      rules: layer.rules,
    }));
    const inForceNow = layers.some((layer) => layer.rows.some(hasOwnUnits));
    const atOtherTimes = this.#layers.some((layer) => layer.rows.some(hasOwnUnits));
    if (!inForceNow && atOtherTimes) return { levels: [] };
    return compileCard(this.id, layers, variant);
  }
}

function inForce(
  row: { readonly from?: string | undefined; readonly until?: string | undefined },
  timeMs: number,
): boolean {
  return (
    (row.from === undefined || timeMs >= Date.parse(row.from)) &&
    (row.until === undefined || timeMs < Date.parse(row.until))
  );
}

function inHours(row: PriceRow, timeMs: number): boolean {
  if (row.daily === undefined) return true;
  const second = (((timeMs % DAY_MS) + DAY_MS) % DAY_MS) / 1000;
  const [start, end] = row.daily;
  return end < start ? second >= start || second < end : second >= start && second < end;
}

function ascending(values: readonly number[]): readonly number[] {
  return [...new Set(values)].toSorted((left, right) => left - right);
}
