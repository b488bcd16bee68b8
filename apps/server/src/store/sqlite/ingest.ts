import { WireError } from "@payi/core/wire";

import { type IngestOutcome, type NewEvent, type StoredEvent } from "../event.ts";
import { charge, limitsOf } from "./charge.ts";
import { type Connection } from "./connection.ts";
import { EVENT_COLUMNS, insertEvent, readEvent } from "./event-row.ts";
import { type InstanceRow } from "./instance-rows.ts";
import { placeInstance } from "./place-instance.ts";
import { mergeProperties } from "./properties.ts";
import { RollupChanges, sumsOf } from "./rollups.ts";
import { findUseCase } from "./use-case-rows.ts";

/**
 * Records each event on its own: one that breaks a rule leaves no trace and does not touch the others. Totals change
 * once for all events of the batch, at its end.
 */
export function ingest(connection: Connection, batch: readonly NewEvent[]): readonly IngestOutcome[] {
  const changes = new RollupChanges();
  const outcomes = batch.map((event): IngestOutcome => {
    try {
      const outcome = connection.savepoint(() => ingestOne(connection, event));
      if ("event" in outcome && !outcome.duplicate) changes.add(outcome.event, sumsOf(outcome.event));
      return outcome;
    } catch (error) {
      if (!WireError.is(error)) throw error;
      return { error: { code: error.code, message: error.message } };
    }
  });
  changes.flush(connection);
  return outcomes;
}

function ingestOne(connection: Connection, event: NewEvent): IngestOutcome {
  const first = findRepeat(connection, event);
  if (first !== undefined) return { event: first, duplicate: true, differs: !sameContent(first, event) };

  const instance = placeInstance(connection, event);
  const limits = limitsOf(
    connection,
    event,
    event.limitIds ?? instance?.defaultLimitIds ?? [],
    instance?.limitId ?? null,
  );
  const charges = charge(connection, event, limits);
  const stored = toStored(event, instance, charges);
  insertEvent(connection, stored);
  if (event.key !== undefined) {
    connection.run(
      "INSERT INTO event_key (application, category, kind, key, event_id) VALUES (?, ?, ?, ?, ?)",
      event.application,
      event.category,
      event.key.kind,
      event.key.id,
      event.id,
    );
  }
  if (stored.cost !== null) {
    connection.run(
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
  keepText(connection, event);
  if (event.seeded) return { event: stored, duplicate: false, differs: false };
  connection.run(
    "INSERT INTO outbox (application, kind, event_id, payload, created_ms) VALUES (?, 'request', ?, '{}', ?)",
    event.application,
    event.id,
    event.receivedMs,
  );
  return { event: stored, duplicate: false, differs: false };
}

const FIND_REPEAT = `SELECT ${EVENT_COLUMNS} FROM event_key JOIN event ON event.id = event_key.event_id
     WHERE event_key.application = ? AND event_key.category = ? AND event_key.kind = ? AND event_key.key = ?`;

function findRepeat(connection: Connection, event: NewEvent): StoredEvent | undefined {
  if (event.key === undefined) return undefined;
  const row = connection.get(FIND_REPEAT, event.application, event.category, event.key.kind, event.key.id);
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

function keepText(connection: Connection, event: NewEvent): void {
  if (event.text === undefined) return;
  if (event.useCase !== null) {
    const definition = findUseCase(connection, event.application, event.useCase);
    if (definition?.loggingEnabled === false) return;
  }
  connection.run(
    "INSERT INTO event_text (event_id, application, request, reasoning, response) VALUES (?, ?, ?, ?, ?)",
    event.id,
    event.application,
    event.text.request,
    event.text.reasoning,
    event.text.response,
  );
}
