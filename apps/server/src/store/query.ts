import { type Dimension } from "@payi/core/wire";

import { type StoredEvent } from "./event.ts";
import { type Sums } from "./sums.ts";

/** What a view is narrowed to. An empty string asks for requests that have no value there. */
export interface EventFilter {
  readonly useCase?: string | undefined;
  readonly instance?: string | undefined;
  readonly resource?: string | undefined;
  readonly category?: string | undefined;
  readonly user?: string | undefined;
  readonly account?: string | undefined;
  readonly outcome?: string | undefined;
  /** Who told the counts. */
  readonly usageSource?: string | undefined;
  /** Of the use case. */
  readonly version?: number | undefined;
  readonly priced?: boolean | undefined;
  /** Charged to this limit, or refused by one that the request has in common with it. */
  readonly limitId?: string | undefined;
  readonly properties?: readonly (readonly [key: string, value: string])[] | undefined;
}

/** Events with `fromMs ≤ time < toMs`. */
export interface Span {
  readonly application: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly filter: EventFilter;
}

/** Totals by one dimension: the `limit` groups with the largest cost, the rest together. */
export interface BreakdownQuery extends Span {
  readonly groupBy: Dimension;
  readonly limit: number;
}

/** `other` and `unattributed` are null when empty; all parts together are `total`. */
export interface Breakdown {
  readonly rows: readonly { readonly key: string; readonly sums: Sums }[];
  readonly other: Sums | null;
  readonly unattributed: Sums | null;
  readonly total: Sums;
}

/** The same in buckets of UTC hours, or of the days of a time zone. */
export interface SeriesQuery extends BreakdownQuery {
  readonly granularity: "hour" | "day";
  /** IANA name; UTC where it is not told. */
  readonly timeZone?: string | undefined;
}

/** `points` and `total` have one entry per bucket, gaps included. */
export interface Series {
  readonly buckets: readonly number[];
  readonly groups: readonly {
    readonly key: string;
    readonly kind: "value" | "other" | "unattributed";
    readonly points: readonly Sums[];
  }[];
  readonly total: readonly Sums[];
}

/** Where the next page starts: after the row with this order and id. */
export interface Position {
  readonly order: number;
  readonly id: string;
}

/** Which part of a list is asked for. */
export interface PageRequest {
  readonly limit: number;
  readonly ascending: boolean;
  readonly after: Position | undefined;
}

/** `next` is undefined on the last page. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: Position | undefined;
}

/** What an application holds altogether. */
export interface StatusSummary {
  readonly applicationName: string;
  readonly firstEventMs: number | null;
  readonly lastEventMs: number | null;
  readonly events: number;
  readonly seededEvents: number;
}

/** What the live stream tells. Requests that were recorded together have one `seq`. */
export type StreamEntry =
  | { readonly seq: number; readonly kind: "request"; readonly event: StoredEvent }
  | ScoreEntry;

/** A score in the live stream. */
export interface ScoreEntry {
  readonly seq: number;
  readonly kind: "score";
  readonly useCase: string;
  readonly instance: string;
  readonly kpi: string;
  readonly score: number | null;
}

/** A part of the live stream, in the order of `seq`. */
export interface StreamPart {
  readonly entries: readonly StreamEntry[];
  /** The part has everything up to here. */
  readonly toSeq: number;
  /** There is nothing after it yet. */
  readonly isEnd: boolean;
}

/** One broken invariant: which, where, and both figures. */
export interface VerifyFinding {
  readonly invariant: string;
  readonly row: string;
  readonly expected: string;
  readonly found: string;
}
