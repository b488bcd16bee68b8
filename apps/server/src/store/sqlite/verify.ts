import { type VerifyFinding } from "../query.ts";
import { type Sums } from "../sums.ts";
import { SUM_EVENTS, SUM_ROLLUP, fromPair, readSums } from "./columns.ts";
import { type Connection, type Row } from "./connection.ts";
import { LIMIT_STATES } from "./limit-rows.ts";
import { DAY_MS, HOUR_MS } from "./rollups.ts";

/** A total kept beside the events, and how the same total comes out of the events themselves. */
interface Total {
  readonly invariant: string;
  readonly kept: string;
  readonly counted: string;
}

const TOTALS: readonly Total[] = [
  {
    invariant: "rollup_hour = events",
    kept: `SELECT json_array(application, hour, use_case, category, resource) AS place, ${SUM_ROLLUP}
      FROM rollup_hour GROUP BY 1`,
    counted: `SELECT json_array(application, time_ms / ${HOUR_MS}, ifnull(use_case, ''), category, ifnull(resource, ''))
      AS place, ${SUM_EVENTS} FROM event GROUP BY 1`,
  },
  ...["user", "account"].map((dimension) => ({
    invariant: `rollup_dim_day of ${dimension} = events`,
    kept: `SELECT json_array(application, day, key) AS place, ${SUM_ROLLUP} FROM rollup_dim_day
      WHERE dimension = '${dimension}' GROUP BY 1`,
    counted: `SELECT json_array(application, time_ms / ${DAY_MS}, ifnull(${dimension}, '')) AS place, ${SUM_EVENTS}
      FROM event GROUP BY 1`,
  })),
  {
    invariant: "instance totals = events",
    kept: `SELECT json_array(application, use_case, id) AS place, ${SUM_ROLLUP} FROM instance GROUP BY 1`,
    // Requests outlive a deleted instance.
    counted: `SELECT json_array(application, use_case, instance) AS place, ${SUM_EVENTS} FROM event
      WHERE EXISTS (SELECT 1 FROM instance WHERE instance.application = event.application
        AND instance.use_case = event.use_case AND instance.id = event.instance) GROUP BY 1`,
  },
];

const ENTRY_SUMS = `CAST(sum(amount / 1000000000) AS TEXT) AS hi, CAST(sum(amount % 1000000000) AS TEXT) AS lo,
  CAST(sum(amount_input / 1000000000) AS TEXT) AS input_hi, CAST(sum(amount_input % 1000000000) AS TEXT) AS input_lo,
  sum(count) AS total, ${LIMIT_STATES.map((state) => `sum(CASE state WHEN '${state}' THEN count ELSE 0 END) AS ${state}`).join(", ")}`;

/** Questions whose every row is a broken invariant. */
const FAULTS: readonly { readonly invariant: string; readonly sql: string }[] = [
  {
    invariant: "cost of an event = its ledger entries",
    sql: `SELECT event_id AS place, CAST(ifnull(cost_total, 0) AS TEXT) AS expected, CAST(ledger AS TEXT) AS found
      FROM (SELECT event_id, sum(delta_total) AS ledger FROM cost_revision GROUP BY event_id)
      LEFT JOIN event ON event.id = event_id WHERE ledger <> ifnull(cost_total, 0)`,
  },
  {
    invariant: "every priced event stands in the ledger",
    sql: `SELECT id AS place, CAST(cost_total AS TEXT) AS expected, 'no entry' AS found FROM event
      WHERE cost_total IS NOT NULL AND NOT EXISTS (SELECT 1 FROM cost_revision WHERE event_id = event.id)`,
  },
  {
    invariant: "input + output = total",
    sql: `SELECT id AS place, CAST(cost_total AS TEXT) AS expected, CAST(cost_input + cost_output AS TEXT) AS found
      FROM event WHERE cost_input + cost_output <> cost_total`,
  },
  {
    invariant: "every provider response id is kept",
    sql: `SELECT id AS place, provider_response_id AS expected, 'no key' AS found FROM event
      WHERE provider_response_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM event_key
        WHERE event_key.application = event.application AND event_key.category = event.category
          AND event_key.kind = 'response' AND event_key.key = event.provider_response_id)`,
  },
  {
    invariant: "no latency is binned without an event",
    sql: `SELECT json_array(hist.application, hist.hour, hist.use_case, hist.category, hist.resource) AS place,
        CAST(ifnull(latency_n, 0) AS TEXT) AS expected, CAST(sum(hist.n) AS TEXT) AS found
      FROM latency_hist_hour AS hist LEFT JOIN rollup_hour USING (application, hour, use_case, category, resource)
      GROUP BY hist.application, hist.hour, hist.use_case, hist.category, hist.resource
      HAVING sum(hist.n) <> ifnull(latency_n, 0)`,
  },
];

