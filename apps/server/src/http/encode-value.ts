import { formatMoney, fromPico, moneyToNumber } from "@payi/core/cost";
import { type InstanceValueAnswer, type ValueMeasures } from "@payi/core/wire";

import { type InstanceValue } from "../domain/value/instance-value.ts";
import { type ValueReport, type ValueSums, roiOf } from "../domain/value/value-report.ts";
import { type StoredValuePolicy } from "../store/value-policy.ts";

/** A version of a policy. */
export function encodeValuePolicy(policy: StoredValuePolicy): Record<string, unknown> {
  return {
    value_policy_id: policy.id,
    use_case_name: policy.useCase,
    version: policy.version,
    description: policy.description,
    money: policy.money,
    time: policy.time,
    active: policy.active,
    created_by: policy.actor,
    created_timestamp: new Date(policy.createdMs).toISOString(),
  };
}

/** What one instance was worth, as Pay-i's numbers and as exact text. */
export function encodeInstanceValue(
  requestId: string,
  policy: StoredValuePolicy | undefined,
  value: InstanceValue,
): InstanceValueAnswer {
  const { money, time } = value;
  return {
    request_id: requestId,
    money: money === null ? null : moneyToNumber(fromPico(money)),
    money_decimal: decimal(money),
    time: time === null ? null : moneyToNumber(fromPico(time)),
    time_decimal: decimal(time),
    value_policy_id: policy?.id ?? null,
    policy_version: policy?.version ?? null,
    unknown: value.unknown,
  };
}

/** Totals, versions in their order, and what was missing, most often first. */
export function encodeValueReport(report: ValueReport): {
  readonly total: ValueMeasures;
  readonly versions: readonly (ValueMeasures & { readonly use_case_version: number })[];
  readonly unknown: readonly { readonly reason: string; readonly instances: number }[];
} {
  return {
    total: toValueMeasures(report.total),
    versions: Array.from(
      [...report.versions].toSorted(([left], [right]) => left - right),
      ([version, sums]) => ({ use_case_version: version, ...toValueMeasures(sums) }),
    ),
    unknown: [...report.unknown]
      .toSorted(
        ([leftReason, left], [rightReason, right]) => right - left || (leftReason < rightReason ? -1 : 1),
      )
      .map(([reason, instances]) => ({ reason, instances })),
  };
}

function toValueMeasures(sums: ValueSums): ValueMeasures {
  const roi = roiOf(sums);
  return {
    instances: sums.instances,
    with_money: sums.withMoney,
    money: sums.withMoney === 0 ? null : decimal(sums.money),
    with_time: sums.withTime,
    time: sums.withTime === 0 ? null : decimal(sums.time),
    cost: sums.priced === 0 ? null : decimal(sums.cost),
    roi: roi === null ? null : decimal(roi * 1_000_000n),
  };
}

function decimal(pico: bigint): string;
function decimal(pico: bigint | null): string | null;
function decimal(pico: bigint | null): string | null {
  return pico === null ? null : formatMoney(fromPico(pico));
}
