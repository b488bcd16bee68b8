/** One thing to deliver, an event or what follows one, from the call that produced it until it is settled. */
import { type Counters } from "../stats.ts";
import { type IngestEvent, decodeIngestItem, encodeBulkItem } from "../wire/ingest.ts";
import { type FollowUp } from "./follow-up.ts";
import { type Home, type Stored } from "./journal.ts";

interface Common {
  /** Its place among everything this queue took over. */
  readonly sequence: number;
  /** Its number in the ledger it is counted in, from 1; after a crash that is the ledger of another process. */
  readonly number: number;
  readonly ledger: Counters;
  /** Roughly what it takes in memory and on the wire; exact enough for a bound. */
  readonly bytes: number;
  /** JSON, as the wire or the spool wants it; made when first needed. */
  text: string | undefined;
  /** Where the spool holds it too. */
  home: Home | undefined;
  outcome: "pending" | "sent" | "dropped";
}

export interface EventEntry extends Common {
  readonly kind: "event";
  /** Undefined for one that was read back from disk; `eventOf` decodes it. */
  value: IngestEvent | undefined;
}

/** A KPI score, or properties that were known late. */
export interface ScoreEntry extends Common {
  readonly kind: "score";
  value: FollowUp | undefined;
}

export type Entry = EventEntry | ScoreEntry;

/** An entry that was read back from disk. */
export function storedEntry({ kind, number, json, home }: Stored, ledger: Counters, sequence: number): Entry {
  const bytes = json.length;
  return { kind, value: undefined, text: json, sequence, number, ledger, bytes, home, outcome: "pending" };
}

export function eventOf(entry: EventEntry): IngestEvent {
  return (entry.value ??= decodeIngestItem(JSON.parse(entry.text ?? "{}")));
}

export function followUpOf(entry: ScoreEntry): FollowUp {
  return (entry.value ??= JSON.parse(entry.text ?? "{}") as FollowUp);
}

/** The entry's JSON: a bulk item, or a score as the spool keeps it. @throws where a value cannot be JSON. */
export function textOf(entry: Entry): string {
  return (entry.text ??= JSON.stringify(
    entry.kind === "event" ? encodeBulkItem(eventOf(entry)) : entry.value,
  ));
}

/** Roughly, without serialising anything: this runs on the caller's path. */
export function estimateBytes(event: IngestEvent): number {
  const answer = event.providerResponseJson;
  let length = event.providerRequestJson?.length ?? 0;
  if (typeof answer === "string") length += answer.length;
  else if (answer !== undefined) for (const part of answer) length += part.length;
  if (event.functionCalls !== undefined) {
    for (const call of event.functionCalls) length += 64 + (call.arguments?.length ?? 0);
  }
  return 768 + length * 2;
}
