import { type Breakdown, type BreakdownQuery, type Series, type SeriesQuery } from "../store/query.ts";
import { isInRollups } from "../store/sql/measured-rows.ts";
import { type Store } from "../store/store.ts";
import { type TimeBuckets, bucketsOf, oneBucket } from "../store/time-buckets.ts";
import { type ClickHouseClient } from "./client.ts";
import { type CopiedSums, copiedSums } from "./copied-sums.ts";
import { toBreakdown, toSeries } from "./ranked-sums.ts";

/** What was answered, and by whom: `behind` entries were not in the copy yet; undefined: the store itself answered. */
export interface Answered<Value> {
  readonly value: Value;
  readonly behind: number | undefined;
}

/**
 * Sums by group: from the copy where no rollup of the store has them and the copy can speak for it, else from the store.
 * Without a client it is always the store.
 */
export class SumsReader {
  readonly #store: Store;
  readonly #client: ClickHouseClient | undefined;

  constructor(store: Store, client: ClickHouseClient | undefined) {
    this.#store = store;
    this.#client = client;
  }

  async breakdown(query: BreakdownQuery): Promise<Answered<Breakdown>> {
    const copied = await this.#ask(query, oneBucket(query.fromMs, query.toMs));
    if (copied === undefined) return { value: await this.#store.breakdown(query), behind: undefined };
    return { value: toBreakdown(copied, query.limit), behind: copied.behind };
  }

  async series(query: SeriesQuery): Promise<Answered<Series>> {
    const { fromMs, toMs, granularity, timeZone = "UTC", limit } = query;
    const buckets = bucketsOf(fromMs, toMs, granularity, timeZone);
    const copied = await this.#ask(query, buckets);
    if (copied === undefined) return { value: await this.#store.series(query), behind: undefined };
    return { value: toSeries(copied, limit, buckets.starts), behind: copied.behind };
  }

  async #ask(query: BreakdownQuery, buckets: TimeBuckets): Promise<CopiedSums | undefined> {
    if (this.#client === undefined || isInRollups(query, query.groupBy, buckets)) return undefined;
    return copiedSums(this.#store, this.#client, query, query.groupBy, buckets);
  }
}
