/* oxlint-disable no-await-in-loop -- batch after batch: a score follows the events of its instance */
import { type IngestEvent } from "@payi/core/wire";

import { generateDemo } from "../demo/generate-demo.ts";
import { type IngestContext, ingestAll } from "./ingest.ts";

const BATCH = 500;
/** Small enough that live events are committed between two parts. */
const REMOVE_BATCH = 200;

/** Sends days of believable history through the ordinary ingest; the same seed gives the same history. */
export async function addDemo(
  context: IngestContext,
  options: { readonly days: number; readonly seed: number; readonly nowMs: number },
): Promise<{ readonly events: number; readonly scores: number }> {
  const demo = generateDemo(options);
  const { store, application } = context;
  for (const { useCaseName, kpi } of demo.kpis) {
    const useCase = { application, name: useCaseName, description: useCaseName };
    const open = { limitConfig: undefined, loggingEnabled: undefined, properties: {}, seeded: true };
    await store.createUseCase({ ...useCase, ...open });
    await store.createKpi({ ...kpi, application, useCase: useCaseName, seeded: true });
  }
  let events = 0;
  for (const batch of inBatches<IngestEvent>(demo.events)) {
    const outcomes = await ingestAll(context, batch);
    const refused = outcomes.find((outcome) => "error" in outcome);
    if (refused !== undefined && "error" in refused)
      throw new Error(`Demo event refused: ${refused.error.message}`);
    events += batch.length;
  }
  let scores = 0;
  for (const batch of inBatches(demo.scores)) {
    await Promise.all(
      batch.map(({ useCaseName, useCaseId, kpiName, score }) =>
        store.recordScore({
          application,
          useCase: useCaseName,
          instance: useCaseId,
          kpi: kpiName,
          score: Number(score),
          seeded: true,
        }),
      ),
    );
    scores += batch.length;
  }
  return { events, scores };
}

/** Takes all seeded events back; afterwards totals, limits and instances are as if they had never been. */
export async function removeDemo(context: Pick<IngestContext, "store" | "application">): Promise<number> {
  let removed = 0;
  let part: number;
  do {
    part = await context.store.removeSeeded(context.application, REMOVE_BATCH);
    removed += part;
  } while (part === REMOVE_BATCH);
  return removed;
}

function* inBatches<Item>(items: Iterable<Item>): Generator<readonly Item[]> {
  let batch: Item[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
