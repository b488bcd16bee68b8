import { type HoldAnswer, type HoldEnd, type LeaseAnswer, type SimulationResult } from "@payi/core/wire";

import { type AdministrationStore } from "./administration-store.ts";
import {
  type AlertFilter,
  type AlertRecord,
  type ClientReport,
  type DeliveryOutcome,
  type DueDelivery,
  type NewAlert,
  type NewAlertChannel,
  type NewAlertRule,
  type StoredAlert,
  type StoredAlertChannel,
  type StoredAlertRule,
} from "./alert.ts";
import { type CopyRange, type CopyState } from "./copy.ts";
import { type NewVoid, type VoidOutcome, type VoidRecord } from "./correction.ts";
import { type IngestOutcome, type NewEvent, type StoredEvent } from "./event.ts";
import { type HoldName, type HoldSettlement, type NewHold, type NewLease } from "./hold.ts";
import { type KeyGrant, type KeyImprint, type NewKey, type StoredAnswer, type StoredKey } from "./key.ts";
import {
  type GuardState,
  type LimitChange,
  type LimitRaise,
  type LimitReset,
  type LimitSimulation,
  type LimitTopUp,
  type LimitWindowRow,
  type NewLimit,
  type StoredLimit,
} from "./limit.ts";
import {
  type CustomResourceName,
  type NewCustomResource,
  type NewPriceBook,
  type NewDbuPrice,
  type PricingData,
  type ResourceMapping,
  type StoredCustomResource,
  type StoredDbuPrice,
  type StoredLayer,
  type StoredPriceBook,
} from "./price.ts";
import {
  type Breakdown,
  type BreakdownQuery,
  type Page,
  type PageRequest,
  type Series,
  type SeriesQuery,
  type Span,
  type StatusSummary,
  type StreamEntry,
  type VerifyFinding,
} from "./query.ts";
import { type NewReport, type StoredReport } from "./report.ts";
import {
  type CostRevision,
  type NewRepriceJob,
  type RepriceJob,
  type RepriceProgress,
  type Repriced,
  type UnpricedUsage,
} from "./reprice.ts";
import { type EventBound, type RetentionStep } from "./retention.ts";
import {
  type KpiChange,
  type KpiSummary,
  type NewInstance,
  type NewKpi,
  type NewScore,
  type NewUseCase,
  type StoredInstance,
  type StoredKpi,
  type StoredScore,
  type StoredUseCase,
  type UseCaseChange,
} from "./use-case.ts";
import { type NewValuePolicy, type StoredValuePolicy } from "./value-policy.ts";

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
 * `WireError` whose code is the contract's, and nothing has changed.
 */
export interface Store extends AdministrationStore {
  /** Records events, each on its own; a repeat changes nothing and gets the first record back. */
  ingest(batch: readonly NewEvent[]): Promise<readonly IngestOutcome[]>;
  /** The same, but an event that is known is replaced where its content is another. */
  upsertEvents(batch: readonly NewEvent[]): Promise<readonly IngestOutcome[]>;
  event(name: EventName): Promise<StoredEvent | undefined>;
  /** Takes the cost of a request back, once; the call stays counted. */
  voidEvent(wanted: NewVoid): Promise<VoidOutcome>;
  voidRecord(eventId: string): Promise<VoidRecord | undefined>;
  changeEventProperties(name: EventName, properties: PropertyPatch): Promise<StoredEvent>;
  /** Takes back up to `count` seeded events with reversing entries; 0 when none is left, then their definitions are gone too. */
  removeSeeded(application: string, count: number): Promise<number>;

  createLimit(limit: NewLimit): Promise<Created<StoredLimit>>;
  limit(application: string, id: string): Promise<StoredLimit | undefined>;
  limits(application: string, name: string | undefined, page: PageRequest): Promise<Page<StoredLimit>>;
  changeLimit(change: LimitChange): Promise<StoredLimit>;
  changeLimitProperties(application: string, id: string, properties: PropertyPatch): Promise<StoredLimit>;
  deleteLimit(application: string, id: string): Promise<void>;
  resetLimit(application: string, id: string, resetMs: number): Promise<LimitReset>;
  /** The current window of each budget, by spend; `value` names one. */
  limitWindows(
    application: string,
    id: string,
    value: string | undefined,
    page: PageRequest,
  ): Promise<Page<LimitWindowRow>>;
  /** Windows that are over. */
  limitHistory(application: string, id: string, page: PageRequest): Promise<Page<LimitWindowRow>>;
  topUpLimit(topUp: LimitTopUp): Promise<StoredLimit>;
  raiseLimit(application: string, id: string, raise: LimitRaise, actor: string): Promise<StoredLimit>;
  /** What a limit would have refused of recorded calls. */
  simulateLimit(simulation: LimitSimulation): Promise<SimulationResult>;
  /** What an SDK must know to ask only where a limit applies. */
  guard(application: string): Promise<GuardState>;
  /** Changes with everything that {@link guard} tells. */
  limitVersion(application: string): Promise<string>;

