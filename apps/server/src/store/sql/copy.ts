/**
 * What leaves for a copy. An entry is made from the row of its event as it is now, or from what the next correction
 * found there: so it says the same before and after later corrections, and a range can be sent again as it was.
 */
import { type CopyEntry, type CopyImage, type CopyRange, type CopyState } from "../copy.ts";
import { type StoredEvent } from "../event.ts";
import { json, toJson } from "./columns.ts";
import { EVENT_COLUMNS, readEvent } from "./event-row.ts";
import { type Program, type Row, all, get, run } from "./program.ts";

const KINDS = "kind IN ('request', 'replaced')";

/** Keeps what an event was before a correction, where its application is copied. Comes before the event's row changes. */
export function* keepForCopy(event: StoredEvent): Program<void> {
  if (event.seeded) return;
  yield* run(
    `INSERT INTO outbox (application, kind, event_id, payload, created_ms)
       SELECT application, 'replaced', ?, ?, ? FROM copy_position WHERE application = ?`,
    event.id,
    toJson(packImage(imageOf(event))),
    Date.now(),
    event.application,
  );
}

/** The range that is on its way, or the next one of at most `most` entries. Undefined when there is nothing to copy. */
export function* claimCopy(application: string, most: number): Program<CopyRange | undefined> {
  yield* run(
    `INSERT INTO copy_position (application, seq, claimed_seq) VALUES (?, 0, 0)
       ON CONFLICT (application) DO NOTHING`,
    application,
  );
  const position = yield* get(
    "SELECT seq, claimed_seq FROM copy_position WHERE application = ?",
    application,
  );
  const afterSeq = Number(position?.["seq"]);
  let toSeq = Number(position?.["claimed_seq"]);
  if (toSeq <= afterSeq) {
    const next = yield* get(
      `SELECT max(seq) AS seq FROM (SELECT seq FROM outbox WHERE application = ? AND seq > ? AND ${KINDS}
         ORDER BY seq LIMIT ?) AS waiting`,
      application,
      afterSeq,
      most,
    );
    if (next?.["seq"] === null || next?.["seq"] === undefined) return undefined;
    toSeq = Number(next["seq"]);
    yield* run("UPDATE copy_position SET claimed_seq = ? WHERE application = ?", toSeq, application);
  }
  const rows = yield* all(
    `SELECT outbox.seq, outbox.kind, outbox.payload, ${EVENT_COLUMNS},
       (SELECT later.payload FROM outbox AS later WHERE later.kind = 'replaced' AND later.event_id = outbox.event_id
          AND later.seq > outbox.seq ORDER BY later.seq LIMIT 1) AS found_next
     FROM outbox JOIN event ON event.id = outbox.event_id
     WHERE outbox.application = ? AND outbox.seq > ? AND outbox.seq <= ? AND outbox.${KINDS} ORDER BY outbox.seq`,
    application,
    afterSeq,
    toSeq,
  );
  return { application, afterSeq, toSeq, entries: rows.map(readEntry) };
}

/** The range has arrived. Saying so twice changes nothing. */
export function* confirmCopy(application: string, toSeq: number): Program<void> {
  yield* run(
    "UPDATE copy_position SET seq = ? WHERE application = ? AND claimed_seq = ? AND seq < ?",
    toSeq,
    application,
    toSeq,
    toSeq,
  );
}

/** How far the copy of an application is. */
export function* copyState(application: string): Program<CopyState> {
  const position = yield* get("SELECT seq FROM copy_position WHERE application = ?", application);
  const seq = position === undefined ? undefined : Number(position["seq"]);
  const waiting = yield* get(
    `SELECT count(*) AS n FROM outbox WHERE application = ? AND seq > ? AND ${KINDS}`,
    application,
    seq ?? 0,
  );
  return { seq, behind: Number(waiting?.["n"]) };
}

function readEntry(row: Row): CopyEntry {
  const event = readEvent(row);
  return {
    seq: Number(row["seq"]),
    eventId: event.id,
    before: row["kind"] === "replaced" ? unpackImage(json(row["payload"])) : null,
    after: typeof row["found_next"] === "string" ? unpackImage(json(row["found_next"])) : imageOf(event),
  };
}

function imageOf(event: StoredEvent): CopyImage {
  const { timeMs, category, resource, useCase, instance, user, account, outcome, error, blocked } = event;
  return {
    timeMs,
    category,
    resource,
    useCase,
    instance,
    user,
    account,
    outcome,
    error,
    blocked,
    latencyMs: event.latencyMs,
    tokensInput: event.tokensInput,
    tokensOutput: event.tokensOutput,
    costInput: event.cost?.input ?? null,
    costTotal: event.cost?.total ?? null,
    properties: { ...event.useCaseProperties, ...event.properties },
  };
}

/** An image as JSON has it: amounts are text. */
type PackedImage = Omit<CopyImage, "costInput" | "costTotal"> & {
  readonly costInput: string | null;
  readonly costTotal: string | null;
};

function packImage(image: CopyImage): PackedImage {
  const { costInput, costTotal } = image;
  return { ...image, costInput: costInput?.toString() ?? null, costTotal: costTotal?.toString() ?? null };
}

function unpackImage(packed: PackedImage): CopyImage {
  const { costInput, costTotal } = packed;
  return {
    ...packed,
    costInput: costInput === null ? null : BigInt(costInput),
    costTotal: costTotal === null ? null : BigInt(costTotal),
  };
}
