import { WireError } from "@payi/core/wire";

import { type StoredEvent } from "../event.ts";
import { type EventName } from "../store.ts";
import { negateSums } from "../sums.ts";
import { dropLostLines } from "./change-lines.ts";
import { writeEntry } from "./charge.ts";
import { toJson } from "./columns.ts";
import { keepForCopy } from "./copy.ts";
import { EVENT_COLUMNS, readEvent } from "./event-row.ts";
import { event as findEvent } from "./events.ts";
import { chargesOf, reversed } from "./limit-entries.ts";
import { changeDaysWhere } from "./outcome-days.ts";
import { type Program, all, run } from "./program.ts";
import { mergeProperties } from "./properties.ts";
import { RollupChanges, sumsOf } from "./rollups.ts";

const FAILURE = "system.failure";
const DESCRIPTION = "system.failure.description";

/** Merges request properties. `system.failure` says afterwards that a call failed, so it moves the error counters. */
export function* changeEventProperties(
  name: EventName,
  patch: Readonly<Record<string, string | null>>,
): Program<StoredEvent> {
  const known = yield* findEvent(name);
  if (known === undefined) throw unknownRequest("id" in name ? name.id : name.providerResponseId);
  const {
    [FAILURE]: failure = known.failure,
    [DESCRIPTION]: description = known.failureDescription,
    ...rest
  } = patch;
  const changed: StoredEvent = {
    ...known,
    failure,
    failureDescription: description,
    error: failure === null ? known.error && known.failure === null : true,
    properties: mergeProperties(known.properties, rest),
  };
  yield* keepForCopy(known);
  yield* run(
    "UPDATE event SET failure = ?, failure_description = ?, error = ?, properties = ? WHERE id = ?",
    changed.failure,
    changed.failureDescription,
    changed.error ? 1 : 0,
    toJson(changed.properties),
    known.id,
  );
  const changes = new RollupChanges();
  changes.add(known, negateSums(sumsOf(known)));
  changes.add(changed, sumsOf(changed));
  yield* changes.flush();
  return changed;
}

/** Takes seeded events back: ledger and limits get reversing entries, totals lose what was added. */
export function* removeSeeded(application: string, number: number): Program<number> {
  const found = (yield* all(
    `SELECT ${EVENT_COLUMNS} FROM event WHERE application = ? AND seeded = 1 ORDER BY id LIMIT ?`,
    application,
    number,
  )).map(readEvent);
  const changes = new RollupChanges();
  for (const event of found) {
    changes.add(event, negateSums(sumsOf(event)));
    yield* takeBack(event);
  }
  yield* changes.flush();
  if (found.length < number) yield* removeSeededDefinitions(application);
  return found.length;
}

function* takeBack(event: StoredEvent): Program<void> {
  const now = Date.now();
  yield* run(
    `INSERT INTO cost_revision (event_id, revision, application, delta_input, delta_output, delta_total, book, reason,
       created_ms)
     SELECT event_id, max(revision) + 1, max(application), -sum(delta_input), -sum(delta_output), -sum(delta_total), max(book),
       'seeded data removed', CAST(? AS BIGINT) FROM cost_revision WHERE event_id = ? GROUP BY event_id`,
    now,
    event.id,
  );
  for (const charged of yield* chargesOf(event, Object.keys(event.limits))) {
    yield* writeEntry(reversed(charged));
  }
  if (event.providerResponseId !== null) {
    yield* run(
      "DELETE FROM event_key WHERE application = ? AND category = ? AND kind = 'response' AND key = ?",
      event.application,
      event.category,
      event.providerResponseId,
    );
  }
  yield* run("DELETE FROM event_text WHERE event_id = ?", event.id);
  yield* run("DELETE FROM event WHERE id = ?", event.id);
}

/** What only seeded events used: instances, KPIs, use cases, and rollup rows that have become empty. */
function* removeSeededDefinitions(application: string): Program<void> {
  const abandoned = "application = ?1 AND seeded = 1 AND n = 0";
  yield* run(
    `DELETE FROM limit_def WHERE application = ?1 AND automatic = 1
       AND id IN (SELECT limit_id FROM instance WHERE ${abandoned})`,
    application,
  );
  yield* dropLostLines(application);
  yield* changeDaysWhere(abandoned, application);
  yield* run(`DELETE FROM instance WHERE ${abandoned}`, application);
  yield* run(
    `DELETE FROM kpi_def WHERE application = ?1 AND seeded = 1 AND NOT EXISTS (SELECT 1 FROM kpi_score
       WHERE kpi_score.application = ?1 AND kpi_score.use_case = kpi_def.use_case AND kpi_score.kpi = kpi_def.name)`,
    application,
  );
  yield* run(
    `DELETE FROM use_case WHERE application = ?1 AND seeded = 1
       AND NOT EXISTS (SELECT 1 FROM instance WHERE application = ?1 AND instance.use_case = use_case.name)
       AND NOT EXISTS (SELECT 1 FROM kpi_def WHERE application = ?1 AND kpi_def.use_case = use_case.name)`,
    application,
  );
  for (const table of ["rollup_hour", "rollup_dim_day", "latency_hist_hour"]) {
    yield* run(`DELETE FROM ${table} WHERE application = ? AND n = 0`, application);
  }
}

/** The error for a request that is not there. */
export function unknownRequest(id: string): WireError {
  return new WireError(
    "request_not_found",
    `There is no request ${JSON.stringify(id)}. Ids are in the answers of ingest and in GET /api/v1/analytics/requests.`,
  );
}