  /** Money for a call that is to be made: held over all its limits, or over none. The same id gets the same answer. */
  hold(asked: NewHold): Promise<HoldAnswer>;
  renewHold(name: HoldName, ttlMs: number): Promise<void>;
  /** Charges without an event. */
  settleHold(settlement: HoldSettlement): Promise<HoldEnd>;
  /** Everything of a hold or lease is free again. */
  releaseHold(name: HoldName, kind: "call" | "lease"): Promise<HoldEnd>;
  lease(asked: NewLease): Promise<LeaseAnswer>;
  /** Applications with holds that have expired at `nowMs`, by default the store's own now. */
  expiredHolds(nowMs?: number): Promise<readonly string[]>;
  /** Ends what has expired; tells how many. */
  sweepHolds(application: string, nowMs?: number): Promise<number>;

  createUseCase(useCase: NewUseCase): Promise<Created<StoredUseCase>>;
  useCase(application: string, name: string): Promise<StoredUseCase | undefined>;
  useCases(application: string, name: string | undefined, page: PageRequest): Promise<Page<StoredUseCase>>;
  changeUseCase(change: UseCaseChange): Promise<StoredUseCase>;
  deleteUseCase(application: string, name: string): Promise<StoredUseCase>;

  createKpi(kpi: NewKpi): Promise<Created<StoredKpi>>;
  kpis(
    application: string,
    useCase: string,
    name: string | undefined,
    page: PageRequest,
  ): Promise<Page<StoredKpi>>;
  changeKpi(change: KpiChange): Promise<StoredKpi>;
  deleteKpi(application: string, useCase: string, name: string): Promise<StoredKpi>;

  createInstance(instance: NewInstance): Promise<Created<StoredInstance>>;
  instance(name: InstanceName): Promise<StoredInstance | undefined>;
  instances(span: Span, page: PageRequest): Promise<Page<StoredInstance>>;
  changeInstanceProperties(name: InstanceName, properties: PropertyPatch): Promise<StoredInstance>;
  deleteInstance(name: InstanceName): Promise<StoredInstance>;
  /** One score per instance and KPI; the last one counts. An instance seen here first is made. */
  recordScore(score: NewScore): Promise<void>;
  scores(name: InstanceName, kpi: string | undefined, page: PageRequest): Promise<Page<StoredScore>>;

  createValuePolicy(wanted: NewValuePolicy): Promise<StoredValuePolicy>;
  valuePolicy(application: string, id: string): Promise<StoredValuePolicy | undefined>;
  valuePolicies(
    application: string,
    useCase: string | undefined,
    page: PageRequest,
  ): Promise<Page<StoredValuePolicy>>;
  /** What is in force, by use case. */
  activeValuePolicies(
    application: string,
    useCase: string | undefined,
  ): Promise<readonly StoredValuePolicy[]>;
  activateValuePolicy(application: string, id: string, active: boolean): Promise<StoredValuePolicy>;

  createReport(wanted: NewReport): Promise<StoredReport>;
  report(application: string, id: string): Promise<StoredReport | undefined>;
  reports(application: string, page: PageRequest): Promise<Page<StoredReport>>;
  changeReport(id: string, wanted: NewReport): Promise<StoredReport>;
  deleteReport(application: string, id: string): Promise<StoredReport>;

  breakdown(query: BreakdownQuery): Promise<Breakdown>;
  series(query: SeriesQuery): Promise<Series>;
  events(span: Span, page: PageRequest): Promise<Page<StoredEvent>>;
  instanceEvents(name: InstanceName, count: number): Promise<readonly StoredEvent[]>;
  kpiSummary(
    span: Span,
    useCase: string,
  ): Promise<{ readonly instances: number; readonly kpis: readonly KpiSummary[] }>;
  status(application: string): Promise<StatusSummary>;
  /** Entries after `afterSeq`, oldest first; seeded events have none. */
  stream(application: string, afterSeq: number, count: number): Promise<readonly StreamEntry[]>;
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

