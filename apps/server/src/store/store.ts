import { type AdministrationStore } from "./administration-store.ts";
import { type AlertStore } from "./alert-store.ts";
import { type CopyRange, type CopyState } from "./copy.ts";
import { type NewVoid, type VoidOutcome, type VoidRecord } from "./correction.ts";
import { type EventText, type IngestOutcome, type NewEvent, type StoredEvent } from "./event.ts";
import { type KeyGrant, type KeyImprint, type NewKey, type StoredAnswer, type StoredKey } from "./key.ts";
import { type LimitStore } from "./limit-store.ts";
import { type OutcomeStore } from "./outcome.ts";
import { type PriceStore } from "./price-store.ts";
import {
  type Breakdown,
  type BreakdownQuery,
  type Page,
  type PageRequest,
  type Series,
  type SeriesQuery,
  type Span,
  type StatusSummary,
  type StreamPart,
  type VerifyFinding,
} from "./query.ts";
import { type NewReport, type StoredReport } from "./report.ts";
import { type EventBound, type RetentionStep } from "./retention.ts";
import { type UseCaseStore } from "./use-case-store.ts";
import { type KpiSummary } from "./use-case.ts";

/** A result and whether it is new. */
export interface Created<Value> {
  readonly value: Value;
  readonly created: boolean;
}

/** Names one instance. */
export interface InstanceName {
  readonly application: string;
  readonly useCase: string;
  readonly id: string;
}

/** Names one event by its own id or by the provider's. */
export type EventName =
  | { readonly application: string; readonly id: string }
  | { readonly application: string; readonly category: string; readonly providerResponseId: string };

type PropertyPatch = Readonly<Record<string, string | null>>;

/**
 * What the product does with its data, as verbs; every engine implements all of them, with the same answers to the
 * last digit. A write resolves once it is durable. Where a rule of the contract is broken, a verb rejects with a
 * `WireError` whose code is the contract's, and nothing has changed. `actor` is who is written down in the audit log, in
 * the transaction of the change; the command line where it is not told.
 */
export interface Store
  extends AdministrationStore, AlertStore, LimitStore, OutcomeStore, PriceStore, UseCaseStore {
  /** Records events, each on its own; a repeat changes nothing and gets the first record back. */
  ingest(batch: readonly NewEvent[]): Promise<readonly IngestOutcome[]>;
  /** The same, but an event that is known is replaced where its content is another. */
  upsertEvents(batch: readonly NewEvent[]): Promise<readonly IngestOutcome[]>;
  event(name: EventName): Promise<StoredEvent | undefined>;
  /** What was said in a call, where it was kept and is kept still. */
  eventText(eventId: string): Promise<EventText | undefined>;
  /** Takes the cost of a request back, once; the call stays counted. */
  voidEvent(wanted: NewVoid): Promise<VoidOutcome>;
  voidRecord(eventId: string): Promise<VoidRecord | undefined>;
  changeEventProperties(name: EventName, properties: PropertyPatch): Promise<StoredEvent>;
  /** Takes back up to `count` seeded events with reversing entries; 0 when none is left, then their definitions are gone too. */
  removeSeeded(application: string, count: number): Promise<number>;

  createReport(wanted: NewReport, actor?: string): Promise<StoredReport>;
  report(application: string, id: string): Promise<StoredReport | undefined>;
  reports(application: string, page: PageRequest): Promise<Page<StoredReport>>;
  changeReport(id: string, wanted: NewReport, actor?: string): Promise<StoredReport>;
  deleteReport(application: string, id: string, actor?: string): Promise<StoredReport>;

  breakdown(query: BreakdownQuery): Promise<Breakdown>;
  series(query: SeriesQuery): Promise<Series>;
  events(span: Span, page: PageRequest): Promise<Page<StoredEvent>>;
  instanceEvents(name: InstanceName, count: number): Promise<readonly StoredEvent[]>;
  kpiSummary(
    span: Span,
    useCase: string,
  ): Promise<{ readonly instances: number; readonly kpis: readonly KpiSummary[] }>;
  status(application: string): Promise<StatusSummary>;
  /** Entries after `afterSeq`, oldest first, `count` or a few more: whole rows. Seeded events have none. */
  stream(application: string, afterSeq: number, count: number): Promise<StreamPart>;
  /** After which number to go on for whoever has seen an application's stream up to `seen`; about `most` entries back. */
  streamStart(application: string, seen: number | undefined, most: number): Promise<number>;
  lastSeq(): Promise<number>;
  /** What is to be copied next; the same range again until it is confirmed. Undefined when all is copied. */
  claimCopy(application: string, most: number): Promise<CopyRange | undefined>;
  confirmCopy(application: string, toSeq: number): Promise<void>;
  copyState(application: string): Promise<CopyState>;

  ensureKey(key: NewKey): Promise<StoredKey>;
  createKey(key: NewKey): Promise<StoredKey>;
  keys(application: string): Promise<readonly StoredKey[]>;
  /** `actor` is who is written down; the command line where it is not told. */
  revokeKey(application: string, id: string, actor?: string): Promise<StoredKey>;
  /** A new key of the same name and scope; the old one ends with the same transaction. */
  rotateKey(application: string, id: string, imprint: KeyImprint, actor?: string): Promise<StoredKey>;
  touchKey(id: string): Promise<void>;
  findKey(hash: Uint8Array): Promise<KeyGrant | undefined>;

  answer(application: string, key: string): Promise<StoredAnswer | undefined>;
  /** Whether this request has written something under its key, and its answer was lost. */
  isBegun(application: string, key: string, requestHash: Uint8Array): Promise<boolean>;
  saveAnswer(application: string, key: string, answer: StoredAnswer): Promise<void>;

  /** Totals of one day (UTC, days since 1970) and of the instances active on it, again from the events; how many there were. */
  rebuildDay(application: string, day: number): Promise<number>;
  /** Removes what is past its time, up to so many rows; tells how many. */
  retain(step: RetentionStep): Promise<number>;
  /** Drops whole months of events that nobody keeps, where the engine has them; tells how many. */
  dropMonths(bounds: readonly EventBound[], nowMs: number): Promise<number>;
  /** Every broken invariant of the whole store; empty when counters, ledger and rows agree. */
  verify(): Promise<readonly VerifyFinding[]>;
  /** Resolves once nothing more can fail for want of the store: for readiness checks. */
  ready(): Promise<void>;
  /** Tells whenever something new may stand in the stream. Returns the way to stop listening. */
  onChange(listener: () => void): () => void;
  /** Finishes what was accepted, then lets go of the files. */
  close(): Promise<void>;
}
