import { type LimitSpan, spanAt } from "../limit-budget.ts";
import { type LimitedCall, budgetOwner, isSelected } from "../limit-scope.ts";
import { type NewLimit } from "../limit.ts";
import { type BatchBudget, BatchWindows, type WantedWindows } from "./batch-windows.ts";
import { type HoldLine } from "./hold-lines.ts";
import { LIMIT_COLUMNS, type LimitInForce, NEW_LIMIT, newLimitValues, readDefinition } from "./limit-rows.ts";
import { type Program, type Value, all, dialect, get, run, runMany } from "./program.ts";

/** The limits that one batch looks at, and their budgets. */
export class LimitLookup {
  readonly windows: BatchWindows = new BatchWindows();
  readonly #known = new Map<string, LimitInForce | null>();
  readonly #selective = new Map<string, readonly LimitInForce[]>();
  readonly #made: (readonly Value[])[] = [];
  readonly #opened = new Map<string, LimitInForce>();
  /** The budgets of limits that have one for good. */
  readonly #steady = new Map<LimitInForce, BatchBudget>();
  /** The budget that each owner's last call was charged to. */
  readonly #charged = new Map<LimitInForce, Map<string, BatchBudget>>();

  /** Reads the limits of applications that attach by themselves, and others by their ids. */
  *load(
    applications: Iterable<string>,
    wanted: Iterable<readonly [application: string, id: string]>,
  ): Program<void> {
    for (const application of new Set(applications)) {
      if (this.#selective.has(application)) continue;
      const rows = yield* all(
        `SELECT ${LIMIT_COLUMNS} FROM limit_def WHERE application = ? AND selective = 1 ORDER BY id`,
        application,
      );
      const limits = rows.map((row) => Object.assign(readDefinition(row), { application }));
      this.#selective.set(application, limits);
      for (const limit of limits) this.#known.set(keyOf(application, limit.id), limit);
    }
    const missing = new Map<string, readonly [string, string]>();
    for (const name of wanted) if (!this.#known.has(keyOf(...name))) missing.set(keyOf(...name), name);
    if (missing.size === 0) return;
    for (const key of missing.keys()) this.#known.set(key, null);
    const source = (yield* dialect()).rows("wanted", ["application", "limit_id"]);
    const rows = yield* all(
      `SELECT wanted.application AS limit_application, ${LIMIT_COLUMNS.replaceAll(/\w+/g, "limit_def.$&")}
       FROM ${source} CROSS JOIN limit_def
       WHERE limit_def.application = wanted.application AND limit_def.id = wanted.limit_id`,
      JSON.stringify([...missing.values()]),
    );
    for (const row of rows) {
      const limit = { application: String(row["limit_application"]), ...readDefinition(row) };
      this.#known.set(keyOf(limit.application, limit.id), limit);
    }
  }

  /** The limit with this id, one made by the batch too; read where nobody asked for it before. */
  *find(application: string, id: string): Program<LimitInForce | undefined> {
    const key = keyOf(application, id);
    if (!this.#known.has(key)) yield* this.load([], [[application, id]]);
    return this.#known.get(key) ?? undefined;
  }

  /** The same among those that were asked for before. */
  known(application: string, id: string): LimitInForce | undefined {
    return this.#known.get(keyOf(application, id)) ?? undefined;
  }

  /** Whether any limit of the application attaches by itself. */
  hasSelective(application: string): boolean {
    return (this.#selective.get(application) ?? []).length > 0;
  }

  /** The limits that attach to a call by themselves, by id. */
  selected(call: LimitedCall): readonly LimitInForce[] {
    const limits = this.#selective.get(call.application) ?? [];
    return limits.filter(({ policy }) => policy.selector !== undefined && isSelected(policy.selector, call));
  }

  /** Makes a limit. */
  make(limit: NewLimit & { readonly id: string; readonly automatic: boolean }): LimitInForce {
    const now = Date.now();
    const { application, id, name, max, limitType, automatic } = limit;
    const made: LimitInForce = {
      application,
      id,
      name,
      max,
      limitType,
      automatic,
      threshold: limit.threshold ?? null,
      policy: limit.policy ?? {},
      raise: null,
      properties: {},
      resetMs: 0,
      openedMs: 0,
      createdMs: now,
      updatedMs: now,
    };
    this.#made.push(newLimitValues(limit, now));
    this.#known.set(keyOf(application, id), made);
    this.windows.make({ application, limitId: id, value: "" });
    return made;
  }

  /** The windows that a call of this time is charged in, for {@link BatchWindows.load}; undefined for late ones. */
  wanted(limit: LimitInForce, call: LimitedCall, timeMs: number): WantedWindows | undefined {
    if (timeMs < limit.resetMs) return undefined;
    const { fromMs, startMs } = spanAt(limit.policy, limit.resetMs, timeMs);
    return [budgetName(limit, budgetOwner(limit.policy.per, call)), fromMs, startMs];
  }

  /** What a call of this time is charged to: the window of its hold, else the one of its time. */
  *chargedBudget(
    limit: LimitInForce,
    call: LimitedCall,
    timeMs: number,
    line: HoldLine | undefined,
  ): Program<BatchBudget> {
    if (line === undefined) {
      const value = budgetOwner(limit.policy.per, call);
      return yield* this.windows.budget(budgetName(limit, value), yield* spanOf(limit, timeMs));
    }
    const span = yield* spanOf(limit, line.windowStartMs);
    const startMs = line.windowStartMs;
    const within = { ...span, startMs, fromMs: Math.min(span.fromMs, startMs) };
    return yield* this.windows.budget(line, within);
  }

  /** What a call without a hold is charged to, where nothing has to be read; else undefined. */
  knownBudget(limit: LimitInForce, call: LimitedCall, timeMs: number): BatchBudget | undefined {
    if (timeMs < limit.resetMs) return undefined;
    const steady = this.#steady.get(limit);
    if (steady !== undefined) return steady;
    const owner = budgetOwner(limit.policy.per, call);
    const span = spanAt(limit.policy, limit.resetMs, timeMs);
    let charged = this.#charged.get(limit);
    if (charged === undefined) {
      charged = new Map();
      this.#charged.set(limit, charged);
    }
    const last = charged.get(owner);
    if (last?.span.startMs === span.startMs && last.span.fromMs === span.fromMs) return last;
    const budget = this.windows.known(budgetName(limit, owner), span);
    if (budget === undefined) return undefined;
    charged.set(owner, budget);
    if (isSteady(limit)) this.#steady.set(limit, budget);
    return budget;
  }

  /** A call was held in this window: a clock that is set back opens no earlier one. */
  noteOpened(limit: LimitInForce, span: LimitSpan): void {
    if (span.startMs <= limit.openedMs) return;
    this.#opened.set(keyOf(limit.application, limit.id), { ...limit, openedMs: span.startMs });
  }

  /** Writes limits that were made, before anything that refers to them. */
  *flushMade(): Program<void> {
    yield* runMany(NEW_LIMIT, this.#made);
  }

  /** Writes windows. */
  *flush(): Program<void> {
    yield* this.windows.flush();
    for (const { application, id, openedMs } of this.#opened.values()) {
      yield* run(
        "UPDATE limit_def SET opened_ms = ? WHERE application = ? AND id = ?",
        openedMs,
        application,
        id,
      );
    }
  }
}

/** Neither starts again by itself nor parts its budget: every call since the last reset is charged in one window. */
export function isSteady({ policy }: LimitInForce): boolean {
  return policy.per === undefined && (policy.period ?? "none") === "none";
}

/** The budget of a limit with this owner. */
export function budgetName(
  { application, id }: LimitInForce,
  value: string,
): { readonly application: string; readonly limitId: string; readonly value: string } {
  return { application, limitId: id, value };
}

/** Events that come late belong to the reset before them. */
function* spanOf(limit: LimitInForce, timeMs: number): Program<LimitSpan> {
  if (timeMs >= limit.resetMs) return spanAt(limit.policy, limit.resetMs, timeMs);
  const row = yield* get(
    "SELECT coalesce(max(reset_ms), 0) AS reset_ms FROM limit_reset WHERE application = ? AND limit_id = ? AND reset_ms <= ?",
    limit.application,
    limit.id,
    Math.max(0, timeMs),
  );
  return spanAt(limit.policy, Number(row?.["reset_ms"]), timeMs);
}

function keyOf(application: string, id: string): string {
  return `${application}\n${id}`;
}
