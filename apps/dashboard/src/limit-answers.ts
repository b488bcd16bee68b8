/** The platform's answers about limits, from the wire to what the pages speak in. One reader per shape. */
import { type LadderStep } from "@payi/core/wire";

import { sumAmounts } from "./amounts.ts";
import { decimalText } from "./decimal.ts";
import {
  type Budget,
  type ClosedWindow,
  type Limit,
  type LimitCounts,
  type LimitPart,
  type Simulation,
  type StepSavings,
} from "./limits.ts";
import { type Fields, fieldsOf, listOf, textOf } from "./price-answers.ts";

/** One item of `GET /limits`, or `limit` of `GET /limits/{id}`. */
export function readLimit(value: unknown): Limit {
  const limit = fieldsOf(value);
  const totals = fieldsOf(limit["totals"]);
  const max = decimalOf(limit["max_decimal"] ?? limit["max"]) ?? "0";
  const raise = fieldsOf(limit["raise"]);
  const raisedMax = decimalOf(raise["max"]);
  const until = textOf(raise["until"]);
  return {
    id: textOf(limit["limit_id"]) ?? "",
    name: textOf(limit["limit_name"]) ?? "",
    type: limit["limit_type"] === "block" ? "block" : "allow",
    max,
    threshold: numberOf(limit["threshold"]),
    levels: Array.isArray(limit["levels"]) ? limit["levels"].map(Number) : [],
    selector: readSelector(limit["selector"]),
    per: textOf(limit["per"]),
    period: textOf(limit["period"]) ?? "none",
    timeZone: textOf(limit["time_zone"]),
    anchor: textOf(limit["anchor"]),
    estimate: (textOf(limit["estimate"]) ?? "history") as Limit["estimate"],
    onUnpriced: (textOf(limit["on_unpriced"]) ?? "alert") as Limit["onUnpriced"],
    onUnreachable: textOf(limit["on_unreachable"]) as Limit["onUnreachable"],
    ladder: listOf(limit["ladder"]).flatMap(readStep),
    raise:
      raisedMax === null || until === null
        ? null
        : { max: raisedMax, until, author: textOf(raise["author"]), reason: textOf(raise["reason"]) },
    created: textOf(limit["limit_creation_timestamp"]) ?? "",
    budget: {
      value: textOf(totals["value"]) ?? "",
      max: sumAmounts([raisedMax ?? max, decimalOf(totals["topped_up"])]) ?? max,
      spent: spentOf(totals),
      held: decimalOf(totals["held"]),
      windowStart: textOf(totals["window_start"]),
      windowEnd: textOf(totals["window_end"]),
      counts: readCounts(totals["requests"]),
    },
  };
}

/** One item of `GET /limits/{id}/windows`. */
export function readBudget(value: unknown): Budget {
  const window = fieldsOf(value);
  return {
    value: textOf(window["value"]) ?? "",
    max: decimalOf(window["max"]) ?? "0",
    spent: decimalOf(window["spent"]) ?? "0",
    held: decimalOf(window["held"]),
    windowStart: textOf(window["window_start"]),
    windowEnd: textOf(window["window_end"]),
    counts: readCounts(window["requests"]),
  };
}

/** One item of `GET /limits/{id}/history`. */
export function readClosedWindow(value: unknown): ClosedWindow {
  return { ...readBudget(value), closed: textOf(fieldsOf(value)["closed"]) };
}

/** The answer of `POST /limits/simulate`. */
export function readSimulation(value: unknown): Simulation {
  const result = fieldsOf(value);
  return {
    calls: Number(result["calls"]),
    refusedCalls: Number(result["refused_calls"]),
    unpricedCalls: Number(result["unpriced_calls"]),
    spent: decimalOf(result["spent"]) ?? "0",
    refused: decimalOf(result["refused"]) ?? "0",
    windows: listOf(result["windows"]).map((window) => ({
      value: textOf(window["value"]) ?? "",
      windowStart: textOf(window["window_start"]),
      windowEnd: textOf(window["window_end"]),
      spent: decimalOf(window["spent"]) ?? "0",
      refused: decimalOf(window["refused"]) ?? "0",
      refusedCalls: Number(window["refused_calls"]),
    })),
  };
}

/** The answer of `GET /limits/{id}/ladder`. */
export function readStepSavings(value: unknown): readonly StepSavings[] {
  return listOf(fieldsOf(value)["steps"]).map((step) => ({
    at: Number(step["at"]),
    action: textOf(step["action"]) as StepSavings["action"],
    calls: Number(step["calls"]),
    saved: textOf(step["saved"]) ?? "0",
    savedAtMost: textOf(step["saved_at_most"]) ?? "0",
    unknownCalls: Number(step["unknown_calls"]),
  }));
}

const PARTS = [
  ["use_case_name", "use_case"],
  ["user_id", "user"],
  ["account_name", "account"],
  ["category", "category"],
  ["resource", "resource"],
] as const;

function readSelector(value: unknown): readonly LimitPart[] | null {
  if (typeof value !== "object" || value === null) return null;
  const selector = fieldsOf(value);
  const parts = PARTS.flatMap(([name, field]): readonly LimitPart[] => {
    const given = textOf(selector[name]);
    return given === null ? [] : [{ field, value: given }];
  });
  const properties = Object.entries(fieldsOf(selector["properties"])).map(([key, given]): LimitPart => ({
    field: `property:${key}`,
    value: String(given),
  }));
  return [...parts, ...properties];
}

function readStep(step: Fields): readonly LadderStep[] {
  const at = Number(step["at"]);
  switch (step["action"]) {
    case "warn":
    case "block":
      return [{ at, action: step["action"] }];
    case "cap_output":
      return [{ at, action: "cap_output", maxOutputTokens: Number(step["max_output_tokens"]) }];
    case "switch_model": {
      const [model, from, category] = ["model", "from", "category"].map(
        (name) => textOf(step[name]) ?? undefined,
      );
      return [{ at, action: "switch_model", model: model ?? "", from, category }];
    }
    default:
      return [];
  }
}

function readCounts(value: unknown): LimitCounts {
  const counts = fieldsOf(value);
  return {
    total: Number(counts["total"] ?? 0),
    // The wire's word for a warning.
    warned: Number(counts["exceeded"] ?? 0),
    overrun: Number(counts["overrun"] ?? 0),
    blocked: Number(counts["blocked"] ?? 0),
    blockedElsewhere: Number(counts["blocked_external"] ?? 0),
  };
}

function spentOf(totals: Fields): string {
  const total = fieldsOf(fieldsOf(totals["cost"])["total"]);
  return textOf(total["base_decimal"]) ?? decimalOf(total["base"]) ?? "0";
}

/** Exact text as it is; of a number the shortest text. */
function decimalOf(value: unknown): string | null {
  return typeof value === "number" ? decimalText(value) : textOf(value);
}

function numberOf(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}
