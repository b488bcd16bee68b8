/** What our limits have beyond Pay-i's: whom a limit is for, when it starts again, how it is enforced (additions). */
import { type Properties } from "./ingest.ts";
import {
  type JsonObject,
  WireError,
  isObject,
  readCount,
  readObject,
  readProperties,
  readText,
  show,
} from "./parse.ts";

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

/** `rolling:` is followed by a number and `m`, `h` or `d`: `rolling:90m`, `rolling:24h`, `rolling:30d`. */
export type LimitPeriod = "none" | "hour" | "day" | "week" | "month" | `rolling:${string}`;

/** How much is held before a call; see `amountToHold` in `holds.ts`. */
export type EstimateMode = "upper_bound" | "history" | "strict" | "none";

/** What a limit says to a call whose price nobody knows. */
export type OnUnpriced = "alert" | "block" | "hold_dearest";

/** What a block limit says when the platform cannot be asked. */
export type OnUnreachable = "allow" | "block";

/**
 * What happens from a share of the budget on. `at` is a fraction of max, reached when (spent + held) ÷ max ≥ at before
 * the call. Of several steps that are reached, each acts once, in order.
 */
export type LadderStep =
  | { readonly at: number; readonly action: "warn" | "block" }
  | {
      readonly at: number;
      readonly action: "switch_model";
      /** The model that is asked instead. */
      readonly model: string;
      /** Only calls that ask for this model are switched. */
      readonly from?: string | undefined;
      /** Only calls of this category are switched. One of `from` and `category` is required. */
      readonly category?: string | undefined;
    }
  | {
      readonly at: number;
      readonly action: "cap_output";
      /** The most output tokens that a call may ask for. */
      readonly maxOutputTokens: number;
    };

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

function encodeStep(step: LadderStep): JsonObject {
  const { at, action } = step;
  if (action === "switch_model") {
    return { at, action, model: step.model, from: step.from, category: step.category };
  }
  return action === "cap_output" ? { at, action, max_output_tokens: step.maxOutputTokens } : { at, action };
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

function readPeriod(value: unknown): LimitPeriod | undefined {
  const given = readText(value, "period", 32);
  if (given === undefined) return undefined;
  if (["none", "hour", "day", "week", "month"].includes(given)) return given as LimitPeriod;
  const length = rollingMs(given as LimitPeriod);
  if (length !== undefined && length >= 60_000 && length <= 366 * 86_400_000) return given as LimitPeriod;
  return refuse(
    `period must be "none", "hour", "day", "week", "month" or "rolling:" with a length from 1m to 366d such as "rolling:24h", got ${show(value)}.`,
  );
}

/** Length of a rolling period in milliseconds; undefined for every other period. */
export function rollingMs(period: LimitPeriod): number | undefined {
  const match = /^rolling:(\d{1,7})([mhd])$/.exec(period);
  if (match === null) return undefined;
  const unit = match[2] === "m" ? 60_000 : match[2] === "h" ? 3_600_000 : 86_400_000;
  return Number(match[1]) * unit;
}

function readTimeZone(value: unknown): string | undefined {
  const given = readText(value, "time_zone", 64);
  if (given === undefined) return undefined;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: given }).resolvedOptions().timeZone;
  } catch {
    return refuse(`time_zone must be an IANA name such as "America/Denver", got ${show(value)}.`);
  }
}

const WEEKDAYS: ReadonlySet<string> = new Set([
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
]);

/**
 * Where the period starts, as text: of an hour the minute (`"15"`), of a day the time (`"06:00"`), of a week the day
 * (`"monday"`, the default), of a month the day (`"15"`; `"31"` is the last one of a shorter month). Rolling periods and
 * `none` have no start.
 */
function readAnchor(value: unknown, period: LimitPeriod | undefined): string | undefined {
  const given = readText(typeof value === "number" ? String(value) : value, "anchor", 16)?.toLowerCase();
  if (given === undefined) return undefined;
  const whole = /^\d{1,2}$/.test(given) ? Number(given) : -1;
  if (period === "hour" && whole >= 0 && whole <= 59) return String(whole);
  if (period === "day" && /^(?:[01]\d|2[0-3]):[0-5]\d$/.test(given)) return given;
  if (period === "week" && WEEKDAYS.has(given)) return given;
  if (period === "month" && whole >= 1 && whole <= 31) return String(whole);
  return refuse(
    `anchor ${show(value)} is no start of the period ${show(period ?? "none")}: an hour's is a minute ("15"), a day's a time ("06:00"), a week's a day ("monday"), a month's a day from "1" to "31"; other periods have none.`,
  );
}

function readLevels(value: unknown): readonly number[] | undefined {
  if (value === undefined || value === null) return undefined;
  const levels = Array.isArray(value) ? (value as unknown[]) : [value];
  if (levels.length > 16) refuse(`levels has ${levels.length} entries; at most 16 are accepted.`);
  return levels.map((level, index) => readFraction(level, `levels[${index}]`)).toSorted((a, b) => a - b);
}

function readFraction(value: unknown, field: string): number {
  if (typeof value === "number" && value >= 0 && value <= 1) return value;
  return refuse(`${field} must be a fraction of max from 0 to 1, got ${show(value)}.`);
}

function readLadder(value: unknown): readonly LadderStep[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value) || value.length > 16) {
    return refuse(`ladder must be a list of at most 16 steps, got ${show(value)}.`);
  }
  return value
    .map((step, index) => readStep(step, `ladder[${index}]`))
    .toSorted((left, right) => left.at - right.at);
}

function readStep(value: unknown, field: string): LadderStep {
  const step = isObject(value) ? value : {};
  const at = readFraction(step["at"], `${field}.at`);
  const { action } = step;
  if (action === "warn" || action === "block") return { at, action };
  if (action === "cap_output") {
    const maxOutputTokens = readCount(step["max_output_tokens"], `${field}.max_output_tokens`);
    if (maxOutputTokens !== undefined && maxOutputTokens > 0) return { at, action, maxOutputTokens };
    return refuse(`${field}.max_output_tokens must be a whole number above 0.`);
  }
  if (action !== "switch_model") {
    return refuse(
      `${field}.action must be "warn", "switch_model", "cap_output" or "block", got ${show(action)}.`,
    );
  }
  const model = readText(step["model"], `${field}.model`, 256);
  const from = readText(step["from"], `${field}.from`, 256);
  const category = readText(step["category"], `${field}.category`, 256);
  if (model !== undefined && (from ?? category) !== undefined) return { at, action, model, from, category };
  return refuse(
    `${field} needs model, and from or category: a call of another provider cannot ask for ${show(model)}.`,
  );
}

/** One of a few words. @throws {WireError} */
export function readChoice<const Choice extends string>(
  value: unknown,
  field: string,
  choices: readonly Choice[],
): Choice | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  const found = choices.find((choice) => choice === value);
  return found ?? refuse(`${field} must be one of ${choices.map(show).join(", ")}, got ${show(value)}.`);
}

function refuse(message: string): never {
  throw new WireError("create_limit_validation_failed", message);
}
