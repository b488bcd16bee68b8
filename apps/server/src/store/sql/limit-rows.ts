import { formatMoney, parseMoney } from "@payi/core/cost";
import { type LimitConfig, type LimitState, type LimitType } from "@payi/core/wire";

import { type LimitDefinition, type LimitRaise, type NewLimit } from "../limit.ts";
import { json, number, text } from "./columns.ts";
import { type Insert, type Program, type Row, type Value, get, runMany } from "./program.ts";
import { mergeProperties } from "./properties.ts";

/** The states, which are also the names of the counters' columns. */
export const LIMIT_STATES: readonly LimitState[] = [
  "ok",
  "exceeded",
  "overrun",
  "blocked",
  "blocked_external",
  "failed",
];

/** What to select for {@link readDefinition}. */
export const LIMIT_COLUMNS =
  "id, name, max, threshold, limit_type, properties, policy, raised, automatic, reset_ms, opened_ms, created_ms, updated_ms";

/** The statement that makes limits; its values are those of {@link newLimitValues}. */
export const NEW_LIMIT: Insert = {
  table: "limit_def",
  columns: [
    "application",
    "id",
    "name",
    "max",
    "threshold",
    "limit_type",
    "properties",
    "policy",
    "selective",
    "automatic",
    "created_ms",
    "updated_ms",
  ],
  conflict: "",
};

type LimitToMake = NewLimit & { readonly id: string; readonly automatic: boolean };

/** What an instance's own limit gets of its use case's configuration. */
export function automaticLimit(
  config: LimitConfig,
): Pick<LimitToMake, "max" | "limitType" | "threshold" | "properties" | "policy" | "automatic"> {
  const { max, limitType, threshold, properties, levels, estimate, onUnpriced, onUnreachable, ladder } =
    config;
  const policy = { levels, estimate, onUnpriced, onUnreachable, ladder };
  return { max, limitType, threshold, properties: properties ?? {}, policy, automatic: true };
}

/** The values of {@link NEW_LIMIT}. */
export function newLimitValues(limit: LimitToMake, createdMs: number): readonly Value[] {
  return [
    limit.application,
    limit.id,
    limit.name,
    formatMoney(limit.max),
    limit.threshold ?? null,
    limit.limitType,
    JSON.stringify(mergeProperties({}, limit.properties)),
    JSON.stringify(limit.policy ?? {}),
    limit.policy?.selector === undefined ? 0 : 1,
    limit.automatic ? 1 : 0,
    createdMs,
    createdMs,
  ];
}

/** Makes a limit; its windows come with what is charged to them. */
export function* insertLimit(limit: LimitToMake): Program<void> {
  yield* runMany(NEW_LIMIT, [newLimitValues(limit, Date.now())]);
}

/** A limit with whose it is. */
export interface LimitInForce extends LimitDefinition {
  readonly application: string;
}

const FIND = `SELECT ${LIMIT_COLUMNS} FROM limit_def WHERE application = ? AND id = ?`;

/** The limit without its windows; undefined when there is none with this id. */
export function* findDefinition(application: string, id: string): Program<LimitDefinition | undefined> {
  const row = yield* get(FIND, application, id);
  return row === undefined ? undefined : readDefinition(row);
}

/** The limit of a row, without its windows. */
export function readDefinition(row: Row): LimitDefinition {
  return {
    id: String(row["id"]),
    name: String(row["name"]),
    max: parseMoney(String(row["max"])),
    threshold: number(row["threshold"]),
    limitType: String(row["limit_type"]) as LimitType,
    properties: json(row["properties"]),
    policy: json(row["policy"]),
    raise: readRaise(text(row["raised"])),
    automatic: row["automatic"] === 1,
    resetMs: Number(row["reset_ms"]),
    openedMs: Number(row["opened_ms"]),
    createdMs: Number(row["created_ms"]),
    updatedMs: Number(row["updated_ms"]),
  };
}

/** JSON has no bigint: the amount is kept as exact decimal text. */
export function writeRaise(raise: LimitRaise): string {
  return JSON.stringify({ ...raise, max: formatMoney(raise.max) });
}

function readRaise(value: string | null): LimitRaise | null {
  if (value === null) return null;
  const raise = JSON.parse(value) as Omit<LimitRaise, "max"> & { readonly max: string };
  return { ...raise, max: parseMoney(raise.max) };
}
