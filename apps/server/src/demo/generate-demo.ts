import { type IngestEvent, type KpiInput } from "@payi/core/wire";

import { generateDay } from "./demo-day.ts";
import { DEMO_USE_CASES } from "./demo-use-case.ts";

export interface DemoOptions {
  /** UTC days, the present one included. */
  readonly days: number;
  /** Another seed is other traffic, with ids of its own. */
  readonly seed: number;
  /** Nothing is later than this. */
  readonly nowMs: number;
}

/** A score of a made-up instance. */
interface DemoScore {
  readonly useCaseName: string;
  readonly useCaseId: string;
  readonly kpiName: string;
  readonly score: number | boolean;
}

/** Made-up traffic. Both generators hold one day at a time and may be run independently of each other. */
export interface Demo {
  readonly events: Generator<IngestEvent>;
  readonly scores: Generator<DemoScore>;
  readonly kpis: readonly { readonly useCaseName: string; readonly kpi: KpiInput }[];
}

const DAY_MS = 86_400_000;
/** How long ago the second versions began: within the week that a reader looks at first. */
const NEWEST_DAYS = 4;

/**
 * Some days of believable traffic, about 400 events a day. Every event has the property `system.seeded` and a provider
 * response id that depends on seed, day and position alone, so that loading the same days twice changes nothing.
 */
export function generateDemo(options: DemoOptions): Demo {
  return {
    events: events(options),
    scores: scores(options),
    kpis: DEMO_USE_CASES.flatMap(({ name, kpis }) => kpis.map((kpi) => ({ useCaseName: name, kpi }))),
  };
}

function* events(options: DemoOptions): Generator<IngestEvent> {
  for (const instance of instances(options)) yield* instance.events;
}

function* scores(options: DemoOptions): Generator<DemoScore> {
  for (const { useCaseName, useCaseId, scores: given } of instances(options)) {
    for (const [kpiName, score] of Object.entries(given)) yield { useCaseName, useCaseId, kpiName, score };
  }
}

function* instances({ days, seed, nowMs }: DemoOptions) {
  const today = Math.floor(nowMs / DAY_MS);
  for (let day = today - days + 1; day <= today; day += 1) {
    const newest = today - day < Math.min(days / 2, NEWEST_DAYS) ? 2 : 1;
    for (const instance of generateDay(seed, day, newest)) if (instance.endMs <= nowMs) yield instance;
  }
}
