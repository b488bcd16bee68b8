import { type Units, type UsageSource, type Outcome } from "../usage.ts";
/**
 * What the dashboard and other readers get (additions, "Routes"). Shapes as they stand on the wire: the readers
 * are browsers, which take them as they come. Money is exact decimal text in USD, `null` where nothing is known;
 * times are ISO 8601 UTC. Every total counts what is unpriced beside it: an unknown cost is never part of a sum
 * and never shown as zero.
 */
import { type CostLineText, type LimitState, type PricingStatus } from "./result.ts";

/**
 * What analytics can be grouped and filtered by. `version` is the use case's, `usage_source` who told the counts,
 * `property:<key>` any request or use-case property.
 */
export type Dimension =
  | "use_case"
  | "version"
  | "resource"
  | "category"
  | "user"
  | "account"
  | "usage_source"
  | `property:${string}`;

/** Sums over a set of requests. */
export interface Measures {
  readonly requests: number;
  readonly errors: number;
  readonly blocked: number;
  /** Requests without a cost; their tokens are in `units`, their money is in no sum. */
  readonly unpriced: number;
  /** Exact decimal USD over the priced requests; `null` when none of them is priced. */
  readonly cost: string | null;
  readonly cost_input: string | null;
  readonly cost_output: string | null;
  readonly tokens_input: number;
  readonly tokens_output: number;
  /** Mean over requests that told a latency; `null` when none did. */
  readonly latency_ms: number | null;
}

/** `GET /analytics/breakdown?group_by=…&from=…&to=…[&limit=20][&filter…]` */
export interface BreakdownAnswer {
  readonly request_id: string;
  readonly group_by: Dimension;
  readonly from: string;
  readonly to: string;
  /** Largest cost first. `key` is the value; never one of the two rows below. */
  readonly rows: readonly ({ readonly key: string } & Measures)[];
  /** What is not among `rows`; `null` when nothing is left out. */
  readonly other: Measures | null;
  /** Requests without a value for the dimension; `null` when there are none. */
  readonly unattributed: Measures | null;
  /** Always the sum of all of the above. */
  readonly total: Measures;
}

/** `GET /analytics/series?group_by=…&granularity=hour|day&from=…&to=…[&limit=6][&filter…]` */
export interface SeriesAnswer {
  readonly request_id: string;
  readonly group_by: Dimension;
  readonly granularity: "hour" | "day";
  /** IANA name: whose days the buckets are. Hours are those of UTC. */
  readonly time_zone: string;
  readonly from: string;
  readonly to: string;
  /** Start of every bucket that `[from, to)` touches, ascending, gaps included, in UTC. A day may have 23 or 25 hours. */
  readonly buckets: readonly string[];
  /** One per group, largest cost first; `points[i]` belongs to `buckets[i]`. `kind` tells the two special rows. */
  readonly groups: readonly {
    readonly key: string;
    readonly kind: "value" | "other" | "unattributed";
    readonly points: readonly Measures[];
  }[];
  readonly total: readonly Measures[];
}

/** Counts by unit and direction that no price covers. A direction that is left out is covered, or was not there. */
export type UnpricedUnits = Readonly<
  Record<string, { readonly input?: number | undefined; readonly output?: number | undefined }>
>;

/** One request in a list and in the live stream. */
export interface RequestSummary {
  readonly request_id: string;
  readonly time: string;
  readonly category: string;
  readonly resource: string | null;
  readonly use_case_name: string | null;
  readonly use_case_id: string | null;
  readonly use_case_version: number | null;
  readonly use_case_step: string | null;
  readonly user_id: string | null;
  readonly account_name: string | null;
  readonly http_status_code: number | null;
  readonly outcome: Outcome | null;
  readonly usage_source: UsageSource | null;
  readonly streamed: boolean;
  readonly latency_ms: number | null;
  readonly time_to_first_token_ms: number | null;
  readonly units: Units;
  readonly tokens_input: number;
  readonly tokens_output: number;
  readonly status: PricingStatus;
  /** Exact decimal USD; `null` when unknown. */
  readonly cost: string | null;
  readonly cost_input: string | null;
  readonly cost_output: string | null;
  readonly seeded: boolean;
  readonly failure: string | null;
  /** Its cost was taken back; absent from servers that cannot void. */
  readonly voided?: boolean;
}

