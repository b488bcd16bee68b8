import { fromPico } from "@payi/core/cost";
import { type LimitInput, type SimulationResult } from "@payi/core/wire";

import { type LimitSpan, picoBelow, spanAt } from "../limit-budget.ts";
import { type LimitedCall, budgetOwner, callProperties, isSelected } from "../limit-scope.ts";
import { type LimitSimulation } from "../limit.ts";
import { json, pico, text } from "./columns.ts";
import { type Program, type Row, all } from "./program.ts";

const CHUNK = 5_000;
const MOST_WINDOWS = 50;

interface Window {
  readonly value: string;
  readonly span: LimitSpan;
  spent: bigint;
  refused: bigint;
  refusedCalls: number;
}

/**
 * What a limit would have refused of recorded calls, each taken at its own cost in the order of time: a call that would
 * have passed the maximum is refused and spends nothing. Calls of unknown cost refuse nothing and are counted.
 */
export function* simulateLimit(asked: LimitSimulation): Program<SimulationResult> {
  const trial = new Trial(asked.limit);
  let [timeMs, id] = [asked.fromMs, ""];
  for (;;) {
    const rows = yield* all(
      `SELECT id, time_ms, category, resource, use_case, "user", account, properties, use_case_properties, limits,
         CAST(cost_total AS TEXT) AS cost FROM event
       WHERE application = ? AND (time_ms, id) > (?, ?) AND time_ms < ? AND blocked = 0 ORDER BY time_ms, id LIMIT ${CHUNK}`,
      asked.application,
      timeMs,
      id,
      asked.untilMs,
    );
    for (const row of rows) trial.take(asked.application, row);
    const last = rows.at(-1);
    if (last === undefined || rows.length < CHUNK) return trial.result();
    [timeMs, id] = [Number(last["time_ms"]), String(last["id"])];
  }
}

class Trial {
  readonly #limit: LimitInput;
  readonly #max: bigint;
  readonly #windows = new Map<string, Map<number, Window>>();
  #calls = 0;
  #unpriced = 0;

  constructor(limit: LimitInput) {
    this.#limit = limit;
    this.#max = picoBelow(limit.max);
  }

  take(application: string, row: Row): void {
    const { selector, per, limitId, estimate } = this.#limit;
    const call: LimitedCall = {
      application,
      category: String(row["category"]),
      resource: text(row["resource"]),
      useCase: text(row["use_case"]),
      user: text(row["user"]),
      account: text(row["account"]),
      get properties() {
        return callProperties(json(row["use_case_properties"]), json(row["properties"]));
      },
    };
    const named = limitId !== undefined && Object.hasOwn(json<object>(row["limits"]), limitId);
    if (!named && (selector === undefined || !isSelected(selector, call))) return;
    this.#calls += 1;
    const cost = pico(row["cost"]);
    if (cost === null) {
      this.#unpriced += 1;
      return;
    }
    const value = budgetOwner(per, call);
    const { window, before } = this.#windowOf(value, Number(row["time_ms"]));
    // Pay-i's own rule holds nothing: the call that passes the maximum still goes out.
    const isRefused = estimate === "none" ? before > this.#max : before + cost > this.#max;
    if (isRefused) {
      window.refused += cost;
      window.refusedCalls += 1;
    } else window.spent += cost;
  }

  result(): SimulationResult {
    const windows: Window[] = [];
    for (const budget of this.#windows.values()) windows.push(...budget.values());
    const sum = (field: "spent" | "refused"): bigint =>
      fromPico(windows.reduce((total, window) => total + window[field], 0n));
    const worst = windows
      .filter(({ refusedCalls }) => refusedCalls > 0)
      .toSorted((left, right) => (left.refused > right.refused ? -1 : left.refused < right.refused ? 1 : 0));
    return {
      calls: this.#calls,
      refusedCalls: windows.reduce((total, { refusedCalls }) => total + refusedCalls, 0),
      spent: sum("spent") + sum("refused"),
      refused: sum("refused"),
      unpricedCalls: this.#unpriced,
      windows: worst.slice(0, MOST_WINDOWS).map(({ value, span, spent, refused, refusedCalls }) => ({
        value,
        windowStartMs: span.startMs === 0 ? undefined : span.startMs,
        windowEndMs: span.endMs,
        spent: fromPico(spent),
        refused: fromPico(refused),
        refusedCalls,
      })),
    };
  }

  #windowOf(value: string, timeMs: number): { readonly window: Window; readonly before: bigint } {
    const span = spanAt(this.#limit, 0, timeMs);
    let budget = this.#windows.get(value);
    if (budget === undefined) {
      budget = new Map();
      this.#windows.set(value, budget);
    }
    let window = budget.get(span.startMs);
    if (window === undefined) {
      window = { value, span, spent: 0n, refused: 0n, refusedCalls: 0 };
      budget.set(span.startMs, window);
    }
    if (span.fromMs === span.startMs) return { window, before: window.spent };
    let before = 0n;
    for (const [startMs, { spent }] of budget) if (startMs >= span.fromMs) before += spent;
    return { window, before };
  }
}
