/** What a price book is made of: reviewed, dated statements about who charges what. Plain data, no behaviour. */

/** Where a statement comes from. A = the provider's own page or an invoice, B = a copy or quotation, C = derived by us. */
export interface PriceSource {
  readonly url: string;
  /** The day it was read, `YYYY-MM-DD`. */
  readonly read: string;
  readonly confidence: "A" | "B" | "C";
  readonly note?: string | undefined;
}

/** A price as published: `usd` (plain decimal text) for `per` units. Never stored per single unit: the division may not end. */
export interface PublishedRate {
  readonly usd: string;
  readonly per: number;
  /** Dollars for one of what `usd` counts, where the page prints another unit of account (Databricks: DBU). */
  readonly times?: string | undefined;
}

/** Unit name → price by direction. A missing direction is unpriced, never free. */
export type UnitRates = Readonly<
  Record<string, { readonly input?: PublishedRate | undefined; readonly output?: PublishedRate | undefined }>
>;

/** The sum of all input-direction tokens from which a row applies; `gt` leaves the figure itself to the lower row. */
export interface ContextThreshold {
  readonly tokens: number;
  readonly compare: "gt" | "gte";
}

/** Prices of some resources in one variant over one span of time. */
export interface PriceRow {
  readonly category: string;
  /** Exact names, or `*` for every resource of the category that some row names. */
  readonly resources: readonly string[] | "*";
  /** Scopes it holds for: `global`, `datazone[.geo]`, `region[.name]`. Absent: one price everywhere. */
  readonly scopes?: readonly string[] | undefined;
  /** The served tier. Absent: `standard`. */
  readonly tier?: string | undefined;
  /** Where the provider promised to process. Absent: no promise. */
  readonly residency?: string | undefined;
  /** True for fees that no tier, residency or scope changes. */
  readonly anyVariant?: boolean | undefined;
  /** Holds from this size on. Absent: from nothing. */
  readonly context?: ContextThreshold | undefined;
  /** Holds only below this size: longer prompts have no price here. Absent: any size. */
  readonly below?: ContextThreshold | undefined;
  /** Start, inclusive, ISO 8601 UTC. Absent: since ever. */
  readonly from?: string | undefined;
  /** End, exclusive. Absent: until a later row. */
  readonly until?: string | undefined;
  /** Hours of the day (seconds since midnight UTC, end exclusive, may wrap). Absent: all day. */
  readonly daily?: readonly [number, number] | undefined;
  /** Charged once for every call, whatever it consumed. */
  readonly perCall?: PublishedRate | undefined;
  readonly units: UnitRates;
  readonly source: PriceSource;
}

/** A published factor on the token prices of a variant: "batch is half", "regional endpoints cost 10 % more". */
export interface MultiplierRow {
  readonly category: string;
  /** Exact names, or `*` for every resource of the category that no other row of the same dimension names. */
  readonly resources: readonly string[] | "*";
  /** The dimension that the factor accounts for. */
  readonly on: { readonly tier: string } | { readonly residency: string } | { readonly scope: string };
  /** Plain decimal text; `"1"` states that nothing changes. */
  readonly multiply: string;
  /** Tiers it combines with (`standard` unless told); only for factors on residency or scope. */
  readonly tiers?: readonly string[] | undefined;
  /** Units it holds for. Absent: every unit counted in tokens. */
  readonly units?: readonly string[] | undefined;
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  readonly source: PriceSource;
}

/** One unit is billed at another's price, because the page prices them together ("text / image / video"). */
export interface UnitRule {
  /** A category, `system.*` for all of the system's own, or `*` for every one. */
  readonly category: string;
  readonly resources: readonly string[] | "*";
  readonly unit: string;
  readonly direction: "input" | "output";
  /** The unit whose price holds, in the same direction. */
  readonly billedAs: string;
  readonly source: PriceSource;
}

/** Another name of a resource. With several targets, each holds from its date on (midnight UTC). */
export interface AliasRow {
  readonly category: string;
  readonly alias: string;
  readonly targets: readonly { readonly from?: string | undefined; readonly resource: string }[];
}

/** Names that are declared to cost what their base costs: an anchored expression whose first group is the base. */
export interface SnapshotPattern {
  readonly category: string;
  readonly pattern: RegExp;
  /** The base's name, with `$1` for the first group. */
  readonly resource: string;
}

/** When a resource could be called for the first time: nothing is priced before. */
export interface LaunchRow {
  readonly category: string;
  readonly resources: readonly string[];
  readonly from: string;
  readonly source: PriceSource;
}

/** One of the sources a book is made of. For each unit, variant and time the first layer that has a price wins. */
export interface PriceLayer {
  readonly name: string;
  /** Names the layer's content; part of the book's version. */
  readonly hash: string;
  readonly rows: readonly PriceRow[];
  readonly multipliers?: readonly MultiplierRow[] | undefined;
  readonly rules?: readonly UnitRule[] | undefined;
  readonly aliases?: readonly AliasRow[] | undefined;
  readonly patterns?: readonly SnapshotPattern[] | undefined;
  readonly launches?: readonly LaunchRow[] | undefined;
  /** What the layer says of one category, where all of it is dear to build. */
  readonly part?: ((category: string) => LayerPart | undefined) | undefined;
}

/** What a layer says, without its name. */
export type LayerPart = Omit<PriceLayer, "name" | "hash" | "part">;
