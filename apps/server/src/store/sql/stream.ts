/** The live stream of an application, as it stands in the outbox. */
import { type StoredEvent } from "../event.ts";
import { type ScoreEntry, type StreamEntry, type StreamPart } from "../query.ts";
import { json } from "./columns.ts";
import { type Program, type Row, all, get } from "./program.ts";
import { eventsOfIds, firstRows, toldIds } from "./told-events.ts";

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
