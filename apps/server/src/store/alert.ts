/** How a channel is reached. */
export type AlertChannelKind = "webhook" | "slack" | "email";

/** A channel as it is asked for. */
export interface NewAlertChannel {
  readonly application: string;
  readonly name: string;
  readonly kind: AlertChannelKind;
  /** What may be shown of where it leads. */
  readonly target: string;
  /** Encrypted: whatever is needed to send. */
  readonly secret: string;
  readonly enabled: boolean;
}

/** A channel as it stands. */
export interface StoredAlertChannel extends NewAlertChannel {
  readonly id: string;
  readonly createdMs: number;
  readonly updatedMs: number;
}

/** A rule as it is asked for. */
export interface NewAlertRule {
  readonly application: string;
  readonly name: string;
  readonly kind: string;
  /** JSON text in the words of the wire; its shape belongs to the kind. */
  readonly condition: string;
  /** Ids. */
  readonly channels: readonly string[];
  readonly enabled: boolean;
}

/** A rule as it stands. */
export interface StoredAlertRule extends NewAlertRule {
  readonly id: string;
  readonly createdMs: number;
  readonly updatedMs: number;
}

/** Something that a rule noticed. Raised once for each `subject` of a rule and `period`. */
export interface NewAlert {
  readonly ruleId: string;
  readonly ruleName: string;
  readonly kind: string;
  readonly subject: string;
  readonly period: string;
  readonly title: string;
  readonly body: string;
  /** In the words of the wire; amounts are exact decimal text. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** Ids; those that are gone or not enabled are left out. */
  readonly channels: readonly string[];
}

/** How far one alert has come on one channel. */
export interface AlertDelivery {
  readonly id: string;
  readonly channelId: string;
  readonly channelName: string;
  readonly state: "pending" | "delivered" | "dead";
  readonly attempts: number;
  /** When it is tried again; null once it is not. */
  readonly nextMs: number | null;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
  readonly updatedMs: number;
}

/** An alert as it was raised, with its deliveries. */
export interface StoredAlert extends Omit<NewAlert, "channels"> {
  readonly id: string;
  readonly application: string;
  readonly createdMs: number;
  readonly deliveries: readonly AlertDelivery[];
}

/** Which part of the history is asked for. */
export interface AlertFilter {
  readonly ruleId?: string | undefined;
  readonly kind?: string | undefined;
  /** Alerts with at least one delivery in this state. */
  readonly state?: string | undefined;
}

/** A delivery that is to be made now. */
export interface DueDelivery {
  readonly id: string;
  /** With this one. */
  readonly attempts: number;
  readonly alert: Omit<StoredAlert, "deliveries">;
  /** Undefined when it was deleted. */
  readonly channel: StoredAlertChannel | undefined;
}

/** How an attempt ended. */
export interface DeliveryOutcome {
  readonly id: string;
  readonly state: "pending" | "delivered" | "dead";
  /** When to try again; null unless pending. */
  readonly nextMs: number | null;
  readonly status: number | null;
  readonly error: string | null;
}

/** An entry of the outbox that rules look at. */
export interface AlertRecord {
  readonly seq: number;
  readonly kind: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly createdMs: number;
}

/** The figures of one ledger of an SDK: totals since it was opened. */
export interface ClientReport {
  readonly ledger: string;
  readonly produced: number;
  readonly delivered: number;
  /** By reason. */
  readonly dropped: Readonly<Record<string, number>>;
}
