import { WireError } from "@payi/core/wire";

import { type IngestOutcome, type NewEvent, type StoredEvent } from "../event.ts";
import { charge, limitsOf } from "./charge.ts";
import { EVENT_COLUMNS, insertEvent, readEvent } from "./event-row.ts";
import { type InstanceRow } from "./instance-rows.ts";
import { placeInstance } from "./place-instance.ts";
import { type Program, get, run, savepoint } from "./program.ts";
import { mergeProperties } from "./properties.ts";
import { RollupChanges, sumsOf } from "./rollups.ts";
import { findUseCase } from "./use-case-rows.ts";

/**
 * Records each event on its own: one that breaks a rule leaves no trace and does not touch the others. Totals change
 * once for all events of the batch, at its end.
 */
export function* ingest(batch: readonly NewEvent[]): Program<readonly IngestOutcome[]> {
  const changes = new RollupChanges();
  const outcomes: IngestOutcome[] = [];
  for (const event of batch) {
    try {
      const outcome = yield* savepoint(() => ingestOne(event));
      if ("event" in outcome && !outcome.duplicate) changes.add(outcome.event, sumsOf(outcome.event));
      outcomes.push(outcome);
    } catch (error) {
      if (!WireError.is(error)) throw error;
      outcomes.push({ error: { code: error.code, message: error.message } });
    }
  }
  yield* changes.flush();
  return outcomes;
}

function* ingestOne(event: NewEvent): Program<IngestOutcome> {
  const first = yield* findRepeat(event);
  if (first !== undefined) return { event: first, duplicate: true, differs: !sameContent(first, event) };

  const instance = yield* placeInstance(event);
  const limits = yield* limitsOf(
    event,
    event.limitIds ?? instance?.defaultLimitIds ?? [],
    instance?.limitId ?? null,
  );
  const charges = yield* charge(event, limits);
  const stored = toStored(event, instance, charges);
  yield* insertEvent(stored);
  if (event.key !== undefined) {
    yield* run(
      "INSERT INTO event_key (application, category, kind, key, event_id) VALUES (?, ?, ?, ?, ?)",
      event.application,
      event.category,
      event.key.kind,
      event.key.id,
      event.id,
    );
  }
  if (stored.cost !== null) {
    yield* run(
      `INSERT INTO cost_revision (event_id, revision, application, delta_input, delta_output, delta_total, book, reason,
         created_ms) VALUES (?, 0, ?, ?, ?, ?, ?, 'ingest', ?)`,
      event.id,
      event.application,
      stored.cost.input,
      stored.cost.output,
      stored.cost.total,
      event.book,
      event.receivedMs,
    );
  }
  yield* keepText(event);
  if (event.seeded) return { event: stored, duplicate: false, differs: false };
  yield* run(
    "INSERT INTO outbox (application, kind, event_id, payload, created_ms) VALUES (?, 'request', ?, '{}', ?)",
    event.application,
    event.id,
    event.receivedMs,
  );
  return { event: stored, duplicate: false, differs: false };
}

const FIND_REPEAT = `SELECT ${EVENT_COLUMNS} FROM event_key JOIN event ON event.id = event_key.event_id
     WHERE event_key.application = ? AND event_key.category = ? AND event_key.kind = ? AND event_key.key = ?`;

function* findRepeat(event: NewEvent): Program<StoredEvent | undefined> {
  if (event.key === undefined) return undefined;
  const row = yield* get(FIND_REPEAT, event.application, event.category, event.key.kind, event.key.id);
  return row === undefined ? undefined : readEvent(row);
}

function sameContent(first: StoredEvent, again: NewEvent): boolean {
  return first.resource === again.resource && JSON.stringify(first.units) === JSON.stringify(again.units);
}

function toStored(
  event: NewEvent,
  instance: InstanceRow | null,
  charges: { readonly states: StoredEvent["limits"]; readonly overrun: bigint | null },
): StoredEvent {
  const { instanceProperties, limitIds: _limitIds, key: _key, text: _text, ...facts } = event;
  return {
    ...facts,
    useCase: instance?.useCase ?? null,
    instance: instance?.id ?? null,
    version: instance?.version ?? null,
    user: event.user ?? instance?.defaultUser ?? null,
    account: event.account ?? instance?.defaultAccount ?? null,
    useCaseProperties: instance?.properties ?? mergeProperties({}, instanceProperties),
    limits: charges.states,
    overrun: charges.overrun,
  };
}

function* keepText(event: NewEvent): Program<void> {
  if (event.text === undefined) return;
  if (event.useCase !== null) {
    const definition = yield* findUseCase(event.application, event.useCase);
    if (definition?.loggingEnabled === false) return;
  }
  yield* run(
    "INSERT INTO event_text (event_id, application, request, reasoning, response) VALUES (?, ?, ?, ?, ?)",
    event.id,
    event.application,
    event.text.request,
    event.text.reasoning,
    event.text.response,
  );
}
