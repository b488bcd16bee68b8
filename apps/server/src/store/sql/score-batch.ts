import { WireError, checkScore } from "@payi/core/wire";

import { type BatchScore, type ScoreOutcome, type StoredKpi } from "../use-case.ts";
import { insertInstance, unknownUseCase } from "./instance-rows.ts";
import { findKpi } from "./kpi-rows.ts";
import { createKpi, unknownKpi } from "./kpis.ts";
import { ChangedDays } from "./outcome-days.ts";
import { type Insert, type Program, type Value, all, dialect, run, runMany } from "./program.ts";
import { NEW_USE_CASE, findUseCase, newUseCaseValues } from "./use-case-rows.ts";

const SCORE: Insert = {
  table: "kpi_score",
  columns: ["application", "use_case", "kpi", "instance", "score", "created_ms", "updated_ms"],
  conflict: `ON CONFLICT (application, use_case, instance, kpi)
    DO UPDATE SET score = excluded.score, updated_ms = excluded.updated_ms`,
};
const OUTBOX: Insert = {
  table: "outbox",
  columns: ["application", "kind", "payload", "created_ms"],
  conflict: "",
};

/**
 * Records each score on its own, in order: one that breaks a rule leaves no trace and does not touch the others. What the
 * scores name is looked up once, what is missing of it is made, and few statements write the result.
 */
export function* recordScores(
  application: string,
  batch: readonly BatchScore[],
): Program<readonly ScoreOutcome[]> {
  const work = new ScoreBatch(application);
  yield* work.load(batch);
  const outcomes: ScoreOutcome[] = [];
  for (const score of batch) {
    try {
      yield* work.record(score);
      outcomes.push(undefined);
    } catch (error) {
      if (!WireError.is(error)) throw error;
      outcomes.push({ code: error.code, message: error.message });
    }
  }
  yield* work.flush();
  return outcomes;
}

class ScoreBatch {
  readonly #application: string;
  readonly #now = Date.now();
  readonly #useCases = new Set<string>();
  readonly #kpis = new Map<string, StoredKpi>();
  /** When they started. */
  readonly #instances = new Map<string, number>();
  readonly #days = new ChangedDays();
  /** One for each row that is written: the last. */
  readonly #scores = new Map<string, BatchScore>();
  readonly #told: (readonly Value[])[] = [];

  constructor(application: string) {
    this.#application = application;
  }

  *load(batch: readonly BatchScore[]): Program<void> {
    const wanted = new Map(
      batch.map(({ useCase, instance }) => [`${useCase}\n${instance}`, [useCase, instance]]),
    );
    const source = (yield* dialect()).rows("wanted", ["use_case", "id"]);
    const rows = yield* all(
      `SELECT instance.use_case AS use_case, instance.id AS id, instance.started_ms AS started_ms FROM ${source} CROSS JOIN instance
       WHERE instance.application = ? AND instance.use_case = wanted.use_case AND instance.id = wanted.id`,
      JSON.stringify([...wanted.values()]),
      this.#application,
    );
    for (const row of rows) {
      this.#instances.set(`${String(row["use_case"])}\n${String(row["id"])}`, Number(row["started_ms"]));
    }
  }

  /** Everything that may refuse the score comes before anything that changes. */
  *record(item: BatchScore): Program<void> {
    const { useCase, instance, kpi, score } = item;
    const known = yield* this.#find(useCase, kpi);
    const type = known?.kpiType ?? item.definition?.kpiType;
    if (type === undefined)
      throw this.#useCases.has(useCase) ? unknownKpi(useCase, kpi) : unknownUseCase(useCase);
    if (score !== null) checkScore(type, score);
    this.#days.note(this.#application, yield* this.#make(item, known));
    this.#scores.set(`${useCase}\n${instance}\n${kpi}`, item);
    const payload = JSON.stringify({ useCase, instance, kpi, score });
    this.#told.push([this.#application, "score", payload, this.#now]);
  }

  *flush(): Program<void> {
    const rows: (readonly Value[])[] = [];
    for (const { useCase, kpi, instance, score } of this.#scores.values()) {
      if (score !== null) {
        rows.push([this.#application, useCase, kpi, instance, score, this.#now, this.#now]);
        continue;
      }
      yield* run(
        "DELETE FROM kpi_score WHERE application = ? AND use_case = ? AND instance = ? AND kpi = ?",
        this.#application,
        useCase,
        instance,
        kpi,
      );
    }
    yield* runMany(SCORE, rows);
    yield* this.#days.flush();
    yield* runMany(OUTBOX, this.#told);
  }

  *#find(useCase: string, kpi: string): Program<StoredKpi | undefined> {
    const key = `${useCase}\n${kpi}`;
    const seen = this.#kpis.get(key);
    if (seen !== undefined) return seen;
    if (!this.#useCases.has(useCase)) {
      if ((yield* findUseCase(this.#application, useCase)) === undefined) return undefined;
      this.#useCases.add(useCase);
    }
    const known = yield* findKpi(this.#application, useCase, kpi);
    if (known !== undefined) this.#kpis.set(key, known);
    return known;
  }

  /** What the score names and is not there yet; tells when its instance started. */
  *#make(item: BatchScore, known: StoredKpi | undefined): Program<number> {
    const { useCase, instance, definition } = item;
    const application = this.#application;
    if (!this.#useCases.has(useCase)) {
      const named = { application, name: useCase, description: useCase, properties: {}, seeded: false };
      const made = { ...named, loggingEnabled: undefined, limitConfig: undefined, automatic: true };
      yield* runMany(NEW_USE_CASE, [newUseCaseValues(made, this.#now)]);
      this.#useCases.add(useCase);
    }
    if (known === undefined && definition !== undefined) {
      const { value } = yield* createKpi({
        ...definition,
        application,
        useCase,
        name: item.kpi,
        seeded: false,
      });
      this.#kpis.set(`${useCase}\n${item.kpi}`, value);
    }
    const name = `${useCase}\n${instance}`;
    const startedMs = this.#instances.get(name);
    if (startedMs !== undefined) return startedMs;
    this.#instances.set(name, this.#now);
    yield* insertInstance({
      application,
      useCase,
      id: instance,
      version: item.version,
      user: item.user,
      account: item.account,
      limitIds: undefined,
      defaultUser: null,
      defaultAccount: null,
      properties: item.properties ?? {},
      startedMs: this.#now,
      seen: false,
      seeded: false,
    });
    return this.#now;
  }
}
