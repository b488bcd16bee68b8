import { type BudgetName } from "./batch-windows.ts";
import { type Value } from "./program.ts";

/** What is held in one window. Sums over the line's life, in pico-dollars. */
export interface HoldLine extends BudgetName {
  readonly windowStartMs: number;
  granted: bigint;
  returned: bigint;
  settled: bigint;
}

/** By limit and value. */
export type HoldLines = Map<string, HoldLine>;

/** What a line holds now. */
export function balanceOf({ granted, returned, settled }: HoldLine): bigint {
  return granted - returned - settled;
}

/** Names a line within its hold. */
export function lineKey(limitId: string, value: string): string {
  return `${limitId}\n${value}`;
}

/** As the column `lines` has it: amounts as text, the last ones left out where they are 0. */
type Written = readonly [
  limitId: string,
  value: string,
  windowStartMs: number,
  granted: string,
  returned?: string,
  settled?: string,
];

/** The column of a hold that holds nothing. */
export const NO_LINES = "[]";

/** The column for these lines. */
export function writeLines(lines: HoldLines): string {
  if (lines.size === 0) return NO_LINES;
  const written: Written[] = [];
  for (const { limitId, value, windowStartMs, granted, returned, settled } of lines.values()) {
    const isWhole = returned === 0n && settled === 0n;
    const name = [limitId, value, windowStartMs, `${granted}`] as const;
    written.push(isWhole ? name : [...name, `${returned}`, `${settled}`]);
  }
  return JSON.stringify(written);
}

/** The lines of a column. */
export function readLines(application: string, column: Value | undefined): HoldLines {
  const lines: HoldLines = new Map();
  if (column === NO_LINES) return lines;
  for (const written of JSON.parse(String(column)) as readonly Written[]) {
    const [limitId, value, windowStartMs, granted, returned = "0", settled = "0"] = written;
    const amounts = { granted: BigInt(granted), returned: BigInt(returned), settled: BigInt(settled) };
    lines.set(lineKey(limitId, value), { application, limitId, value, windowStartMs, ...amounts });
  }
  return lines;
}
