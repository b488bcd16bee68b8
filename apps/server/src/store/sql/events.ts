import { type StoredEvent } from "../event.ts";
import {
  type Page,
  type PageRequest,
  type Span,
  type ScoreEntry,
  type StreamEntry,
  type StreamPart,
} from "../query.ts";
import { type EventName, type InstanceName } from "../store.ts";
import { json } from "./columns.ts";
import { EVENT_COLUMNS, readEvent } from "./event-row.ts";
import { eventCondition } from "./filter.ts";
import { listPage } from "./page.ts";
import { type Program, type Row, all, dialect, get } from "./program.ts";
import { eventsOfIds, firstRows, toldIds } from "./told-events.ts";

/** One event by either of its names. */
export function* event(name: EventName): Program<StoredEvent | undefined> {
  const row =
    "id" in name
      ? yield* get(
          `SELECT ${EVENT_COLUMNS} FROM event WHERE application = ? AND id = ?`,
          name.application,
          name.id,
        )
      : yield* get(
          `SELECT ${EVENT_COLUMNS} FROM event_key JOIN event ON event.id = event_key.event_id
           WHERE event_key.application = ? AND event_key.category = ? AND event_key.kind = 'response'
             AND event_key.key = ?`,
          name.application,
          name.category,
          name.providerResponseId,
        );
  return row === undefined ? undefined : readEvent(row);
}

/** Events of a span, by time. */
export function* events(span: Span, page: PageRequest): Program<Page<StoredEvent>> {
  const condition = eventCondition(yield* dialect(), span);
  return yield* listPage(
    {
      columns: EVENT_COLUMNS,
      tables: "event",
      where: condition.sql,
      values: condition.values,
      order: "event.time_ms",
      id: "event.id",
      read: readEvent,
    },
    page,
  );
}

/** The first `number` events of an instance, in order of time. */
export function* instanceEvents(name: InstanceName, number: number): Program<readonly StoredEvent[]> {
  return (yield* all(
    `SELECT ${EVENT_COLUMNS} FROM event WHERE application = ? AND use_case = ? AND instance = ?
       ORDER BY time_ms, id LIMIT ?`,
    name.application,
    name.useCase,
    name.id,
    number,
  )).map(readEvent);
}

/** What was told after `afterSeq`, oldest first: whole rows, with `number` entries or more where so many are there. */
export function* stream(application: string, afterSeq: number, number: number): Program<StreamPart> {
  const found = yield* all(
    `SELECT seq, kind, event_id, payload, n FROM outbox
       WHERE seq > ? AND application = ? AND kind IN ('request', 'score') ORDER BY seq LIMIT ?`,
    afterSeq,
    application,
    number,
  );
  const rows = firstRows(found, number);
  const events = yield* eventsOfIds(rows.flatMap((row) => (row["kind"] === "request" ? toldIds(row) : [])));
  return {
    toSeq: Number(rows.at(-1)?.["seq"] ?? afterSeq),
    isEnd: rows.length === found.length && found.length < number,
    entries: rows.flatMap((row) => readEntries(row, events)),
  };
}

function readEntries(row: Row, events: ReadonlyMap<string, StoredEvent>): readonly StreamEntry[] {
  const seq = Number(row["seq"]);
  if (row["kind"] === "request") {
    // Of one that retention has taken there is nothing to tell.
    return toldIds(row).flatMap((id): readonly StreamEntry[] => {
      const event = events.get(id);
      return event === undefined ? [] : [{ seq, kind: "request", event }];
    });
  }
  const { useCase, instance, kpi, score } = json<Omit<ScoreEntry, "seq" | "kind">>(row["payload"]);
  return [{ seq, kind: "score", useCase, instance, kpi, score }];
}

/**
 * After which number an application's stream goes on for somebody who has seen it up to `seen`, or begins: at its end,
 * and about `most` entries back at most. Its own numbers alone tell: those of others are given out before they are
 * committed, so that a higher one may be there while a lower one of this application is still to come.
 */
export function* streamStart(application: string, seen: number | undefined, most: number): Program<number> {
  const own = "SELECT seq, n FROM outbox WHERE application = ? AND kind IN ('request', 'score')";
  const last = Number((yield* get(`${own} ORDER BY seq DESC LIMIT 1`, application))?.["seq"] ?? 0);
  if (seen === undefined || seen >= last) return last;
  const missed = yield* all(`${own} AND seq > ? ORDER BY seq DESC LIMIT ?`, application, seen, most + 1);
  const wanted = firstRows(missed, most);
  return Number(missed[wanted.length]?.["seq"] ?? seen);
}

/** The highest number in the stream so far; 0 when it is empty. */
export function* lastSeq(): Program<number> {
  return Number((yield* get("SELECT coalesce(max(seq), 0) AS seq FROM outbox"))?.["seq"]);
}
