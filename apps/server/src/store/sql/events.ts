import { type StoredEvent } from "../event.ts";
import { type Page, type PageRequest, type Span } from "../query.ts";
import { type EventName, type InstanceName } from "../store.ts";
import { EVENT_COLUMNS, readEvent } from "./event-row.ts";
import { eventCondition } from "./filter.ts";
import { listPage } from "./page.ts";
import { type Program, all, dialect, get } from "./program.ts";

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
