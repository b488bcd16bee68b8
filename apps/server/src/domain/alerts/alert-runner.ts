/* oxlint-disable no-await-in-loop -- one step after the other is the point */
/**
 * Watches rules and delivers alerts. Of all servers on one store a single one does so at a time, by a lease; what it
 * raises is written together with how far it has come, so that a crash neither loses an alert nor raises it twice.
 */
import { newId } from "../../new-id.ts";
import {
  type AlertRecord,
  type DeliveryOutcome,
  type DueDelivery,
  type NewAlert,
  type StoredAlertRule,
} from "../../store/alert.ts";
import { type Store } from "../../store/store.ts";
import { MOST_ATTEMPTS, waitMs } from "./backoff.ts";
import { type ClientReports } from "./client-reports.ts";
import { type Finding, type RuleKind } from "./rule-kind.ts";
import { kindOf } from "./rules.ts";
import { type SendContext, sendAlert } from "./send.ts";

const LEASE = "alerts";
const LEASE_MS = 60_000;
/** Longer than an attempt can take. */
const AGAIN_MS = 120_000;
const RECORDS_AT_ONCE = 500;
const DELIVERIES_AT_ONCE = 8;

/** What a runner works with. */
export interface AlertRunnerContext extends SendContext {
  readonly store: Store;
  readonly reports: ClientReports;
  /** How often it looks for something to do. */
  readonly intervalMs: number;
  /** How often rules look by themselves. */
  readonly checkEveryMs: number;
  readonly onError: (error: unknown, what: string) => void;
  /** Between 0 and 1; replaced by tests only. */
  readonly random?: () => number;
}

/** Does its work in turns while it is started. */
export class AlertRunner {
  readonly #context: AlertRunnerContext;
  readonly #holder = newId();
  #stop = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> | undefined;
  #leaseUntilMs = 0;
  #checkedMs = 0;

  constructor(context: AlertRunnerContext) {
    this.#context = context;
  }

  start(): void {
    this.#stop = new AbortController();
    this.#timer = setInterval(() => void this.turn(), this.#context.intervalMs);
    this.#timer.unref();
  }

  /** Breaks attempts off, which another server or the next start makes again, and gives the lease back. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stop.abort();
    await this.#turn;
    if (this.#leaseUntilMs > 0)
      await this.#context.store.endLease(LEASE, this.#holder).catch(() => undefined);
    this.#leaseUntilMs = 0;
  }

  /** Does what there is to do now; one turn at a time. Never rejects. */
  turn(nowMs: number = Date.now()): Promise<void> {
    this.#turn ??= this.#work(nowMs)
      .catch((error: unknown) => {
        if (!this.#stop.signal.aborted) this.#context.onError(error, "alerts could not be looked after");
      })
      .finally(() => {
        this.#turn = undefined;
      });
    return this.#turn;
  }

  async #work(nowMs: number): Promise<void> {
    const { store, reports } = this.#context;
    await Promise.all(
      [...reports.take()].map(([application, told]) => store.recordClientReports(application, told, nowMs)),
    );
    const rules = await store.allAlertRules();
    const waiting = await store.nextDeliveryMs();
    if (rules.length === 0 && (waiting === undefined || waiting > nowMs)) return;
    if (!(await this.#holdLease(nowMs))) return;
    for (const application of new Set(rules.map((rule) => rule.application))) {
      await this.#hear(
        application,
        rules.filter((rule) => rule.enabled && rule.application === application),
      );
    }
    if (nowMs - this.#checkedMs >= this.#context.checkEveryMs) {
      this.#checkedMs = nowMs;
      for (const rule of rules) await this.#check(rule, nowMs);
    }
    await this.#deliver(nowMs);
  }

  async #holdLease(nowMs: number): Promise<boolean> {
    // Renewed before it ends, but not with every turn: that would be a commit each.
    if (this.#leaseUntilMs - nowMs > LEASE_MS / 2) return true;
    const held = await this.#context.store.takeLease(LEASE, this.#holder, nowMs, LEASE_MS);
    this.#leaseUntilMs = held ? nowMs + LEASE_MS : 0;
    return held;
  }

  /** Looks at what the outbox has, to its end. */
  async #hear(application: string, rules: readonly StoredAlertRule[]): Promise<void> {
    const { store } = this.#context;
    for (;;) {
      const found = await store.alertRecords(application, RECORDS_AT_ONCE);
      const last = found?.records.at(-1);
      if (found === undefined || last === undefined) return;
      const alerts = found.records.flatMap((record) => rules.flatMap((rule) => hearRecord(rule, record)));
      await store.raiseAlerts(application, alerts, { fromSeq: found.fromSeq, toSeq: last.seq });
      if (found.records.length < RECORDS_AT_ONCE) return;
    }
  }

