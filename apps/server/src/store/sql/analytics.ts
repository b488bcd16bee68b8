import { type Span, type StatusSummary } from "../query.ts";
import { type KpiSummary } from "../use-case.ts";
import { count, fromPair, number } from "./columns.ts";
import { KPI_COLUMNS, readKpi } from "./kpi-rows.ts";
import { type Program, all, get } from "./program.ts";

/** By score: engines add fractions up in orders of their own, so this is done here, in one order. */
const SCORES = `SELECT kpi_score.kpi, kpi_score.score, count(*) AS n, sum(instance.n - instance.unpriced) AS priced,
    CAST(sum(instance.cost_hi) AS TEXT) AS hi, CAST(sum(instance.cost_lo) AS TEXT) AS lo
  FROM kpi_score JOIN instance ON instance.application = kpi_score.application
    AND instance.use_case = kpi_score.use_case AND instance.id = kpi_score.instance
  WHERE kpi_score.application = ? AND kpi_score.use_case = ? AND instance.started_ms >= ?
    AND instance.started_ms < ? AND instance.version >= ? AND instance.version <= ?
  GROUP BY kpi_score.kpi, kpi_score.score ORDER BY kpi_score.kpi, kpi_score.score`;

/** No version is above it: the largest that the column holds on PostgreSQL. */
const LAST_VERSION = 2_147_483_647;

/** What the instances with a score of one KPI add up to. */
interface Scored {
  readonly count: number;
  readonly scoreSum: number;
  readonly successes: number;
  /** Requests with a known cost. */
  readonly priced: number;
  readonly cost: bigint;
}

/** KPIs of a use case over the instances that started in the period, of one version where the filter names one. */
export function* kpiSummary(
  span: Span,
  useCase: string,
): Program<{ readonly instances: number; readonly kpis: readonly KpiSummary[] }> {
  const { version } = span.filter;
  const versions = [version ?? 0, version ?? LAST_VERSION] as const;
  const where = [span.application, useCase, span.fromMs, span.toMs, ...versions] as const;
  const instances = yield* get(
    `SELECT count(*) AS n FROM instance WHERE application = ? AND use_case = ? AND started_ms >= ? AND started_ms < ?
       AND version >= ? AND version <= ?`,
    ...where,
  );
  const scored = new Map<string, Scored>();
  for (const row of yield* all(SCORES, ...where)) {
    const [kpi, times, score] = [String(row["kpi"]), count(row["n"]), Number(row["score"])];
    const known = scored.get(kpi) ?? { count: 0, scoreSum: 0, successes: 0, priced: 0, cost: 0n };
    scored.set(kpi, {
      count: known.count + times,
      scoreSum: known.scoreSum + score * times,
      successes: known.successes + (score === 1 ? times : 0),
      priced: known.priced + count(row["priced"]),
      cost: known.cost + fromPair(row["hi"], row["lo"]),
    });
  }
  const kpis = (yield* all(
    `SELECT ${KPI_COLUMNS} FROM kpi_def WHERE application = ? AND use_case = ? ORDER BY created_ms, name`,
    span.application,
    useCase,
  )).map((row): KpiSummary => {
    const kpi = readKpi(row);
    const found = scored.get(kpi.name);
    return {
      kpi,
      count: found?.count ?? 0,
      scoreSum: found?.scoreSum ?? 0,
      successes: found?.successes ?? 0,
      cost: found === undefined || found.priced === 0 ? null : found.cost,
    };
  });
  return { instances: count(instances?.["n"]), kpis };
}

/** What coverage strip and empty states say. */
export function* status(application: string): Program<StatusSummary> {
  const name = yield* get("SELECT name FROM application WHERE id = ?", application);
  const times = yield* get(
    `SELECT (SELECT time_ms FROM event WHERE application = ?1 ORDER BY time_ms LIMIT 1) AS first,
       (SELECT time_ms FROM event WHERE application = ?1 ORDER BY time_ms DESC LIMIT 1) AS last,
       (SELECT sum(n) FROM rollup_hour WHERE application = ?1) AS events,
       (SELECT count(*) FROM event WHERE application = ?1 AND seeded = 1) AS seeded`,
    application,
  );
  return {
    applicationName: String(name?.["name"] ?? application),
    firstEventMs: number(times?.["first"]),
    lastEventMs: number(times?.["last"]),
    events: count(times?.["events"]),
    seededEvents: count(times?.["seeded"]),
  };
}
