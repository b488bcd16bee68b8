/** One request with events: what the platform answers is settled, the rest is the error. */
import { type PayiClient } from "../client/client.ts";
import { type ThrottledLog } from "../logger.ts";
import { type DropReason } from "../stats.ts";
import { type IngestEvent, encodeBulkItem } from "../wire/ingest.ts";
import { type BulkResult, type XproxyResult } from "../wire/result.ts";
import { type ClientReport, REPORT_HEADER } from "./client-report.ts";
import { type EventEntry, type ScoreEntry, eventOf, textOf } from "./entry.ts";

export interface SendTools {
  readonly client: PayiClient;
  readonly log: ThrottledLog;
  readonly settle: (
    entry: EventEntry | ScoreEntry,
    outcome: "sent" | DropReason,
    /** What the platform said. */
    answer?: string,
  ) => void;
  readonly onResult: (event: IngestEvent, result: XproxyResult) => void;
}

/** Codes by which a platform refuses an event for the limits it names; the spend itself must not be lost. */
const LIMIT_CODES = new Set([
  "blocking_limit_not_allowed",
  "invalid_limit_ids",
  "invalid_limit_id",
  "duplicate_limit_id",
]);

/** Settles what the platform answered for; answers with the error when nothing was. Never rejects. */
export async function sendEvents(
  entries: readonly EventEntry[],
  tools: SendTools,
  report: ClientReport,
): Promise<unknown> {
  const { batch, body } = write(entries, tools);
  if (batch.length === 0) return undefined;
  try {
    const answer = await tools.client.ingest.bulkText(body, { [REPORT_HEADER]: report.header });
    report.confirm();
    const again = acknowledge(batch, answer, tools);
    return again.length === 0 ? undefined : await sendEvents(again, tools, report);
  } catch (error) {
    return error;
  }
}

/** Those that can be JSON, as one text: written at once where none is written yet, which costs half of one by one. */
function write(
  entries: readonly EventEntry[],
  tools: SendTools,
): { readonly batch: readonly EventEntry[]; readonly body: string } {
  if (entries.every(({ text }) => text === undefined)) {
    try {
      return { batch: entries, body: JSON.stringify(entries.map((entry) => encodeBulkItem(eventOf(entry)))) };
    } catch {
      // One of them cannot be written; below it is found.
    }
  }
  const batch = entries.filter((entry) => canEncode(entry, tools));
  return { batch, body: `[${batch.map(textOf).join(",")}]` };
}

function canEncode(entry: EventEntry, { log, settle }: SendTools): boolean {
  try {
    textOf(entry);
    return true;
  } catch (error) {
    log.warn("encode", `An event cannot be written as JSON and is dropped: ${String(error)}`);
    settle(entry, "encode_failed");
    return false;
  }
}

/** @returns entries to be sent again in another form */
function acknowledge(
  batch: readonly EventEntry[],
  answer: BulkResult,
  { log, settle, onResult }: SendTools,
): readonly EventEntry[] {
  const again: EventEntry[] = [];
  // The hosted service answers without results per item and names the failed ones by their index.
  const errors = new Map(answer.errors.map((error) => [error.index, error]));
  for (const [index, entry] of batch.entries()) {
    const item = answer.results[index];
    const error = item?.error ?? (answer.results.length === 0 ? errors.get(index) : undefined);
    if (error === undefined) {
      settle(entry, "sent");
      if (item?.result !== undefined) tell(entry, item.result, onResult);
    } else if (LIMIT_CODES.has(error.code) && (eventOf(entry).limitIds?.length ?? 0) > 0) {
      const refused = refusedIds(eventOf(entry).limitIds ?? [], error.message);
      log.warn(
        "limit_ids",
        `The platform refused an event for its limit ids ${refused.join(", ")} (${error.message}); it was sent again without them, and they do not count its spend.`,
      );
      // The spend happened: the event goes out again, without what the platform would not take.
      entry.value = withoutLimits(eventOf(entry), refused);
      entry.text = undefined;
      again.push(entry);
    } else {
      log.warn("rejected", `The platform refused an event: ${error.message}`);
      settle(entry, "rejected", `${error.code}: ${error.message}`);
    }
  }
  return again;
}

/** Those that the message names, in quotes or as a word of their own; all where it names none. */
function refusedIds(limitIds: readonly string[], message: string): readonly string[] {
  const words = new Set(message.split(/[\s,;:'"`()[\]]+|\.(?=\s|$)/));
  const named = limitIds.filter((limitId) => words.has(limitId));
  return named.length === 0 ? limitIds : named;
}

/** The event says which limits did not count it, so that the gap shows. */
function withoutLimits(event: IngestEvent, refused: readonly string[]): IngestEvent {
  const limitIds = event.limitIds?.filter((limitId) => !refused.includes(limitId));
  const before = event.properties?.["system.uncounted_limits"];
  const uncounted = [...(before == null ? [] : before.split(",")), ...refused].join(",");
  return {
    ...event,
    limitIds: limitIds?.length === 0 ? undefined : limitIds,
    properties: { ...event.properties, "system.uncounted_limits": uncounted.slice(0, 1024) },
  };
}

/** What listens is not part of delivery: whatever it throws, the event was sent. */
function tell(entry: EventEntry, result: XproxyResult, onResult: SendTools["onResult"]): void {
  try {
    onResult(eventOf(entry), result);
  } catch {
    // Whoever listens reports what goes wrong there.
  }
}