  /** A rule that cannot look does not keep others from it. */
  async #check(rule: StoredAlertRule, nowMs: number): Promise<void> {
    const { store } = this.#context;
    const { application } = rule;
    const [kind, condition] = [kindOf(rule.kind), conditionOf(rule)];
    if (!rule.enabled || kind?.check === undefined) return;
    try {
      const isTold = (subject: string, period: string): Promise<boolean> =>
        store.isRaised(application, rule.id, subject, period);
      const findings = await kind.check(condition, { store, application, nowMs, isTold });
      if (findings.length === 0) return;
      await store.raiseAlerts(
        application,
        findings.map((finding) => toAlert(rule, finding)),
      );
    } catch (error) {
      this.#context.onError(error, `the alert rule ${rule.id} could not look`);
    }
  }

  async #deliver(nowMs: number): Promise<void> {
    const { store } = this.#context;
    for (;;) {
      // What this turn raised is due as well.
      const dueMs = Math.max(nowMs, Date.now());
      const due = await store.claimDeliveries(dueMs, AGAIN_MS, DELIVERIES_AT_ONCE);
      const outcomes = await Promise.all(due.map((delivery) => this.#attempt(delivery)));
      const ended = outcomes.flatMap((outcome) => outcome ?? []);
      if (ended.length > 0) await store.settleDeliveries(ended, Date.now());
      if (due.length < DELIVERIES_AT_ONCE || this.#stop.signal.aborted) return;
    }
  }

  /** Undefined for an attempt that was broken off. */
  async #attempt({ id, attempts, alert, channel }: DueDelivery): Promise<DeliveryOutcome | undefined> {
    const dead = { id, state: "dead", nextMs: null, status: null } as const;
    if (channel === undefined) return { ...dead, error: "The channel was deleted." };
    if (!channel.enabled) return { ...dead, error: "The channel is switched off." };
    const result = await sendAlert(this.#context, channel, alert, id, this.#stop.signal);
    if (result.delivered) return { id, state: "delivered", nextMs: null, status: result.status, error: null };
    if (this.#stop.signal.aborted) return undefined;
    const { status, error } = result;
    if (!result.again || attempts >= MOST_ATTEMPTS) return { ...dead, status, error };
    const wait = waitMs(attempts, result.retryAfterMs, this.#context.random ?? Math.random);
    return { id, state: "pending", nextMs: Date.now() + wait, status, error };
  }
}

function hearRecord(rule: StoredAlertRule, record: AlertRecord): readonly NewAlert[] {
  const kind = kindOf(rule.kind);
  // What happened before there was the rule is no news to it.
  if (kind?.hear === undefined || record.createdMs < rule.createdMs) return [];
  const finding = kind.hear(conditionOf(rule), record);
  return finding === undefined ? [] : [toAlert(rule, finding)];
}

function conditionOf(rule: StoredAlertRule): Parameters<RuleKind<unknown>["read"]>[0] {
  return JSON.parse(rule.condition) as Record<string, unknown>;
}

function toAlert(rule: StoredAlertRule, finding: Finding): NewAlert {
  const { id, name, kind, channels } = rule;
  return { ...finding, ruleId: id, ruleName: name, kind, channels };
}
