import { type Dimension } from "@payi/core/wire";

import { type VerifyFinding } from "../query.ts";
import { type Sums } from "../sums.ts";
import { SUM_EVENTS, SUM_ROLLUP, fromPair, readSums } from "./columns.ts";
import { declaredDimensions } from "./declared-dimensions.ts";
import { limitLines } from "./entry-lists.ts";
import { dimensionValue } from "./filter.ts";
import { LIMIT_STATES } from "./limit-rows.ts";
import { type Program, type Row, type Value, all, dialect } from "./program.ts";
import { DAY_MS, HOUR_MS } from "./rollups.ts";
import { verifyHolds } from "./verify-holds.ts";
import { verifyOutcomes } from "./verify-outcomes.ts";

/** A total kept beside the events, and how the same total comes out of the events themselves. */
interface Total {
  readonly invariant: string;
  readonly kept: string;
  readonly counted: string;
  /** Of both. */
  readonly values?: { readonly kept: readonly Value[]; readonly counted: readonly Value[] };
}

/** Retention removes events and leaves their totals: an application is compared from where its events are all there. */
const KEPT = "LEFT JOIN retention USING (application)";
const FROM = "coalesce(events_from_ms, 0)";

const TOTALS: readonly Total[] = [
  {
    invariant: "rollup_hour = events",
    kept: `SELECT application, hour, use_case, category, resource, ${SUM_ROLLUP}
      FROM rollup_hour ${KEPT} WHERE hour >= ${FROM} / ${HOUR_MS} GROUP BY 1, 2, 3, 4, 5`,
    counted: `SELECT application, time_ms / ${HOUR_MS} AS hour, coalesce(use_case, '') AS use_case, category,
      coalesce(resource, '') AS resource, ${SUM_EVENTS}
      FROM event ${KEPT} WHERE time_ms >= ${FROM} GROUP BY 1, 2, 3, 4, 5`,
  },
  ...["user", "account"].map((dimension) => ({
    invariant: `rollup_dim_day of ${dimension} = events`,
    kept: `SELECT application, day, key, ${SUM_ROLLUP} FROM rollup_dim_day ${KEPT}
      WHERE dimension = '${dimension}' AND day >= ${FROM} / ${DAY_MS} GROUP BY 1, 2, 3`,
    counted: `SELECT application, time_ms / ${DAY_MS} AS day, coalesce("${dimension}", '') AS key, ${SUM_EVENTS}
      FROM event ${KEPT} WHERE time_ms >= ${FROM} GROUP BY 1, 2, 3`,
  })),
  {
    invariant: "instance totals = events",
    kept: `SELECT application, use_case, id AS instance, ${SUM_ROLLUP} FROM instance ${KEPT}
      WHERE started_ms >= ${FROM} GROUP BY 1, 2, 3`,
    // Requests outlive a deleted instance. The sum keeps SQLite from looking for instances by their start.
    counted: `SELECT application, use_case, instance, ${SUM_EVENTS} FROM event ${KEPT}
      WHERE EXISTS (SELECT 1 FROM instance WHERE instance.application = event.application
        AND instance.use_case = event.use_case AND instance.id = event.instance
        AND instance.started_ms + 0 >= ${FROM}) GROUP BY 1, 2, 3`,
  },
];

const ENTRY_SUMS = `CAST(sum(amount / 1000000000) AS TEXT) AS hi, CAST(sum(amount % 1000000000) AS TEXT) AS lo,
  CAST(sum(amount_input / 1000000000) AS TEXT) AS input_hi, CAST(sum(amount_input % 1000000000) AS TEXT) AS input_lo,
  sum(count) AS total, ${LIMIT_STATES.map((state) => `sum(CASE state WHEN '${state}' THEN count ELSE 0 END) AS ${state}`).join(", ")}`;

/** Questions whose every row is a broken invariant. */
const FAULTS: readonly { readonly invariant: string; readonly sql: string }[] = [
  {
    invariant: "cost of an event = its ledger entries",
    sql: `SELECT event_id AS place, CAST(coalesce(cost_total, 0) AS TEXT) AS expected, CAST(ledger AS TEXT) AS found
      FROM (SELECT event_id, max(application) AS ledger_application, min(created_ms) AS first_ms,
        sum(delta_total) AS ledger FROM cost_revision GROUP BY event_id) AS revisions
      LEFT JOIN event ON event.id = event_id LEFT JOIN retention ON retention.application = ledger_application
      WHERE ledger <> coalesce(cost_total, 0) AND (event.id IS NOT NULL OR first_ms >= coalesce(swept_ms, 0))`,
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
    sql: `SELECT hist.use_case || ' ' || hist.category || ' ' || hist.resource || ' ' || CAST(hist.hour AS TEXT) AS place,
        CAST(coalesce(max(latency_n), 0) AS TEXT) AS expected, CAST(sum(hist.n) AS TEXT) AS found
      FROM latency_hist_hour AS hist LEFT JOIN rollup_hour USING (application, hour, use_case, category, resource)
      GROUP BY hist.application, hist.hour, hist.use_case, hist.category, hist.resource
      HAVING sum(hist.n) <> coalesce(max(latency_n), 0)`,
  },
];

