import { type LimitState } from "@payi/core/wire";

import { type LimitSpan } from "../limit-budget.ts";
import { fromPair, toPair } from "./columns.ts";
import { LIMIT_STATES } from "./limit-rows.ts";
import { type Insert, type Program, type Value, all, dialect, runMany } from "./program.ts";

/** One budget of one limit. */
export interface BudgetName {
  readonly application: string;
  readonly limitId: string;
  readonly value: string;
}

/** A window as it is, with what the batch adds to it. Amounts in pico-dollars. */
export interface BatchWindow extends BudgetName {
  readonly startMs: number;
  used: bigint;
  held: bigint;
  topped: bigint;
  /** Open leases with a line in it. */
  leases: number;
  /** Until then slices do not grow, and holders return what they have not spent. Milliseconds UTC. */
  drainsUntilMs: number;
  readonly before: Pick<BatchWindow, "held" | "topped" | "leases" | "drainsUntilMs">;
  addedUsed: bigint;
  addedInput: bigint;
  readonly counts: Record<LimitState, number>;
  total: number;
}

/** Windows of a budget that are wanted: those that start from the one to the other. */
export type WantedWindows = readonly [budget: BudgetName, fromMs: number, toMs: number];

const KEY = ["application", "limit_id", "value", "window_start"] as const;
const SUMS = [
  "used_hi",
  "used_lo",
  "used_input_hi",
  "used_input_lo",
  "held_hi",
  "held_lo",
  "topped_hi",
  "topped_lo",
  "leases",
  ...LIMIT_STATES,
  "total",
] as const;
const WINDOW: Insert = {
  table: "limit_window",
  columns: [...KEY, ...SUMS, "draining"],
  conflict: `ON CONFLICT (${KEY.join(", ")}) DO UPDATE SET ${SUMS.map(
    (name) => `${name} = limit_window.${name} + excluded.${name}`,
  ).join(", ")}, draining = excluded.draining`,
};
const READ: string = ["used", "held", "topped"]
  .flatMap((name) => [`${name}_hi`, `${name}_lo`])
  .map((name) => `CAST(${name} AS TEXT) AS ${name}`)
  .join(", ");

/** The windows that one batch charges or holds in: read once, changed in memory, written once at the end. */
export class BatchWindows {
  readonly #windows = new Map<string, Map<number, BatchWindow>>();
  readonly #known = new Map<string, (readonly [fromMs: number, toMs: number])[]>();