/** One figure that a request had: what was recorded first, then what each re-pricing made of it. */
export interface CostRevision {
  readonly revision: number;
  /** Exact decimal text in USD. */
  readonly amount: string | null;
  /** The price book behind the figure. */
  readonly book: string;
  /** `ingest`, or why it was priced again. */
  readonly reason: string;
  /** ISO 8601 UTC. */
  readonly time: string;
}

/** `GET /analytics/requests/{request_id}` */
export interface RequestDetail extends RequestSummary {
  readonly provider_response_id: string | null;
  readonly provider_uri: string | null;
  readonly resource_scope: string | null;
  /** What the failure said, in the client's words; cut where it is long. */
  readonly failure_description: string | null;
  /** What was said, where it was kept and is kept still; else null. */
  readonly provider_request_json: string | null;
  readonly provider_request_reasoning_json: string | null;
  readonly provider_response_json: string | null;
  readonly properties: Readonly<Record<string, string>>;
  readonly use_case_properties: Readonly<Record<string, string>>;
  readonly lines: readonly CostLineText[];
  readonly unknown_units: UnpricedUnits;
  readonly book: string | null;
  /** Every figure that the request had, oldest first; the last one is its cost. A null amount is unknown, never 0. */
  readonly revisions: readonly CostRevision[];
  readonly limits: Readonly<Record<string, { readonly state: LimitState }>>;
  readonly function_calls: readonly { readonly name: string; readonly arguments?: string | undefined }[];
  readonly ingest_time: string;
  /** Why its cost was taken back, by whom and when. */
  readonly void?: { readonly reason: string; readonly actor: string; readonly time: string };
}

export interface Page<Item> {
  readonly request_id: string;
  readonly items: readonly Item[];
  /** Absent or null on the last page. */
  readonly cursor: string | null;
}

export interface KpiScore {
  readonly kpi_name: string;
  readonly kpi_type: string;
  readonly goal: number;
  readonly score: number;
  readonly update_timestamp: string;
}

/** One instance in a list: `GET /analytics/instances?use_case_name=…` */
export interface InstanceSummary extends Measures {
  readonly use_case_name: string;
  readonly use_case_id: string;
  readonly use_case_version: number;
  readonly user_id: string | null;
  readonly account_name: string | null;
  readonly started: string;
  readonly last_seen: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly kpis: readonly KpiScore[];
}

/** `GET /analytics/instances/{use_case_name}/{use_case_id}` */
export interface InstanceDetail extends InstanceSummary {
  readonly request_id: string;
  readonly limit_id: string | null;
  /** In order of time. */
  readonly calls: readonly RequestSummary[];
}

/** One KPI over the instances of a use case in a period. */
export interface KpiAggregate {
  readonly kpi_name: string;
  readonly kpi_type: string;
  readonly description: string;
  readonly goal: number;
  /** Instances with a score. */
  readonly count: number;
  /** Boolean: share of true. Others: mean. `null` without scores. */
  readonly value: number | null;
  /** `value / goal`; `null` without scores or with goal 0. */
  readonly attainment: number | null;
  /** For booleans: cost of the scored instances ÷ number of true; exact decimal, rounded half-even at 1e-12. */
  readonly cost_per_success: string | null;
  /** Where the true value is with 95 % confidence; `null` without one, or with a single scored instance. */
  readonly cost_per_success_interval: { readonly low: string; readonly high: string } | null;
}

/** `GET /analytics/kpis?use_case_name=…&from=…&to=…` */
export interface KpisAnswer {
  readonly request_id: string;
  readonly use_case_name: string;
  readonly instances: number;
  readonly kpis: readonly KpiAggregate[];
}

/** `GET /analytics/status`: what the coverage strip and the empty states say. */
export interface StatusAnswer {
  readonly request_id: string;
  readonly application: string;
  /** IANA name: whose days charts are drawn by. */
  readonly time_zone: string;
  /** Version of the price book in force. */
  readonly book: string;
  readonly first_event: string | null;
  readonly last_event: string | null;
  readonly events: number;
  readonly seeded_events: number;
  readonly now: string;
  readonly version: string;
}
