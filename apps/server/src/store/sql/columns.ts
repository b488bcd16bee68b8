import { type Sums } from "../sums.ts";
import { type Row, type Value } from "./program.ts";

const HALF = 1_000_000_000n;

/** The two columns of an accumulating amount: `hi * 10^9 + lo`. Both halves have the amount's sign. */
export function toPair(amount: bigint): readonly [hi: bigint, lo: bigint] {
  return [amount / HALF, amount % HALF];
}

/** The amount behind two halves that were read as text. */
export function fromPair(hi: Value | undefined, lo: Value | undefined): bigint {
  return BigInt(String(hi ?? 0)) * HALF + BigInt(String(lo ?? 0));
}

/** The accumulating columns of every rollup and of an instance, in the order of {@link sumValues}. */
export const SUM_COLUMNS = [
  "n",
  "errors",
  "blocked",
  "unpriced",
  "tokens_input",
  "tokens_output",
  "cost_hi",
  "cost_lo",
  "cost_input_hi",
  "cost_input_lo",
  "latency_sum",
  "latency_n",
] as const;

/** One of {@link SUM_COLUMNS}. */
export type SumColumn = (typeof SUM_COLUMNS)[number];

/** What decides the order of groups. */
export const RANKED_BY: readonly SumColumn[] = ["cost_hi", "cost_lo", "n"];

/** What one event adds to each of {@link SUM_COLUMNS}. */
export const OF_EVENT: Readonly<Record<SumColumn, string>> = {
  n: "1",
  errors: "event.error",
  blocked: "event.blocked",
  unpriced: "CASE WHEN event.cost_total IS NULL THEN 1 ELSE 0 END",
  tokens_input: "event.tokens_input",
  tokens_output: "event.tokens_output",
  cost_hi: `coalesce(event.cost_total, 0) / ${HALF}`,
  cost_lo: `coalesce(event.cost_total, 0) % ${HALF}`,
  cost_input_hi: `coalesce(event.cost_input, 0) / ${HALF}`,
  cost_input_lo: `coalesce(event.cost_input, 0) % ${HALF}`,
  latency_sum: "coalesce(event.latency_ms, 0)",
  latency_n: "CASE WHEN event.latency_ms IS NULL THEN 0 ELSE 1 END",
};

/** The values of {@link SUM_COLUMNS}, in their order. */
export function sumValues(sums: Sums): readonly Value[] {
  return [
    sums.requests,
    sums.errors,
    sums.blocked,
    sums.unpriced,
    sums.tokensInput,
    sums.tokensOutput,
    ...toPair(sums.cost),
    ...toPair(sums.costInput),
    sums.latencySum,
    sums.latencyCount,
  ];
}

/** Columns whose sums may pass 2^53: a plain read would throw, so they are read as text. */
const LARGE = /^(?:cost|tokens|latency_sum)/;

/** Reads the sum columns of one row as they stand. */
export const SUM_READ: string = SUM_COLUMNS.map((name) =>
  LARGE.test(name) ? `CAST(${name} AS TEXT) AS ${name}` : name,
).join(", ");

/** Adds the sum columns of many rollup rows up. */
export const SUM_ROLLUP: string = SUM_COLUMNS.map((name) =>
  LARGE.test(name) ? `CAST(sum(${name}) AS TEXT) AS ${name}` : `sum(${name}) AS ${name}`,
).join(", ");

/** The same sums over rows of `event`. `sum()` over whole amounts could overflow, so it adds halves. */
export const SUM_EVENTS: string = `count(*) AS n, sum(error) AS errors, sum(blocked) AS blocked,
  count(*) - count(cost_total) AS unpriced, CAST(sum(tokens_input) AS TEXT) AS tokens_input,
  CAST(sum(tokens_output) AS TEXT) AS tokens_output,
  CAST(sum(cost_total / 1000000000) AS TEXT) AS cost_hi, CAST(sum(cost_total % 1000000000) AS TEXT) AS cost_lo,
  CAST(sum(cost_input / 1000000000) AS TEXT) AS cost_input_hi,
  CAST(sum(cost_input % 1000000000) AS TEXT) AS cost_input_lo,
  CAST(sum(latency_ms) AS TEXT) AS latency_sum, count(latency_ms) AS latency_n`;

/** Sums from any row that has the sum columns; what is missing is 0. */
export function readSums(row: Row): Sums {
  return {
    requests: count(row["n"]),
    errors: count(row["errors"]),
    blocked: count(row["blocked"]),
    unpriced: count(row["unpriced"]),
    tokensInput: count(row["tokens_input"]),
    tokensOutput: count(row["tokens_output"]),
    cost: fromPair(row["cost_hi"], row["cost_lo"]),
    costInput: fromPair(row["cost_input_hi"], row["cost_input_lo"]),
    latencySum: count(row["latency_sum"]),
    latencyCount: count(row["latency_n"]),
  };
}

/** A counter; null is 0. */
export function count(value: Value | undefined): number {
  return value === null || value === undefined ? 0 : Number(value);
}

/** Null stays null. */
export function number(value: Value | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}

/** Null stays null. */
export function text(value: Value | undefined): string | null {
  return typeof value === "string" ? value : null;
}

/** Amounts are read as text; null stays null. */
export function pico(value: Value | undefined): bigint | null {
  return value === null || value === undefined ? null : BigInt(String(value));
}

const SUSPICIOUS = String.raw`\u`;
const ESCAPES = /\\\\|\\u(?:0000|d[89a-f]..)/g;

/** JSON text that every engine can read again: NUL and halves of surrogate pairs become U+FFFD. */
export function toJson(value: unknown): string {
  const written = JSON.stringify(value);
  if (!written.includes(SUSPICIOUS)) return written;
  return written.replaceAll(ESCAPES, (escape) => (escape.startsWith(SUSPICIOUS) ? "\uFFFD" : escape));
}

/** A JSON column, in the shape in which we wrote it. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller knows which column it reads
export function json<Shape>(value: Value | undefined): Shape {
  return JSON.parse(String(value)) as Shape;
}

const SHARED = new Map<string, unknown>();
const MOST_SHARED = 1000;

/** The same of lists and bags that are mostly those of the row before: equal texts are read once. Nobody changes them. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller knows which column it reads
export function shared<Shape>(value: Value | undefined): Shape {
  const written = String(value);
  let read = SHARED.get(written);
  if (read === undefined) {
    if (SHARED.size >= MOST_SHARED) SHARED.clear();
    read = json(written);
    SHARED.set(written, read);
  }
  return read as Shape;
}