/** Reads everything once; several minutes on a very large store. */
export function* verify(): Program<readonly VerifyFinding[]> {
  const findings: VerifyFinding[] = [];
  const totals = [...TOTALS, ...(yield* declaredTotals())];
  for (const total of totals) findings.push(...(yield* compareTotals(total)));
  findings.push(...(yield* compareWindows()), ...(yield* verifyHolds()), ...(yield* verifyOutcomes()));
  for (const { invariant, sql } of FAULTS) {
    for (const row of yield* all(sql)) {
      findings.push({
        invariant,
        row: String(row["place"]),
        expected: String(row["expected"]),
        found: String(row["found"]),
      });
    }
  }
  for (const sql of (yield* dialect()).integrityChecks) {
    for (const row of yield* all(sql)) {
      if (Object.values(row).includes("ok")) continue;
      findings.push({ invariant: sql, row: JSON.stringify(row), expected: "ok", found: "a fault" });
    }
  }
  return findings;
}

/** Totals of properties that were declared, from the day on that they are whole. */
function* declaredTotals(): Program<readonly Total[]> {
  const engine = yield* dialect();
  return (yield* declaredDimensions()).map(({ application, dimension, fromDay }): Total => {
    const value = dimensionValue(engine, dimension as Dimension);
    return {
      invariant: `rollup_dim_day of ${dimension} = events`,
      kept: `SELECT application, day, key, ${SUM_ROLLUP} FROM rollup_dim_day ${KEPT}
        WHERE application = ? AND dimension = ? AND day >= ? AND day >= ${FROM} / ${DAY_MS} GROUP BY 1, 2, 3`,
      counted: `SELECT * FROM (SELECT application, time_ms / ${DAY_MS} AS day, coalesce(${value.sql}, '') AS key, ${SUM_EVENTS}
        FROM event ${KEPT} WHERE application = ? AND time_ms >= ? AND time_ms >= ${FROM} GROUP BY 1, 2, 3) AS counted
        WHERE key <> ''`,
      values: {
        kept: [application, dimension, fromDay],
        counted: [...value.values, application, fromDay * DAY_MS],
      },
    };
  });
}

function* compareTotals(total: Total): Program<readonly VerifyFinding[]> {
  const { kept: keptValues = [], counted: countedValues = [] } = total.values ?? {};
  const kept = byPlace(yield* all(total.kept, ...keptValues), (row) => describeSums(readSums(row)));
  const counted = byPlace(yield* all(total.counted, ...countedValues), (row) => describeSums(readSums(row)));
  return compare(total.invariant, kept, counted, describeSums(readSums({})));
}

function* compareWindows(): Program<readonly VerifyFinding[]> {
  const place = "application, limit_id, value, window_start";
  const kept = yield* all(
    `SELECT ${place}, CAST(used_hi AS TEXT) AS hi, CAST(used_lo AS TEXT) AS lo, CAST(used_input_hi AS TEXT) AS input_hi,
       CAST(used_input_lo AS TEXT) AS input_lo, total, ${LIMIT_STATES.join(", ")} FROM limit_window`,
  );
  const counted = yield* all(
    `SELECT ${place}, ${ENTRY_SUMS} FROM ${limitLines(yield* dialect())} GROUP BY 1, 2, 3, 4`,
  );
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
  for (const row of [...new Set([...kept.keys(), ...counted.keys()])].toSorted()) {
    const [expected, found] = [counted.get(row) ?? nothing, kept.get(row) ?? nothing];
    if (expected !== found) findings.push({ invariant, row, expected, found });
  }
  return findings;
}

function byPlace(rows: readonly Row[], describe: (row: Row) => string): ReadonlyMap<string, string> {
  return new Map(rows.map((row) => [placeOf(row), describe(row)]));
}

const PLACE = [
  "application",
  "hour",
  "day",
  "use_case",
  "category",
  "resource",
  "key",
  "instance",
  "limit_id",
  "value",
];

/** The columns that name a row of totals, with the start of a window as the last. */
function placeOf(row: Row): string {
  return JSON.stringify([...PLACE, "window_start"].flatMap((name) => row[name] ?? []));
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