/** Reads everything once; several minutes on a very large store. */
export function verify(connection: Connection): readonly VerifyFinding[] {
  const findings: VerifyFinding[] = [];
  for (const total of TOTALS) findings.push(...compareTotals(connection, total));
  findings.push(...compareWindows(connection));
  for (const { invariant, sql } of FAULTS) {
    for (const row of connection.all(sql)) {
      findings.push({
        invariant,
        row: String(row["place"]),
        expected: String(row["expected"]),
        found: String(row["found"]),
      });
    }
  }
  for (const pragma of ["integrity_check", "foreign_key_check"]) {
    for (const row of connection.all(`PRAGMA ${pragma}`)) {
      if (row["integrity_check"] === "ok") continue;
      findings.push({ invariant: pragma, row: JSON.stringify(row), expected: "ok", found: "a fault" });
    }
  }
  return findings;
}

function compareTotals(connection: Connection, total: Total): readonly VerifyFinding[] {
  const kept = byPlace(connection.all(total.kept), (row) => describeSums(readSums(row)));
  const counted = byPlace(connection.all(total.counted), (row) => describeSums(readSums(row)));
  return compare(total.invariant, kept, counted, describeSums(readSums({})));
}

function compareWindows(connection: Connection): readonly VerifyFinding[] {
  const place = "json_array(application, limit_id, value, window_start) AS place";
  const kept = connection.all(
    `SELECT ${place}, CAST(used_hi AS TEXT) AS hi, CAST(used_lo AS TEXT) AS lo, CAST(used_input_hi AS TEXT) AS input_hi,
       CAST(used_input_lo AS TEXT) AS input_lo, total, ${LIMIT_STATES.join(", ")} FROM limit_window`,
  );
  const counted = connection.all(`SELECT ${place}, ${ENTRY_SUMS} FROM limit_entry GROUP BY 1`);
  return compare(
    "limit window = its entries",
    byPlace(kept, describeWindow),
    byPlace(counted, describeWindow),
    describeWindow({}),
  );
}

function compare(
  invariant: string,
  kept: ReadonlyMap<string, string>,
  counted: ReadonlyMap<string, string>,
  nothing: string,
): readonly VerifyFinding[] {
  const findings: VerifyFinding[] = [];
  for (const row of new Set([...kept.keys(), ...counted.keys()])) {
    const [expected, found] = [counted.get(row) ?? nothing, kept.get(row) ?? nothing];
    if (expected !== found) findings.push({ invariant, row, expected, found });
  }
  return findings;
}

function byPlace(rows: readonly Row[], describe: (row: Row) => string): ReadonlyMap<string, string> {
  return new Map(rows.map((row) => [String(row["place"]), describe(row)]));
}

function describeSums(sums: Sums): string {
  return Object.entries(sums)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
}

function describeWindow(row: Row): string {
  const used = fromPair(row["hi"], row["lo"]);
  const input = fromPair(row["input_hi"], row["input_lo"]);
  const counts = ["total", ...LIMIT_STATES].map((name) => `${name} ${String(row[name] ?? 0)}`);
  return [`used ${used}`, `input ${input}`, ...counts].join(", ");
}