  /** What decides prices, in one consistent look; undefined when nothing changed since `seq` (-1: look anyway). */
  pricing(seq: number): Promise<PricingData | undefined>;
  createCustomResource(wanted: NewCustomResource, actor: string): Promise<Created<StoredCustomResource>>;
  /** Ends versions and tells them; costs stay as they are. */
  deleteCustomResources(name: CustomResourceName, actor: string): Promise<readonly StoredCustomResource[]>;
  setDbuPrice(wanted: NewDbuPrice, actor: string): Promise<StoredDbuPrice>;
  mapResource(mapping: ResourceMapping, actor: string): Promise<void>;
  addPriceBook(book: NewPriceBook, actor: string): Promise<Created<StoredPriceBook>>;
  priceBook(id: string): Promise<StoredPriceBook | undefined>;
  priceBooks(page: PageRequest): Promise<Page<StoredPriceBook>>;
  priceLayers(hashes: readonly string[]): Promise<readonly StoredLayer[]>;
  /** Atomic; `expected` is the active book that was compared with. */
  activatePriceBook(
    id: string,
    expected: string | undefined,
    actor: string,
    detail: unknown,
  ): Promise<StoredPriceBook>;

  unpricedUsage(application: string, fromMs: number, toMs: number): Promise<readonly UnpricedUsage[]>;
  /** Requests without a known cost, by application. */
  unpricedTotals(): Promise<readonly { readonly application: string; readonly calls: number }[]>;
  /** Every figure that a repriced event had, oldest first; empty for one that never had a price. */
  costRevisions(eventId: string): Promise<readonly CostRevision[]>;
  createRepriceJob(job: NewRepriceJob): Promise<RepriceJob>;
  repriceJob(application: string, id: string): Promise<RepriceJob | undefined>;
  repriceJobs(application: string, page: PageRequest): Promise<Page<RepriceJob>>;
  unfinishedRepriceJobs(): Promise<readonly RepriceJob[]>;
  /** Appends the differences of one chunk to ledger, totals and limits, with its progress. */
  applyReprice(progress: RepriceProgress, repriced: readonly Repriced[]): Promise<void>;

  /** Idempotent by name; `created` is false for the one that is there, whatever it looks like. */
  createAlertChannel(channel: NewAlertChannel, actor: string): Promise<Created<StoredAlertChannel>>;
  alertChannel(application: string, id: string): Promise<StoredAlertChannel | undefined>;
  alertChannels(application: string, page: PageRequest): Promise<Page<StoredAlertChannel>>;
  changeAlertChannel(id: string, channel: NewAlertChannel, actor: string): Promise<StoredAlertChannel>;
  deleteAlertChannel(application: string, id: string, actor: string): Promise<void>;
  createAlertRule(rule: NewAlertRule, actor: string): Promise<Created<StoredAlertRule>>;
  alertRule(application: string, id: string): Promise<StoredAlertRule | undefined>;
  alertRules(application: string, page: PageRequest): Promise<Page<StoredAlertRule>>;
  allAlertRules(): Promise<readonly StoredAlertRule[]>;
  changeAlertRule(id: string, rule: NewAlertRule, actor: string): Promise<StoredAlertRule>;
  deleteAlertRule(application: string, id: string, actor: string): Promise<void>;
  alertRecords(
    application: string,
    most: number,
  ): Promise<{ readonly fromSeq: number; readonly records: readonly AlertRecord[] } | undefined>;
  /** Raises what is new, and moves on in the outbox with it; returns what was raised. */
  raiseAlerts(
    application: string,
    alerts: readonly NewAlert[],
    moved?: { readonly fromSeq: number; readonly toSeq: number },
  ): Promise<readonly StoredAlert[]>;
  /** What a budget was charged in its window by hour since 1970 (UTC); quiet hours are missing. */
  limitHours(
    application: string,
    limitId: string,
    value: string,
    windowStartMs: number,
  ): Promise<ReadonlyMap<number, bigint>>;
  isRaised(application: string, ruleId: string, subject: string, period: string): Promise<boolean>;
  storedAlert(application: string, id: string): Promise<StoredAlert | undefined>;
  alertHistory(application: string, filter: AlertFilter, page: PageRequest): Promise<Page<StoredAlert>>;
  retryAlert(application: string, id: string): Promise<StoredAlert>;
  /** True while this holder is the one of all servers that does what `name` says. */
  takeLease(name: string, holder: string, nowMs: number, forMs: number): Promise<boolean>;
  endLease(name: string, holder: string): Promise<void>;
  claimDeliveries(nowMs: number, againMs: number, most: number): Promise<readonly DueDelivery[]>;
  /** An attempt that was made outside of the turn, with its end. */
  recordDelivery(alertId: string, channel: StoredAlertChannel, outcome: DeliveryOutcome): Promise<void>;
  /** When the next delivery is to be made; undefined when none is waiting. */
  nextDeliveryMs(): Promise<number | undefined>;
  settleDeliveries(outcomes: readonly DeliveryOutcome[], nowMs: number): Promise<void>;
  recordClientReports(application: string, reports: readonly ClientReport[], nowMs: number): Promise<void>;
  /** What SDKs lost on a day (UTC), by reason. */
  clientLosses(application: string, day: string): Promise<Readonly<Record<string, number>>>;

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
