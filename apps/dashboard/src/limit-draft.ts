/** A limit as a form holds it, and the body that it comes to. Text stays as it was typed until it is read. */
import { type EstimateMode, type LimitType, type OnUnpriced, type OnUnreachable } from "@payi/core/wire";

import { decimalText, formatDecimal, parseDecimal } from "./decimal.ts";
import { attempt, quote, readPercent, refuse, showPercent } from "./draft-reading.ts";
import { type DraftStep, type StepBody, draftSteps, readSteps } from "./limit-ladder.ts";
import { type Limit, type LimitPart } from "./limits.ts";

/** What a condition can be on; a property is told by its key. */
export type PartField = "use_case" | "user" | "account" | "category" | "resource" | "property";

export interface DraftPart {
  /** Tells rows of a form apart. */
  readonly id: number;
  readonly field: PartField;
  /** Of a property. */
  readonly key: string;
  readonly value: string;
}

export interface LimitDraft {
  readonly name: string;
  readonly type: LimitType;
  readonly max: string;
  /** Per cent of max. */
  readonly threshold: string;
  /** Per cents of max, parted by commas. */
  readonly levels: string;
  readonly scope: "named" | "all" | "matching";
  readonly parts: readonly DraftPart[];
  readonly per: "" | "user_id" | "account_name" | "use_case_name" | "property";
  readonly perKey: string;
  readonly period: "none" | "hour" | "day" | "week" | "month" | "rolling";
  /** Number and unit of a rolling period: `30d`. */
  readonly length: string;
  readonly timeZone: string;
  readonly anchor: string;
  readonly estimate: EstimateMode;
  readonly onUnpriced: OnUnpriced;
  readonly onUnreachable: OnUnreachable | "";
  /** In the order in which they act. */
  readonly steps: readonly DraftStep[];
}

/** As it stands on the wire. Fields that are `null` go back to their default when a limit is changed. */
export interface LimitBody {
  readonly limit_name: string;
  readonly limit_type: LimitType;
  readonly max: number;
  readonly threshold?: number;
  readonly levels: readonly number[] | null;
  readonly selector: object | null;
  readonly per: string | null;
  readonly period: string | null;
  readonly time_zone: string | null;
  readonly anchor: string | null;
  readonly estimate: EstimateMode | null;
  readonly on_unpriced: OnUnpriced | null;
  readonly on_unreachable: OnUnreachable | null;
  readonly ladder: readonly StepBody[] | null;
}

export const NEW_LIMIT: LimitDraft = {
  name: "",
  type: "block",
  max: "",
  threshold: "80",
  levels: "",
  scope: "matching",
  parts: [{ id: 0, field: "use_case", key: "", value: "" }],
  per: "",
  perKey: "",
  period: "day",
  length: "30d",
  timeZone: "",
  anchor: "",
  estimate: "history",
  onUnpriced: "alert",
  onUnreachable: "",
  steps: [],
};

/** The body, or what keeps it from being one, in words for the person at the form. */
export function readDraft(draft: LimitDraft): { readonly body: LimitBody } | { readonly problem: string } {
  const read = attempt(() => toBody(draft));
  return "result" in read ? { body: read.result } : read;
}

/** The form of a limit that exists. */
export function draftOf(limit: Limit): LimitDraft {
  const rolling = limit.period.startsWith("rolling:");
  const isProperty = limit.per?.startsWith("property:") === true;
  return {
    name: limit.name,
    type: limit.type,
    max: limit.max,
    threshold: limit.threshold === null ? "" : showPercent(limit.threshold),
    levels: limit.levels.map(showPercent).join(", "),
    scope: limit.selector === null ? "named" : limit.selector.length === 0 ? "all" : "matching",
    parts: (limit.selector ?? []).map(toDraftPart),
    per: isProperty ? "property" : ((limit.per ?? "") as LimitDraft["per"]),
    perKey: isProperty ? (limit.per ?? "").slice("property:".length) : "",
    period: rolling ? "rolling" : (limit.period as LimitDraft["period"]),
    length: rolling ? limit.period.slice("rolling:".length) : NEW_LIMIT.length,
    timeZone: limit.timeZone ?? "",
    anchor: limit.anchor ?? "",
    estimate: limit.estimate,
    onUnpriced: limit.onUnpriced,
    onUnreachable: limit.onUnreachable ?? "",
    steps: draftSteps(limit.ladder),
  };
}

const NAMES = {
  use_case: "use_case_name",
  user: "user_id",
  account: "account_name",
  category: "category",
  resource: "resource",
} as const;

