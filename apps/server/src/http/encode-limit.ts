import { formatMoney, fromPico, moneyToNumber } from "@payi/core/cost";
import {
  type JsonObject,
  type LimitConfig,
  amount,
  encodeDecimal,
  encodeEnforcement,
  encodePolicy,
  encodeTime,
  overrun,
} from "@payi/core/wire";

import { type LimitReset, type LimitTotals, type StoredLimit } from "../store/limit.ts";

/** A limit with the totals of its current window (contract 2.1). */
export function encodeLimit(limit: StoredLimit): JsonObject {
  const raise = limit.raise !== null && limit.raise.untilMs > Date.now() ? limit.raise : null;
  return {
    limit_id: limit.id,
    limit_name: limit.name,
    ...maxOf(limit.max),
    threshold: limit.threshold,
    limit_type: limit.limitType,
    limit_creation_timestamp: new Date(limit.createdMs).toISOString(),
    limit_update_timestamp: new Date(limit.updatedMs).toISOString(),
    totals: { ...encodeTotals(limit.totals, limit.max), ...encodeWindow(limit) },
    properties: limit.properties,
    ...encodePolicy(limit.policy),
    ...(raise === null
      ? {}
      : {
          raise: {
            max: encodeDecimal(raise.max),
            until: encodeTime(raise.untilMs),
            author: raise.author,
            reason: raise.reason,
          },
        }),
  };
}

/** What a reset closed. */
export function encodeLimitHistory({ limit, resetMs }: LimitReset): JsonObject {
  return {
    limit_id: limit.id,
    limit_name: limit.name,
    limit_type: limit.limitType,
    ...maxOf(limit.max),
    limit_reset_timestamp: new Date(resetMs).toISOString(),
    totals: encodeTotals(limit.totals, limit.max),
  };
}

/** A use case's template for the limits of its instances. */
export function encodeLimitConfig(config: LimitConfig): JsonObject {
  return {
    ...maxOf(config.max),
    limit_type: config.limitType,
    threshold: config.threshold ?? null,
    properties: config.properties ?? null,
    ...encodeEnforcement(config),
  };
}

function maxOf(max: bigint): { readonly max: number; readonly max_decimal: string } {
  return { max: moneyToNumber(max), max_decimal: formatMoney(max) };
}

/** What is ours beside Pay-i's totals. */
function encodeWindow({ policy, totals }: StoredLimit): JsonObject {
  return {
    held: encodeDecimal(fromPico(totals.held)),
    topped_up: encodeDecimal(fromPico(totals.topped)),
    window_start: totals.windowStartMs === 0 ? null : encodeTime(totals.windowStartMs),
    window_end: encodeTime(totals.windowEndMs),
    ...(policy.per === undefined ? {} : { value: totals.value }),
  };
}

function encodeTotals(totals: LimitTotals, max: bigint): JsonObject {
  const total = fromPico(totals.used);
  return {
    cost: {
      input: amount(fromPico(totals.usedInput)),
      output: amount(fromPico(totals.used - totals.usedInput)),
      total: total > max ? { ...amount(total), ...overrun(total - max) } : amount(total),
    },
    requests: { ...totals.counts, total: totals.total },
  };
}
