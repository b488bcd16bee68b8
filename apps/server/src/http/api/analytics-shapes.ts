/** What charts and tables are made of (additions, "Routes"). Every total counts what is unpriced beside it. */
import { type TObject, type TProperties, Type } from "typebox";

import { Answer, Choice, Count, Decimal, Nullable, Properties, Text, Time } from "./answer-shapes.ts";
import { RequestSummary } from "./request-shapes.ts";

const measures: TProperties = {
  requests: Count(),
  errors: Count(),
  blocked: Count(),
  unpriced: Count("Requests without a cost; their money is in no sum"),
  cost: Nullable(Decimal),
  cost_input: Nullable(Decimal),
  cost_output: Nullable(Decimal),
  tokens_input: Count(),
  tokens_output: Count(),
  latency_ms: Nullable(Type.Number({ description: "Mean over requests that told one" })),
};
const Measures: TObject = Type.Object(measures);

/** When. */
export const PERIOD_QUERY: TProperties = {
  from: Type.Optional(Time("Start, inclusive; default 24 hours before `to`")),
  to: Type.Optional(Time("End, exclusive; default now")),
};

/** `from`, `to` and the filters of every question about the past. */
export const SPAN_QUERY: TProperties = {
  ...PERIOD_QUERY,
  use_case_name: Type.Optional(Text()),
  use_case_id: Type.Optional(Text()),
  use_case_version: Type.Optional(Count()),
  category: Type.Optional(Text()),
  resource: Type.Optional(Text()),
  user_id: Type.Optional(Text("Blank asks for requests without one")),
  account_name: Type.Optional(Text("Blank asks for requests without one")),
  outcome: Type.Optional(Text()),
  usage_source: Type.Optional(
    Text("provider, partial, estimated or unknown; blank asks for requests without one"),
  ),
  pricing: Type.Optional(Choice("priced", "unpriced")),
  limit_id: Type.Optional(Text("Requests that this limit was charged with, or refused")),
  "property.<key>": Type.Optional(Text("Any request or use-case property")),
};

export const GROUP_QUERY: TProperties = {
  group_by: Type.Optional(
    Text("use_case (default), version, resource, category, user, account, usage_source or property:<key>"),
  ),
};

export const Breakdown: TObject = Answer({
  group_by: Text(),
  from: Time(),
  to: Time(),
  rows: Type.Array(Type.Object({ key: Text(), ...measures }), { description: "Largest cost first" }),
  other: Nullable(Measures),
  unattributed: Nullable(Measures),
  total: Measures,
});

export const Series: TObject = Answer({
  group_by: Text(),
  granularity: Choice("hour", "day"),
  time_zone: Text("Whose days the buckets are: the application's reporting zone"),
  from: Time(),
  to: Time(),
  buckets: Type.Array(Time()),
  groups: Type.Array(
    Type.Object({
      key: Text(),
      kind: Choice("value", "other", "unattributed"),
      points: Type.Array(Measures, { description: "points[i] belongs to buckets[i]" }),
    }),
  ),
  total: Type.Array(Measures),
});

const KpiScore: TObject = Type.Object({
  kpi_name: Text(),
  kpi_type: Text(),
  goal: Type.Number(),
  score: Type.Number(),
  update_timestamp: Time(),
});

export const InstanceSummary: TObject = Type.Object({
  ...measures,
  use_case_name: Text(),
  use_case_id: Text(),
  use_case_version: Count(),
  user_id: Nullable(Text()),
  account_name: Nullable(Text()),
  started: Time(),
  last_seen: Time(),
  properties: Properties,
  kpis: Type.Array(KpiScore),
});

export const InstanceDetail: TObject = Answer({
  ...InstanceSummary.properties,
  limit_id: Nullable(Text()),
  calls: Type.Array(RequestSummary, { description: "In order of time" }),
});

export const Kpis: TObject = Answer({
  use_case_name: Text(),
  instances: Count(),
  kpis: Type.Array(
    Type.Object({
      kpi_name: Text(),
      kpi_type: Text(),
      description: Text(),
      goal: Type.Number(),
      count: Count("Instances with a score"),
      value: Nullable(Type.Number({ description: "Boolean: share of true; others: mean" })),
      attainment: Nullable(Type.Number({ description: "value / goal" })),
      cost_per_success: Nullable(Decimal),
      cost_per_success_interval: Nullable(
        Type.Object({ low: Decimal, high: Decimal }, { description: "95 % confidence" }),
      ),
    }),
  ),
});

export const Status: TObject = Answer({
  application: Text(),
  time_zone: Text("Whose days charts are drawn by"),
  book: Text("Version of the price book in force"),
  first_event: Nullable(Time()),
  last_event: Nullable(Time()),
  events: Count(),
  seeded_events: Count(),
  now: Time(),
  version: Text(),
});
