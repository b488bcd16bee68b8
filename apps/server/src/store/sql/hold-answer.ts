/**
 * What was said of a hold, as it is kept for whoever asks again: {@link HoldAnswer} as JSON without what every such answer
 * says, amounts as `{"money": decimal text}` since JSON has no bigint.
 */
import { type Money, formatMoney, parseMoney } from "@payi/core/cost";
import { type HeldLimit, type HoldAnswer } from "@payi/core/wire";

/** The text that is kept. */
export function writeAnswer({ limits, unknownLimitIds }: HoldAnswer): string {
  const unknown = unknownLimitIds.length === 0 ? "[]" : JSON.stringify(unknownLimitIds);
  return `{"limits":[${limits.map(writeLimit).join()}],"unknownLimitIds":${unknown}}`;
}

/** What was said to the call with this id, which was admitted: nothing else is kept. */
export function readAnswer(holdId: string, text: string, expiresInMs: number): HoldAnswer {
  const kept = JSON.parse(text, (_, value: unknown) =>
    typeof value === "object" && value !== null && "money" in value ? parseMoney(String(value.money)) : value,
  ) as Pick<HoldAnswer, "limits" | "unknownLimitIds">;
  const { limits, unknownLimitIds } = kept;
  return { holdId, admitted: true, expiresInMs, limits, refusedBy: [], unknownLimitIds };
}

function writeLimit(limit: HeldLimit): string {
  const { limitId, value, limitName, limitType, automatic, windowStartMs, windowEndMs } = limit;
  const { max, spent, held, hold, typical } = limit;
  return `{"limitId":${JSON.stringify(limitId)},"value":${JSON.stringify(value)},"limitName":${JSON.stringify(limitName)},"limitType":"${limitType}","automatic":${automatic}${
    windowStartMs === undefined ? "" : `,"windowStartMs":${windowStartMs}`
  }${windowEndMs === undefined ? "" : `,"windowEndMs":${windowEndMs}`},"max":${money(max)},"spent":${money(spent)},"held":${money(held)}${
    hold === undefined ? "" : `,"hold":${money(hold)}`
  }${typical === undefined ? "" : `,"typical":${money(typical)}`}}`;
}

function money(amount: Money): string {
  return `{"money":"${formatMoney(amount)}"}`;
}
