/**
 * What alerts are told of limits, through the outbox: each kind once per window, or once per period where that rolls.
 *
 * | kind | when | payload beside the budget |
 * |---|---|---|
 * | `limit_level` | spend reached the threshold, one of the levels, or max | `level`: the fraction of max |
 * | `limit_blocked` | a call was refused | `hold_id`, or the event of the record |
 * | `limit_unpriced` | a call of unknown cost went out | `hold_id`, or the event of the record |
 *
 * Every payload has `limit_id`, `limit_name`, `limit_type`, `value`, `window_start` (ISO 8601), `used` and `max` (decimal
 * USD).
 */
import { formatMoney, fromPico } from "@payi/core/cost";
import { rollingMs } from "@payi/core/wire";

import { spendAt } from "../limit-state.ts";
import { type BatchBudget } from "./batch-windows.ts";
import { type LimitInForce } from "./limit-rows.ts";
import { type Program, run, runCounted } from "./program.ts";

type NoticeKind = "limit_level" | "limit_blocked" | "limit_unpriced";

interface Notice {
  readonly limit: LimitInForce;
  readonly value: string;
  readonly windowStartMs: number;
  readonly kind: NoticeKind;
  readonly level: number | undefined;
  readonly eventId: string | null;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Fractions of `max` (1e-18 USD), and the spend in pico-dollars that reaches each. */
interface LevelsOfMax {
  readonly max: bigint;
  readonly levels: readonly { readonly level: number; readonly spend: bigint }[];
  /** The least of them. */
  readonly first: bigint;
}

/** What caused a notice. */
export interface NoticeCause {
  readonly eventId?: string;
  readonly holdId?: string;
}

/** The notices of one batch. */
export class LimitNotices {
  readonly #notices = new Map<string, Notice>();
  readonly #levels = new Map<LimitInForce, LevelsOfMax>();

  /** After a charge: `before` and `after` in pico-dollars, `max` in 1e-18 USD. */
  charged(
    limit: LimitInForce,
    budget: BatchBudget,
    spent: { readonly before: bigint; readonly after: bigint; readonly max: bigint },
    cause: NoticeCause,
  ): void {
    const { before, after, max } = spent;
    if (after <= before) return;
    for (const { level, spend } of this.#levelsOf(limit, max).levels) {
      if (after >= spend && before < spend) this.#note("limit_level", limit, budget, max, cause, level);
    }
  }

  /** Below this spend, in pico-dollars, there is nothing to tell: neither threshold nor level nor `max` is reached. */
  firstLevel(limit: LimitInForce, max: bigint): bigint {
    return this.#levelsOf(limit, max).first;
  }

  /** Few charges reach a level, and every one has to be compared with all of them. */
  #levelsOf(limit: LimitInForce, max: bigint): LevelsOfMax {
    const known = this.#levels.get(limit);
    if (known?.max === max) return known;
    const fractions = new Set([limit.threshold ?? 1, ...(limit.policy.levels ?? []), 1]);
    const levels = [...fractions].map((level) => ({ level, spend: spendAt(level, max) }));
    const first = levels.reduce((least, { spend }) => (spend < least ? spend : least), spendAt(1, max));
    const found = { max, levels, first };
    this.#levels.set(limit, found);
    return found;
  }

  /** `max` in 1e-18 USD. */
  note(
    kind: "limit_blocked" | "limit_unpriced",
    limit: LimitInForce,
    budget: BatchBudget,
    max: bigint,
    cause: NoticeCause,
  ): void {
    this.#note(kind, limit, budget, max, cause);
  }

  *flush(): Program<void> {
    const now = Date.now();
    for (const { limit, value, windowStartMs, kind, level, eventId, payload } of this.#notices.values()) {
      const fresh = yield* runCounted(
        `INSERT INTO limit_notice (application, limit_id, value, window_start, kind, created_ms) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (application, limit_id, value, window_start, kind) DO NOTHING`,
        limit.application,
        limit.id,
        value,
        windowStartMs,
        level === undefined ? kind : `${kind} ${level}`,
        now,
      );
      if (fresh === 0) continue;
      yield* run(
        "INSERT INTO outbox (application, kind, event_id, payload, created_ms) VALUES (?, ?, ?, ?, ?)",
        limit.application,
        kind,
        eventId,
        JSON.stringify(payload),
        now,
      );
    }
  }

  #note(
    kind: NoticeKind,
    limit: LimitInForce,
    budget: BatchBudget,
    max: bigint,
    cause: NoticeCause,
    level?: number,
  ): void {
    const { value, startMs } = budget.window;
    const { restartMs } = budget.span;
    const period = rollingMs(limit.policy.period ?? "none");
    const windowStartMs = period === undefined ? startMs : Math.floor(startMs / period) * period;
    const key = JSON.stringify([limit.application, limit.id, value, windowStartMs, kind, level]);
    if (this.#notices.has(key)) return;
    const payload = {
      limit_id: limit.id,
      limit_name: limit.name,
      limit_type: limit.limitType,
      value,
      window_start: new Date(startMs).toISOString(),
      ...(restartMs === undefined ? {} : { window_end: new Date(restartMs).toISOString() }),
      used: formatMoney(fromPico(budget.used)),
      max: formatMoney(max),
      ...(level === undefined ? {} : { level }),
      ...(cause.holdId === undefined ? {} : { hold_id: cause.holdId }),
    };
    this.#notices.set(key, {
      limit,
      value,
      windowStartMs,
      kind,
      level,
      eventId: cause.eventId ?? null,
      payload,
    });
  }
}
