import { type JsonObject, WireError } from "@payi/core/wire";

import { type AlertRecord } from "../../store/alert.ts";
import { type Store } from "../../store/store.ts";

/** Something that a rule wants to be told. Told once for each subject and period. */
export interface Finding {
  readonly subject: string;
  readonly period: string;
  readonly title: string;
  readonly body: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** What rules that look by themselves look at. */
export interface CheckContext {
  readonly store: Store;
  readonly application: string;
  readonly nowMs: number;
  /** True when this was told already, so that nothing has to be worked out. */
  readonly isTold: (subject: string, period: string) => Promise<boolean>;
}

/** One kind of rule. It hears of records of the outbox, or looks by itself every few minutes. */
export interface RuleKind<Condition> {
  /** One line, for whoever chooses. */
  readonly summary: string;
  /** @throws {WireError} `invalid_alert_rule` and those of the field readers. */
  read(condition: JsonObject): Condition;
  hear?(condition: Condition, record: AlertRecord): Finding | undefined;
  check?(condition: Condition, context: CheckContext): Promise<readonly Finding[]>;
}

/** Refuses a rule. */
export function invalidRule(message: string): WireError {
  return new WireError("invalid_alert_rule", message);
}

/** The day (UTC) as `YYYY-MM-DD`. */
export function dayOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}
