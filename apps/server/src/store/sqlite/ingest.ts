import { WireError } from "@payi/core/wire";

import { newId } from "../../new-id.ts";
import { type IngestOutcome, type NewEvent, type StoredEvent } from "../event.ts";
import { charge, limitsOf } from "./charge.ts";
import { type Connection } from "./connection.ts";
import { EVENT_COLUMNS, insertEvent, readEvent } from "./event-row.ts";
import {
  type InstanceRow,
  findInstance,
  findInstanceById,
  insertInstance,
  unknownInstance,
} from "./instance-rows.ts";
import { mergeProperties } from "./properties.ts";
import { RollupChanges, sumsOf } from "./rollups.ts";
import { findUseCase, insertUseCase } from "./use-case-rows.ts";

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

/** The instance that an event belongs to, made if new; null when the event names neither instance nor use case. */
function placeInstance(connection: Connection, event: NewEvent): InstanceRow | null {
  const { application, useCase, instance: id } = event;
  if (useCase === null) {
    if (id === null) return null;
    const known = findInstanceById(connection, application, id);
    if (known === undefined) throw unknownInstance(id);
    return updateInstance(connection, event, known);
  }
  const definition = findUseCase(connection, application, useCase);
  if (definition === undefined) {
    insertUseCase(connection, {
      application,
      name: useCase,
      description: useCase,
      limitConfig: undefined,
      loggingEnabled: undefined,
      properties: {},
      seeded: event.seeded,
      automatic: true,
    });
  } else if (definition.seeded && !event.seeded) {
    connection.run("UPDATE use_case SET seeded = 0 WHERE application = ? AND name = ?", application, useCase);
  }
  const known = id === null ? undefined : findInstance(connection, application, useCase, id);
  if (known !== undefined) return updateInstance(connection, event, known);
  return insertInstance(connection, {
    application,
    useCase,
    id: id ?? newId(),
    version: event.version ?? undefined,
    user: event.user ?? undefined,
    account: event.account ?? undefined,
    limitIds: undefined,
    defaultUser: null,
    defaultAccount: null,
    properties: event.instanceProperties,
    startedMs: event.timeMs,
    seen: true,
    seeded: event.seeded,
  });
}

/** An instance shows who its earliest event was for, in whatever order events arrive. */
const EARLIEST_USER = "?3 IS NOT NULL AND (user_ms IS NULL OR ?5 < user_ms)";
const EARLIEST_ACCOUNT = "?4 IS NOT NULL AND (account_ms IS NULL OR ?5 < account_ms)";

// An instance made by its score, before its first event, starts with that event.
const UPDATE_INSTANCE = `UPDATE instance SET properties = ?1, seeded = ?2,
       user = CASE WHEN ${EARLIEST_USER} THEN ?3 ELSE user END,
       user_ms = CASE WHEN ${EARLIEST_USER} THEN ?5 ELSE user_ms END,
       account = CASE WHEN ${EARLIEST_ACCOUNT} THEN ?4 ELSE account END,
       account_ms = CASE WHEN ${EARLIEST_ACCOUNT} THEN ?5 ELSE account_ms END,
       started_ms = CASE seen WHEN 0 THEN ?5 ELSE min(started_ms, ?5) END,
       last_seen_ms = CASE seen WHEN 0 THEN ?5 ELSE max(last_seen_ms, ?5) END, seen = 1
     WHERE application = ?6 AND use_case = ?7 AND id = ?8`;

/** What a further event changes: properties, whom the instance is for, and when it was seen. */
function updateInstance(connection: Connection, event: NewEvent, known: InstanceRow): InstanceRow {
  const properties = mergeProperties(known.properties, event.instanceProperties);
  const updated: InstanceRow = { ...known, properties, seeded: known.seeded && event.seeded };
  connection.run(
    UPDATE_INSTANCE,
    JSON.stringify(properties),
    updated.seeded ? 1 : 0,
    event.user,
    event.account,
    event.timeMs,
    event.application,
    known.useCase,
    known.id,
  );
  return updated;
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
