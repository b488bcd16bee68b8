import { type Stats } from "../stats.ts";
import { type IngestEvent } from "../wire/ingest.ts";
import { type LateProperties } from "./follow-up.ts";
import { type Score } from "./score.ts";

/** What became of everything that was queued when `flush` was called. */
export interface FlushResult {
  /** Acknowledged by the platform, that is: durable there. */
  readonly sent: number;
  /** On disk when the time was up: delivered later, by this process or the next. */
  readonly spooled: number;
  /** In memory when the time was up; delivery goes on. */
  readonly failed: number;
  readonly dropped: number;
}

/** Where events and scores go. Nothing here throws or rejects. */
export interface Delivery {
  readonly stats: Stats;
  /** Takes an event over and returns at once. */
  push(event: IngestEvent): void;
  /** Takes a KPI score over and returns at once. */
  pushScore(score: Score): void;
  /** Takes properties over that were known only after their call's event was pushed, and returns at once. */
  pushProperties(late: LateProperties): void;
  /** Resolves once everything queued at the call is settled, or the time (default 2 s) is up. */
  flush(options?: { readonly timeoutMs?: number }): Promise<FlushResult>;
  /** Flushes, then stops; what is still in memory goes to disk, or is dropped and counted. May be called twice. */
  close(options?: { readonly timeoutMs?: number }): Promise<FlushResult>;
  /** For the end of the process: writes what is in memory to disk, synchronously. Answers how much is lost. */
  saveNow(): number;
}