  /** Reads those that are not known yet. */
  *load(wanted: Iterable<WantedWindows>): Program<void> {
    const missing = new Map<string, readonly string[]>();
    for (const [budget, fromMs, toMs] of wanted) {
      if (this.#knows(budget, fromMs, toMs)) continue;
      const range = [fromMs, toMs] as const;
      const key = keyOf(budget);
      this.#known.set(key, [...(this.#known.get(key) ?? []), range]);
      const { application, limitId, value } = budget;
      missing.set(`${key}\n${fromMs}\n${toMs}`, [application, limitId, value, `${fromMs}`, `${toMs}`]);
    }
    if (missing.size === 0) return;
    const source = (yield* dialect()).rows("wanted", [
      "application",
      "limit_id",
      "value",
      "from_ms",
      "to_ms",
    ]);
    const rows = yield* all(
      `SELECT wanted.application AS application, wanted.limit_id AS limit_id, wanted.value AS value, window_start, draining, leases, ${READ}
       FROM ${source} CROSS JOIN limit_window
       WHERE limit_window.application = wanted.application AND limit_window.limit_id = wanted.limit_id
         AND limit_window.value = wanted.value AND window_start >= CAST(wanted.from_ms AS BIGINT)
         AND window_start <= CAST(wanted.to_ms AS BIGINT)`,
      JSON.stringify([...missing.values()]),
    );
    for (const row of rows) {
      const budget = {
        application: String(row["application"]),
        limitId: String(row["limit_id"]),
        value: String(row["value"]),
      };
      const startMs = Number(row["window_start"]);
      const windows = this.#windowsOf(budget);
      // A window of two ranges is the one that was changed already.
      if (windows.has(startMs)) continue;
      const used = fromPair(row["used_hi"], row["used_lo"]);
      const held = fromPair(row["held_hi"], row["held_lo"]);
      const topped = fromPair(row["topped_hi"], row["topped_lo"]);
      windows.set(
        startMs,
        toWindow(budget, startMs, {
          used,
          held,
          topped,
          leases: Number(row["leases"]),
          drainsUntilMs: Number(row["draining"]),
        }),
      );
    }
  }

  /** A budget of a limit that the batch made has no windows to read. */
  make(budget: BudgetName): void {
    this.#known.set(keyOf(budget), [[0, Number.MAX_SAFE_INTEGER]]);
  }

  /** One window, read where nobody asked for it before. */
  *at(budget: BudgetName, startMs: number): Program<BatchWindow> {
    yield* this.load([[budget, startMs, startMs]]);
    return this.#make(budget, startMs);
  }

  /** What counts together in a span. */
  *budget(name: BudgetName, span: LimitSpan): Program<BatchBudget> {
    yield* this.load([[name, span.fromMs, span.startMs]]);
    return new BatchBudget(span, this.#make(name, span.startMs), this.#windowsOf(name));
  }

  /** The same where nothing has to be read; else undefined. */
  known(name: BudgetName, span: LimitSpan): BatchBudget | undefined {
    if (!this.#knows(name, span.fromMs, span.startMs)) return undefined;
    return new BatchBudget(span, this.#make(name, span.startMs), this.#windowsOf(name));
  }

  /** Writes what was changed. */
  *flush(): Program<void> {
    const rows: Value[][] = [];
    for (const windows of this.#windows.values()) {
      for (const window of windows.values()) if (isChanged(window)) rows.push(toRow(window));
    }
    yield* runMany(WINDOW, rows);
  }

  #make(budget: BudgetName, startMs: number): BatchWindow {
    const windows = this.#windowsOf(budget);
    let window = windows.get(startMs);
    if (window === undefined) {
      window = toWindow(budget, startMs, { used: 0n, held: 0n, topped: 0n, leases: 0, drainsUntilMs: 0 });
      windows.set(startMs, window);
    }
    return window;
  }

  #windowsOf(budget: BudgetName): Map<number, BatchWindow> {
    const key = keyOf(budget);
    let windows = this.#windows.get(key);
    if (windows === undefined) {
      windows = new Map();
      this.#windows.set(key, windows);
    }
    return windows;
  }

  #knows(budget: BudgetName, fromMs: number, toMs: number): boolean {
    return this.#known.get(keyOf(budget))?.some(([from, to]) => from <= fromMs && toMs <= to) ?? false;
  }
}

/** The windows of a span as one: of a rolling period there are several. */
export class BatchBudget {
  readonly span: LimitSpan;
  /** Where it is charged and held. */
  readonly window: BatchWindow;
  readonly #all: ReadonlyMap<number, BatchWindow>;

  constructor(span: LimitSpan, window: BatchWindow, windows: ReadonlyMap<number, BatchWindow>) {
    this.span = span;
    this.window = window;
    this.#all = windows;
  }

  get used(): bigint {
    return this.#sum("used");
  }

  get held(): bigint {
    return this.#sum("held");
  }

  get topped(): bigint {
    return this.#sum("topped");
  }

  #sum(field: "used" | "held" | "topped"): bigint {
    const { fromMs, startMs } = this.span;
    if (fromMs === startMs) return this.window[field];
    let sum = 0n;
    for (const window of this.#all.values()) {
      if (window.startMs >= fromMs && window.startMs <= startMs) sum += window[field];
    }
    return sum;
  }
}

function toWindow(
  { application, limitId, value }: BudgetName,
  startMs: number,
  state: Pick<BatchWindow, "used" | "held" | "topped" | "leases" | "drainsUntilMs">,
): BatchWindow {
  const counts = Object.fromEntries(LIMIT_STATES.map((name) => [name, 0])) as Record<LimitState, number>;
  const name = { application, limitId, value };
  return {
    ...name,
    startMs,
    ...state,
    before: { ...state },
    addedUsed: 0n,
    addedInput: 0n,
    counts,
    total: 0,
  };
}

function isChanged({ held, topped, leases, drainsUntilMs, before, addedUsed, total }: BatchWindow): boolean {
  return (
    total !== 0 ||
    addedUsed !== 0n ||
    held !== before.held ||
    topped !== before.topped ||
    leases !== before.leases ||
    drainsUntilMs !== before.drainsUntilMs
  );
}

function toRow(window: BatchWindow): Value[] {
  return [
    window.application,
    window.limitId,
    window.value,
    window.startMs,
    ...toPair(window.addedUsed),
    ...toPair(window.addedInput),
    ...toPair(window.held - window.before.held),
    ...toPair(window.topped - window.before.topped),
    window.leases - window.before.leases,
    ...LIMIT_STATES.map((state) => window.counts[state]),
    window.total,
    window.drainsUntilMs,
  ];
}

function keyOf({ application, limitId, value }: BudgetName): string {
  return `${application}\n${limitId}\n${value}`;
}
