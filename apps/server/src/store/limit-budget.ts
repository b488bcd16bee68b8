/** What of a limit's time counts together, and how much room it has. Pure. */
import { type LimitPolicy } from "@payi/core/wire";

import { type LimitSchedule, rollingStartMs, windowOf } from "./limit-period.ts";
import { type LimitDefinition } from "./limit.ts";

/** The window of a moment. */
export interface LimitSpan {
  /** The first window that counts: before `startMs` only where the period rolls. */
  readonly fromMs: number;
  /** The window that is charged, which is one slice where the period rolls. */
  readonly startMs: number;
  /** The end of the window that is charged; undefined: a reset ends it. */
  readonly endMs: number | undefined;
  /** When all of it is there again; undefined where only a reset does that, and where the period rolls. */
  readonly restartMs: number | undefined;
}

const PICO_IN_MONEY = 10n ** 6n;

export function scheduleOf({ period, timeZone, anchor }: LimitPolicy): LimitSchedule {
  return { period: period ?? "none", timeZone: timeZone ?? "UTC", anchor: anchor ?? null };
}

/** @param resetMs the latest reset at or before `timeMs`; it starts a window as the period does. */
export function spanAt(policy: LimitPolicy, resetMs: number, timeMs: number): LimitSpan {
  const schedule = scheduleOf(policy);
  const time = Math.max(0, timeMs);
  const window = windowOf(schedule, time);
  const startMs = Math.max(window?.startMs ?? 0, resetMs);
  const rollingMs = rollingStartMs(schedule, time);
  const endMs = window?.endMs;
  const fromMs = Math.max(rollingMs ?? startMs, resetMs);
  return { fromMs, startMs, endMs, restartMs: rollingMs === undefined ? endMs : undefined };
}

/** The window for holds: that of the clock, or the latest that was held in where the clock was set back. */
export function holdSpan(limit: LimitDefinition, nowMs: number): LimitSpan {
  return spanAt(limit.policy, limit.resetMs, Math.max(nowMs, limit.openedMs, limit.resetMs));
}

/** In 1e-18 USD: the limit's own or a raise, with the top-ups of the window (pico-dollars). */
export function maxInForce(
  limit: Pick<LimitDefinition, "max" | "raise">,
  topped: bigint,
  nowMs: number,
): bigint {
  const raised = limit.raise !== null && limit.raise.untilMs > nowMs;
  const max = raised ? limit.raise.max : limit.max;
  return topped === 0n ? max : max + topped * PICO_IN_MONEY;
}

/** Whole pico-dollars that hold at least `amount` of 1e-18 USD. */
export function picoAbove(amount: bigint): bigint {
  return (amount + PICO_IN_MONEY - 1n) / PICO_IN_MONEY;
}

/** Whole pico-dollars in `amount` of 1e-18 USD. */
export function picoBelow(amount: bigint): bigint {
  return amount / PICO_IN_MONEY;
}
