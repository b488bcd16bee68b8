/** What instances are worth (contract 2.4 and 6, additions "Routes"). Money in USD, time in minutes. */
import { type TObject, type TProperties, type TSchema, Type } from "typebox";

import { Answer, Count, Decimal, Nullable, Text, Time } from "./answer-shapes.ts";

const Number = (description: string): TSchema => Nullable(Type.Number({ description }));

export const InstanceValue: TObject = Answer({
  money: Number("USD; null is unknown, never zero"),
  money_decimal: Nullable(Decimal),
  time: Number("Minutes"),
  time_decimal: Nullable(Decimal),
  value_policy_id: Nullable(Text("Null: no policy is in force")),
  policy_version: Nullable(Count()),
  unknown: Type.Array(Text(), { description: "Why money or time is not known" }),
});

const equations: TProperties = {
  use_case_name: Text(),
  money: Type.Optional(Nullable(Text('Equation in USD: "if(kpi.resolved, 12.50, 0) - cost"'))),
  time: Type.Optional(Nullable(Text('Equation in minutes: "kpi.resolved * 15"'))),
};

export const ValuePolicyInput: TObject = Type.Object({
  ...equations,
  description: Type.Optional(Text()),
  activate: Type.Optional(Type.Boolean({ description: "False: the version before stays in force" })),
});

export const ValuePreviewInput: TObject = Type.Object({
  ...equations,
  days: Type.Optional(Type.Integer({ minimum: 1, maximum: 366, default: 30 })),
});

const policy: TProperties = {
  value_policy_id: Text(),
  use_case_name: Text(),
  version: Count(),
  description: Text(),
  money: Nullable(Text()),
  time: Nullable(Text()),
  active: Type.Boolean(),
  created_by: Text(),
  created_timestamp: Time(),
};

export const ValuePolicy: TObject = Type.Object(policy);
export const ValuePolicyAnswer: TObject = Answer({
  ...policy,
  warnings: Type.Array(Text(), { description: "KPIs that the use case does not have yet" }),
});

const measures: TProperties = {
  instances: Count(),
  with_money: Count("Instances whose money value is known"),
  money: Nullable(Decimal),
  with_time: Count("Instances whose time value is known"),
  time: Nullable(Type.String({ description: "Exact decimal minutes" })),
  cost: Nullable(Decimal),
  roi: Nullable(Type.String({ description: "Money per dollar, over the instances that have both" })),
};

const report: TProperties = {
  total: Type.Object(measures),
  versions: Type.Array(Type.Object({ use_case_version: Count(), ...measures })),
  unknown: Type.Array(Type.Object({ reason: Text(), instances: Count() })),
};

export const ValuePreview: TObject = Answer({
  use_case_name: Text(),
  from: Time(),
  to: Time(),
  ...report,
  current: Nullable(Type.Object({ policy_version: Count(), ...report })),
});

export const ValueAnswer: TObject = Answer({
  from: Time(),
  to: Time(),
  use_cases: Type.Array(
    Type.Object({ use_case_name: Text(), value_policy_id: Text(), policy_version: Count(), ...report }),
  ),
});
