import { type StoredEvent } from "../event.ts";
import { type MutableSums, NO_SUMS, type Sums, accumulate } from "../sums.ts";
import { SUM_COLUMNS, json, number, sumValues, text, toJson } from "./columns.ts";
import { type UndecidedEvent } from "./event-record.ts";
import { type Insert, type Row, type Value } from "./program.ts";
import { mergeProperties } from "./properties.ts";

type Properties = Readonly<Record<string, string>>;

/** An instance with everything that events may change of it. */
export interface BatchInstance {
  readonly application: string;
  readonly useCase: string;
  readonly id: string;
  readonly version: number;
  readonly limitId: string | null;
  readonly defaultUser: string | null;
  readonly defaultAccount: string | null;
  readonly defaultLimitIds: readonly string[];
  properties: Properties;
  user: string | null;
  userMs: number | null;
  account: string | null;
  accountMs: number | null;
  seeded: boolean;
  seen: boolean;
  startedMs: number;
  lastSeenMs: number;
  /** What the batch adds to its totals. */
  readonly added: MutableSums;
  touched: boolean;
}

const KEY = ["application", "use_case", "id"] as const;
const FIXED = ["version", "limit_id", "default_user", "default_account", "default_limit_ids"] as const;
const CHANGING = [
  "properties",
  '"user"',
  "user_ms",
  "account",
  "account_ms",
  "seeded",
  "seen",
  "started_ms",
  "last_seen_ms",
] as const;
/** Makes an instance, or changes it and adds to its totals; its values are those of {@link toRow}. */
export const INSTANCE: Insert = {
  table: "instance",
  columns: [...KEY, ...FIXED, ...CHANGING, ...SUM_COLUMNS],
  conflict: `ON CONFLICT (${KEY.join(", ")}) DO UPDATE SET ${[
    ...CHANGING.map((name) => `${name} = excluded.${name}`),
    ...SUM_COLUMNS.map((name) => `${name} = instance.${name} + excluded.${name}`),
  ].join(", ")}`,
};
/** What to select for {@link readInstance}. */
export const COLUMNS: string = [...KEY, ...FIXED, ...CHANGING].map((name) => `instance.${name}`).join(", ");

/** Adds one event to the totals of its instance. */
export function addToInstance(instance: BatchInstance, sums: Sums): void {
  accumulate(instance.added, sums);
}

/** What an event says of the instance it belongs to, with what it leaves to the instance filled in. */
export function attribution(
  event: UndecidedEvent,
  instance: BatchInstance | null,
): Pick<StoredEvent, "useCase" | "instance" | "version" | "user" | "account" | "useCaseProperties"> {
  return {
    useCase: instance?.useCase ?? null,
    instance: instance?.id ?? null,
    version: instance?.version ?? null,
    user: event.user ?? instance?.defaultUser ?? null,
    account: event.account ?? instance?.defaultAccount ?? null,
    useCaseProperties: instance?.properties ?? mergeProperties({}, event.instanceProperties),
  };
}

/** An instance shows who its earliest event was for, in whatever order events arrive. */
export function see(instance: BatchInstance, event: UndecidedEvent): BatchInstance {
  const { timeMs, user, account } = event;
  if (Object.keys(event.instanceProperties).length > 0) {
    instance.properties = mergeProperties(instance.properties, event.instanceProperties);
  }
  instance.seeded &&= event.seeded;
  if (user !== null && (instance.userMs === null || timeMs < instance.userMs)) {
    instance.user = user;
    instance.userMs = timeMs;
  }
  if (account !== null && (instance.accountMs === null || timeMs < instance.accountMs)) {
    instance.account = account;
    instance.accountMs = timeMs;
  }
  // An instance made by its score, before its first event, starts with that event.
  if (!instance.seen || timeMs < instance.startedMs) instance.startedMs = timeMs;
  if (!instance.seen || timeMs > instance.lastSeenMs) instance.lastSeenMs = timeMs;
  instance.seen = true;
  instance.touched = true;
  return instance;
}

/** The instance of a row. */
export function readInstance(row: Row): BatchInstance {
  return {
    application: String(row["application"]),
    useCase: String(row["use_case"]),
    id: String(row["id"]),
    version: Number(row["version"]),
    limitId: text(row["limit_id"]),
    defaultUser: text(row["default_user"]),
    defaultAccount: text(row["default_account"]),
    defaultLimitIds: json(row["default_limit_ids"]),
    properties: json(row["properties"]),
    user: text(row["user"]),
    userMs: number(row["user_ms"]),
    account: text(row["account"]),
    accountMs: number(row["account_ms"]),
    seeded: row["seeded"] === 1,
    seen: row["seen"] === 1,
    startedMs: Number(row["started_ms"]),
    lastSeenMs: Number(row["last_seen_ms"]),
    added: { ...NO_SUMS },
    touched: false,
  };
}

/** The values of {@link INSTANCE}. */
export function toRow(instance: BatchInstance): Value[] {
  return [
    instance.application,
    instance.useCase,
    instance.id,
    instance.version,
    instance.limitId,
    instance.defaultUser,
    instance.defaultAccount,
    JSON.stringify(instance.defaultLimitIds),
    toJson(instance.properties),
    instance.user,
    instance.userMs,
    instance.account,
    instance.accountMs,
    instance.seeded ? 1 : 0,
    instance.seen ? 1 : 0,
    instance.startedMs,
    instance.lastSeenMs,
    ...sumValues(instance.added),
  ];
}
