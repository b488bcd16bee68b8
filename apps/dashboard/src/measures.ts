/** One measure of a set of requests: where it lies on an axis, how it is read, and its exact value. */
import { type Measures } from "@payi/core/wire";

import { toCoordinate } from "./amounts.ts";
import {
  showCompactCount,
  showCount,
  showDuration,
  showDurationTick,
  showMoney,
  showMoneyTick,
} from "./format.ts";
import { type Measure } from "./url-state.ts";

/** For drawing only. */
export function coordinateOf(measure: Measure, measures: Measures): number {
  return measure === "cost"
    ? toCoordinate(measures.cost)
    : ((exactOf(measure, measures) as number | null) ?? 0);
}

/** As it is exported: exact decimal text for money, `null` for the unknown. */
export function exactOf(measure: Measure, measures: Measures): string | number | null {
  return EXACT[measure](measures);
}

const EXACT = {
  cost: ({ cost }) => cost,
  requests: ({ requests }) => requests,
  tokens: ({ tokens_input: input, tokens_output: output }) => input + output,
  errors: ({ errors }) => errors,
  latency: ({ latency_ms: latency }) => latency,
} as const satisfies Readonly<Record<Measure, (measures: Measures) => string | number | null>>;

/** As it is read. */
export function showMeasure(measure: Measure, measures: Measures): string {
  if (measure === "cost") return showMoney(measures.cost);
  const value = exactOf(measure, measures) as number | null;
  return measure === "latency" ? showDuration(value) : showCount(value);
}

/** A tick of the measure's axis. */
export function showTick(measure: Measure, value: number): string {
  if (measure === "cost") return showMoneyTick(value);
  return measure === "latency" ? showDurationTick(value) : showCompactCount(value);
}

/** Whether there is nothing between one and the next. */
export function isWhole(measure: Measure): boolean {
  return measure !== "cost" && measure !== "latency";
}

/** Whether the parts of a whole may be put on top of each other; means may not. */
export function isAdditive(measure: Measure): boolean {
  return measure !== "latency";
}

/** Requests that had a cost to tell: neither unpriced nor refused before they were sent. */
export function countPriced({ requests, unpriced, blocked }: Measures): number {
  return requests - unpriced - blocked;
}
