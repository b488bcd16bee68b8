/** What our limits have beyond Pay-i's: whom a limit is for, when it starts again, how it is enforced (additions). */
import { type Properties } from "./ingest.ts";
import { type LadderStep, encodeStep, readLadder } from "./ladder-steps.ts";
import { readChoice, readFraction, refuse } from "./limit-fields.ts";
import { type LimitPeriod, readAnchor, readPeriod, readTimeZone } from "./limit-periods.ts";
import { type JsonObject, readObject, readProperties, readText, show } from "./parse.ts";

export { type LadderStep } from "./ladder-steps.ts";
export { readChoice } from "./limit-fields.ts";
export { type LimitPeriod, rollingMs } from "./limit-periods.ts";

/** Calls that a limit is for. All given parts must match, word for word; an empty selector matches every call. */
export interface LimitSelector {
  readonly useCaseName?: string | undefined;
  readonly userId?: string | undefined;
  readonly accountName?: string | undefined;
  readonly category?: string | undefined;
  readonly resource?: string | undefined;
  /** Properties of the request, else of its use-case instance. */
  readonly properties?: Properties | undefined;
}

/** One budget per value of this; a call without the value spends from the budget of the empty value. */
export type LimitPer = "user_id" | "account_name" | "use_case_name" | `property:${string}`;

/** How much is held before a call; see `amountToHold` in `holds.ts`. */
export type EstimateMode = "upper_bound" | "history" | "strict" | "none";

/** What a limit says to a call whose price nobody knows. */
export type OnUnpriced = "alert" | "block" | "hold_dearest";

/** What a block limit says when the platform cannot be asked. */
export type OnUnreachable = "allow" | "block";

/** The part that a use case's `limit_config` shares: an instance's own limit has no selector and no period. */
export interface LimitEnforcement {
  /** Fractions of max at which to warn, ascending, each once per window. */
  readonly levels?: readonly number[] | undefined;
  /** Undefined is `history`. */
  readonly estimate?: EstimateMode | undefined;
  /** Undefined is `alert`. */
  readonly onUnpriced?: OnUnpriced | undefined;
  /** Undefined is `block` for block limits; allow limits always allow. */
  readonly onUnreachable?: OnUnreachable | undefined;
  /** Ascending by `at`. Undefined or empty: requests are never changed. */
  readonly ladder?: readonly LadderStep[] | undefined;
}

export interface LimitPolicy extends LimitEnforcement {
  readonly selector?: LimitSelector | undefined;
  readonly per?: LimitPer | undefined;
  /** Undefined is `none`: the limit starts again only by a reset. */
  readonly period?: LimitPeriod | undefined;
  /** IANA name; undefined is UTC. */
  readonly timeZone?: string | undefined;
  /** Start of the period: see {@link readAnchor}. */
  readonly anchor?: string | undefined;
}

export function encodeEnforcement(policy: LimitEnforcement): JsonObject {
  return {
    levels: policy.levels,
    estimate: policy.estimate,
    on_unpriced: policy.onUnpriced,
    on_unreachable: policy.onUnreachable,
    ladder: policy.ladder?.map(encodeStep),
  };
}

export function encodePolicy(policy: LimitPolicy): JsonObject {
  return {
    ...encodeEnforcement(policy),
    selector: policy.selector === undefined ? undefined : encodeSelector(policy.selector),
    per: policy.per,
    period: policy.period,
    time_zone: policy.timeZone,
    anchor: policy.anchor,
  };
}

export function encodeSelector(selector: LimitSelector): JsonObject {
  return {
    use_case_name: selector.useCaseName,
    user_id: selector.userId,
    account_name: selector.accountName,
    category: selector.category,
    resource: selector.resource,
    properties: selector.properties,
  };
}

/** @throws {WireError} `create_limit_validation_failed` naming field, value and rule. */
export function decodeEnforcement(body: JsonObject): LimitEnforcement {
  return {
    levels: readLevels(body["levels"]),
    estimate: readChoice(body["estimate"], "estimate", ESTIMATE_MODES),
    onUnpriced: readChoice(body["on_unpriced"], "on_unpriced", ["alert", "block", "hold_dearest"]),
    onUnreachable: readChoice(body["on_unreachable"], "on_unreachable", ["allow", "block"]),
    ladder: readLadder(body["ladder"]),
  };
}

/** @throws {WireError} `create_limit_validation_failed` naming field, value and rule. */
export function decodePolicy(body: JsonObject): LimitPolicy {
  const period = readPeriod(body["period"]);
  return {
    ...decodeEnforcement(body),
    selector: decodeSelector(body["selector"]),
    per: readPer(body["per"]),
    period,
    timeZone: readTimeZone(body["time_zone"]),
    anchor: readAnchor(body["anchor"], period),
  };
}

const ESTIMATE_MODES = ["upper_bound", "history", "strict", "none"] as const;
const SELECTOR_FIELDS: ReadonlySet<string> = new Set([
  "use_case_name",
  "user_id",
  "account_name",
  "category",
  "resource",
  "properties",
]);

export function decodeSelector(value: unknown): LimitSelector | undefined {
  if (value === undefined || value === null) return undefined;
  const given = readObject(value, "selector");
  const unknown = Object.keys(given).find((name) => !SELECTOR_FIELDS.has(name));
  // A part that is misspelt would make the limit match more calls than were meant.
  if (unknown !== undefined) {
    refuse(`selector has the part ${show(unknown)}; it may have ${[...SELECTOR_FIELDS].join(", ")}.`);
  }
  return {
    useCaseName: readText(given["use_case_name"], "selector.use_case_name", 256),
    userId: readText(given["user_id"], "selector.user_id", 256),
    accountName: readText(given["account_name"], "selector.account_name", 256),
    category: readText(given["category"], "selector.category", 256),
    resource: readText(given["resource"], "selector.resource", 512),
    properties: readProperties(given["properties"], "selector.properties"),
  };
}

function readPer(value: unknown): LimitPer | undefined {
  const given = readText(value, "per", 256);
  if (given === undefined) return undefined;
  if (given === "user_id" || given === "account_name" || given === "use_case_name") return given;
  if (given.startsWith("property:") && given.length > 9) return given as LimitPer;
  return refuse(
    `per must be "user_id", "account_name", "use_case_name" or "property:<key>", got ${show(value)}.`,
  );
}

function readLevels(value: unknown): readonly number[] | undefined {
  if (value === undefined || value === null) return undefined;
  const levels = Array.isArray(value) ? (value as unknown[]) : [value];
  if (levels.length > 16) refuse(`levels has ${levels.length} entries; at most 16 are accepted.`);
  return levels.map((level, index) => readFraction(level, `levels[${index}]`)).toSorted((a, b) => a - b);
}
