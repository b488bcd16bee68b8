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
import { type Page, type PageRequest } from "./query.ts";
import { type Created } from "./store.ts";

/** The verbs of alerts: where they go, what they are about, what was told. */
export interface AlertStore {
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
}