function toBody(draft: LimitDraft): LimitBody {
  const { period, anchor, timeZone } = draft;
  const hasCalendar = period !== "none" && period !== "rolling";
  const threshold = readThreshold(draft.threshold);
  return {
    limit_name: draft.name.trim() === "" ? refuse("The limit needs a name.") : draft.name.trim(),
    limit_type: draft.type,
    max: readMax(draft.max),
    ...(threshold === undefined ? {} : { threshold }),
    levels: readLevels(draft.levels),
    selector: readSelector(draft),
    per: readPer(draft),
    period: period === "none" ? null : period === "rolling" ? readLength(draft.length) : period,
    time_zone: hasCalendar && timeZone.trim() !== "" ? timeZone.trim() : null,
    anchor: hasCalendar && anchor.trim() !== "" ? anchor.trim() : null,
    estimate: draft.estimate === "history" ? null : draft.estimate,
    on_unpriced: draft.onUnpriced === "alert" ? null : draft.onUnpriced,
    on_unreachable: draft.onUnreachable === "" ? null : draft.onUnreachable,
    ladder: readSteps(draft.steps),
  };
}

/** The wire wants a number: only an amount that it can hold to the last digit is taken. */
function readMax(text: string): number {
  const plain = readAmount(text, "The maximum");
  const number = Number(plain);
  if (number > 1e15 || decimalText(number) !== plain) {
    return refuse(`The maximum ${text} has more digits than can be sent. Use at most 15.`);
  }
  return number;
}

/** Exact decimal text of an amount above 0. @throws with the words for the person who typed it. */
function readAmount(text: string, name: string): string {
  const trimmed = text.trim().replace(/^\$/, "").replaceAll(",", "");
  if (!/^\d+(?:\.\d{1,18})?$/.test(trimmed) || parseDecimal(trimmed) === 0n) {
    return refuse(`${name} must be an amount in USD above 0, such as 25 or 0.50, got ${quote(text)}.`);
  }
  return formatDecimal(parseDecimal(trimmed));
}

/** An amount that was typed, as exact text; or what is wrong with it. */
export function readTypedAmount(
  text: string,
  name: string,
): { readonly amount: string } | { readonly problem: string } {
  const read = attempt(() => readAmount(text, name));
  return "result" in read ? { amount: read.result } : read;
}

function readThreshold(text: string): number | undefined {
  if (text.trim() === "") return undefined;
  const share = readPercent(text, "The threshold");
  if (share >= 0.75 && share <= 0.99) return share;
  return refuse(`The threshold must lie between 75 and 99 per cent, got ${quote(text)}.`);
}

function readLevels(text: string): readonly number[] | null {
  const levels = text
    .split(/[,;\s]+/)
    .filter((each) => each !== "")
    .map((each) => readPercent(each, "A level"));
  if (levels.length > 16) return refuse(`At most 16 levels are taken, got ${levels.length}.`);
  return levels.length === 0 ? null : levels.toSorted((left, right) => left - right);
}

function readSelector({ scope, parts }: LimitDraft): object | null {
  if (scope === "named") return null;
  if (scope === "all") return {};
  const properties: Record<string, string> = {};
  const selector: Record<string, string> = {};
  for (const { field, key, value } of parts) {
    const [into, name] = field === "property" ? [properties, key.trim()] : [selector, NAMES[field]];
    if (name === "") refuse("A property needs a key.");
    if (value.trim() === "") refuse(`The condition on ${quote(name)} needs a value.`);
    if (name in into) refuse(`There are two conditions on ${quote(name)}; a call has one value only.`);
    into[name] = value.trim();
  }
  if (parts.length === 0) refuse("Add a condition, or make the limit for every call.");
  return Object.keys(properties).length === 0 ? selector : { ...selector, properties };
}

function readPer({ per, perKey }: LimitDraft): string | null {
  if (per !== "property") return per === "" ? null : per;
  return perKey.trim() === ""
    ? refuse("Name the property that has a budget each.")
    : `property:${perKey.trim()}`;
}

function readLength(text: string): string {
  const length = text.trim().replaceAll(" ", "").toLowerCase();
  if (/^[1-9]\d{0,5}[mhd]$/.test(length)) return `rolling:${length}`;
  return refuse(`A rolling period is a number with m, h or d, such as 90m, 24h or 30d, got ${quote(text)}.`);
}

function toDraftPart({ field, value }: LimitPart, id: number): DraftPart {
  return field.startsWith("property:")
    ? { id, field: "property", key: field.slice("property:".length), value }
    : { id, field: field as PartField, key: "", value };
}
