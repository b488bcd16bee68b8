/** The few places where the SQL of the two engines differs. Columns are names from the code, never from outside. */
export interface Dialect {
  /** The text under a key of a column with a JSON object; null where it has none. Takes the key. */
  property(column: string): string;
  /** A row source with a column `key` for every key of a column with a JSON object. */
  keys(column: string, alias: string): string;
  /** A row source with these columns, all text, for a JSON array of arrays. Takes the array. */
  rows(alias: string, columns: readonly string[]): string;
  /** A row source with a column `value` for every element of a column with a JSON array. */
  elements(column: string, alias: string): string;
  /** The engine's own clock in milliseconds UTC. */
  readonly clock: string;
  /** Checks of the engine itself; every row that does not say "ok" is a fault. */
  readonly integrityChecks: readonly string[];
  /** What gives free pages back. */
  readonly afterRemoval: readonly string[];
  /** Events by month: a question for those that are over, taking the time, and what drops one. */
  readonly monthTables: { readonly list: string; drop(table: string): readonly string[] } | undefined;
}

/** As SQLite spells it. */
export const SQLITE: Dialect = {
  property: (column) => `(SELECT value FROM json_each(${column}) WHERE key = ?)`,
  keys: (column, alias) => `json_each(${column}) AS ${alias}`,
  rows: (alias, columns) => `(SELECT ${items(columns)} FROM json_each(?)) AS ${alias}`,
  elements: (column, alias) => `json_each(${column}) AS ${alias}`,
  clock: "CAST(unixepoch('subsec') * 1000 AS INTEGER)",
  integrityChecks: ["PRAGMA integrity_check", "PRAGMA foreign_key_check"],
  afterRemoval: ["PRAGMA incremental_vacuum(5000)"],
  monthTables: undefined,
};

/** As PostgreSQL spells it. JSON is kept as text, so that it comes back as it was written. */
export const POSTGRES: Dialect = {
  property: (column) => `(CAST(${column} AS json) ->> CAST(? AS text))`,
  keys: (column, alias) => `json_object_keys(CAST(${column} AS json)) AS ${alias}(key)`,
  rows: (alias, columns) =>
    `(SELECT ${items(columns)} FROM jsonb_array_elements(CAST(? AS jsonb))) AS ${alias}`,
  elements: (column, alias) => `json_array_elements(CAST(${column} AS json)) AS ${alias}(value)`,
  clock: "CAST(floor(extract(epoch FROM clock_timestamp()) * 1000) AS BIGINT)",
  // Checksums and constraints are PostgreSQL's own work; what is ours is checked by the invariants.
  integrityChecks: [],
  // Autovacuum does that.
  afterRemoval: [],
  monthTables: {
    list: `SELECT quote_ident(month.relname) AS name FROM pg_inherits JOIN pg_class AS month ON month.oid = inhrelid
      WHERE inhparent = 'event'::regclass AND month.relname LIKE 'event_2%'
        AND month.relname < 'event_' || to_char(to_timestamp(CAST(? AS BIGINT) / 1000) AT TIME ZONE 'UTC', 'YYYY_MM')
      ORDER BY 1`,
    // Whoever reads events for long is not waited for, since everybody else would wait behind: the next day tries again.
    drop: (table) => [
      "SET LOCAL lock_timeout = '2s'",
      `ALTER TABLE event DETACH PARTITION ${table}`,
      `DROP TABLE ${table}`,
      "SET LOCAL lock_timeout = DEFAULT",
    ],
  },
};

function items(columns: readonly string[]): string {
  return columns.map((name, index) => `value ->> ${index} AS ${name}`).join(", ");
}
