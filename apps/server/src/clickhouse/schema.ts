/** The table of steps: every row is added up with its sign, so that a correction is two more rows and no update. */
export const COPY_TABLE = "payi_event_step";

/**
 * Amounts are pico-dollars. Nobody's value is the empty text, as in the rollups. One month of one application is read
 * in the order in which charts ask.
 */
export const CREATE_COPY_TABLE: string = `CREATE TABLE IF NOT EXISTS ${COPY_TABLE} (
  application LowCardinality(String),
  seq UInt64,
  sign Int8,
  event_id String,
  time_ms Int64,
  category LowCardinality(String),
  resource LowCardinality(String),
  use_case LowCardinality(String),
  instance String,
  user String,
  account String,
  outcome LowCardinality(String),
  error UInt8,
  blocked UInt8,
  latency_ms Nullable(Int64),
  tokens_input Int64,
  tokens_output Int64,
  cost_input Nullable(Int64),
  cost_total Nullable(Int64),
  properties Map(String, String)
) ENGINE = MergeTree
PARTITION BY toYYYYMM(fromUnixTimestamp64Milli(time_ms))
ORDER BY (application, time_ms, event_id, seq)
SETTINGS non_replicated_deduplication_window = 10000`;
