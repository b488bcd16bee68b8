/**
 * What leaves for a copy. An entry is made from the row of its event as it is now, or from what the next correction
 * found there: so it says the same before and after later corrections, and a range can be sent again as it was.
 */
import { type CopyEntry, type CopyImage, type CopyRange, type CopyState } from "../copy.ts";
import { type StoredEvent } from "../event.ts";
import { json, toJson } from "./columns.ts";
import { type Program, type Row, all, dialect, get, run } from "./program.ts";
import { eventsOfIds, firstRows, toldIds } from "./told-events.ts";

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

/**
 * The range that is on its way, or the next one: whole rows, with `most` entries or a few more. Undefined when there is
 * nothing to copy.
 */
export function* claimCopy(application: string, most: number): Program<CopyRange | undefined> {
  yield* run(
    `INSERT INTO copy_position (application, seq, claimed_to_seq) VALUES (?, 0, 0)
       ON CONFLICT (application) DO NOTHING`,
    application,
  );
  const position = yield* get(
    "SELECT seq, claimed_to_seq FROM copy_position WHERE application = ?",
    application,
  );
  const afterSeq = Number(position?.["seq"]);
  let toSeq = Number(position?.["claimed_to_seq"]);
  if (toSeq <= afterSeq) {
    const waiting = yield* all(
      `SELECT seq, n FROM outbox WHERE application = ? AND seq > ? AND ${KINDS} ORDER BY seq LIMIT ?`,
      application,
      afterSeq,
      most,
    );
    const last = firstRows(waiting, most).at(-1);
    if (last === undefined) return undefined;
    toSeq = Number(last["seq"]);
    yield* run("UPDATE copy_position SET claimed_to_seq = ? WHERE application = ?", toSeq, application);
  }
  const rows = yield* all(
    `SELECT seq, kind, event_id, payload FROM outbox
     WHERE application = ? AND seq > ? AND seq <= ? AND ${KINDS} ORDER BY seq`,
    application,
    afterSeq,
    toSeq,
  );
  const told = rows.map((row): ToldRow => ({ row, ids: toldIds(row) }));
  const ids = [...new Set(told.flatMap((one) => one.ids))];
  const events = yield* eventsOfIds(ids);
  const corrections = yield* correctionsOf(ids);
  return {
    application,
    afterSeq,
    toSeq,
    entries: told.flatMap((one) => readEntries(one, events, corrections)),
  };
}

/** The range has arrived. Saying so twice changes nothing. */
export function* confirmCopy(application: string, toSeq: number): Program<void> {
  yield* run(
    "UPDATE copy_position SET seq = ? WHERE application = ? AND claimed_to_seq = ? AND seq < ?",
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
    `SELECT coalesce(sum(n), 0) AS n FROM outbox WHERE application = ? AND seq > ? AND ${KINDS}`,
    application,
    seq ?? 0,
  );
  return { seq, behind: Number(waiting?.["n"]) };
}

interface ToldRow {
  readonly row: Row;
  readonly ids: readonly string[];
}

/** What each correction of an event found there, oldest first. */
type Corrections = ReadonlyMap<string, readonly { readonly seq: number; readonly image: CopyImage }[]>;

function* correctionsOf(ids: readonly string[]): Program<Corrections> {
  const source = (yield* dialect()).rows("wanted", ["event_id"]);
  const rows = yield* all(
    `SELECT outbox.event_id, outbox.seq, outbox.payload FROM ${source} CROSS JOIN outbox
     WHERE outbox.kind = 'replaced' AND outbox.event_id = wanted.event_id ORDER BY outbox.seq`,
    JSON.stringify(ids.map((id) => [id])),
  );
  const corrections = new Map<string, { readonly seq: number; readonly image: CopyImage }[]>();
  for (const row of rows) {
    const id = String(row["event_id"]);
    const correction = { seq: Number(row["seq"]), image: unpackImage(json(row["payload"])) };
    const known = corrections.get(id);
    if (known === undefined) corrections.set(id, [correction]);
    else known.push(correction);
  }
  return corrections;
}

function readEntries(
  { row, ids }: ToldRow,
  events: ReadonlyMap<string, StoredEvent>,
  corrections: Corrections,
): readonly CopyEntry[] {
  const seq = Number(row["seq"]);
  const before = row["kind"] === "replaced" ? unpackImage(json(row["payload"])) : null;
  return ids.flatMap((eventId): readonly CopyEntry[] => {
    const event = events.get(eventId);
    if (event === undefined) return [];
    const next = corrections.get(eventId)?.find((correction) => correction.seq > seq);
    return [{ seq, eventId, before, after: next?.image ?? imageOf(event) }];
  });
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
