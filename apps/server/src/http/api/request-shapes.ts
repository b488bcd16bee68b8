/** Requests and what they cost (contract 3.5 and 2.5, additions "Fields"). */
import { type TObject, type TSchema, Type } from "typebox";

import {
  Amount,
  Answer,
  Choice,
  Count,
  Decimal,
  Nullable,
  Properties,
  Text,
  Time,
  Units,
} from "./answer-shapes.ts";

const PricingStatus: TSchema = Choice(
  "priced",
  "partial",
  "unknown_model",
  "unknown_unit",
  "no_price_at_time",
  "ambiguous",
);

/** Exact decimal USD; null is unknown and never zero. */
const Cost: TSchema = Nullable(Decimal);

const CostLine: TObject = Type.Object({
  unit: Text(),
  direction: Choice("input", "output", "other"),
  count: Count(),
  usd: Decimal,
  per: Text("The price is for this many"),
  multipliers: Type.Array(Decimal),
  amount: Decimal,
  rate_id: Text("Names the row of the price book"),
});

export const LimitStates: TSchema = Type.Record(
  Text(),
  Type.Object({ state: Choice("ok", "exceeded", "overrun", "blocked", "blocked_external", "failed") }),
);

/** `xproxy_result`. What is absent was not told: a missing cost is unknown. */
export const XproxyResult: TObject = Type.Object({
  request_id: Type.Optional(Text()),
  cost: Type.Optional(
    Type.Object({
      currency: Type.Optional(Text()),
      input: Amount,
      output: Amount,
      total: Amount,
      status: Type.Optional(PricingStatus),
      book: Type.Optional(Text("Version of the price book")),
      lines: Type.Optional(Type.Array(CostLine)),
    }),
  ),
  limits: Type.Optional(LimitStates),
  blocked_limit_ids: Type.Optional(Type.Array(Text())),
  resource_id: Type.Optional(Text()),
  use_case_name: Type.Optional(Text()),
  use_case_id: Type.Optional(Text()),
  use_case_step: Type.Optional(Text()),
  user_id: Type.Optional(Text()),
  account_name: Type.Optional(Text()),
  request_tags: Type.Optional(Type.Array(Text())),
  unknown_units: Type.Optional(Units),
  duplicate_request: Type.Optional(Type.Boolean()),
  warnings: Type.Optional(Type.Array(Text())),
});

/** One request in a list and in the live stream. */
export const RequestSummary: TObject = Type.Object({
  request_id: Text(),
  time: Time(),
  category: Text(),
  resource: Nullable(Text()),
  use_case_name: Nullable(Text()),
  use_case_id: Nullable(Text()),
  use_case_version: Nullable(Count()),
  use_case_step: Nullable(Text()),
  user_id: Nullable(Text()),
  account_name: Nullable(Text()),
  http_status_code: Nullable(Type.Integer()),
  outcome: Nullable(Choice("ok", "error", "aborted", "abandoned", "timeout", "refused")),
  usage_source: Nullable(Choice("provider", "partial", "estimated", "unknown")),
  streamed: Type.Boolean(),
  latency_ms: Nullable(Type.Number()),
  time_to_first_token_ms: Nullable(Type.Number()),
  units: Units,
  tokens_input: Count(),
  tokens_output: Count(),
  status: PricingStatus,
  cost: Cost,
  cost_input: Cost,
  cost_output: Cost,
  seeded: Type.Boolean(),
  failure: Nullable(Text()),
  voided: Type.Boolean({ description: "Its cost was taken back" }),
});

const Revision: TObject = Type.Object({
  revision: Count(),
  amount: Cost,
  book: Text(),
  reason: Text(),
  time: Time(),
});

const Void: TObject = Type.Object({ reason: Text(), actor: Text(), time: Time() });

export const VoidInput: TObject = Type.Object({ reason: Text("Why, 1 to 1024 characters") });
export const VoidAnswer: TObject = Answer({ void: Void, revisions: Type.Array(Revision) });

/** Everything that is known of one request. */
export const RequestDetail: TObject = Type.Object({
  ...RequestSummary.properties,
  provider_response_id: Nullable(Text()),
  provider_uri: Nullable(Text()),
  resource_scope: Nullable(Text()),
  failure_description: Nullable(Text()),
  provider_request_json: Nullable(Text("The prompt, where it was kept and is kept still")),
  provider_request_reasoning_json: Nullable(Text("The same of its reasoning")),
  provider_response_json: Nullable(Text("The same of the answer")),
  properties: Properties,
  use_case_properties: Properties,
  lines: Type.Array(CostLine),
  unknown_units: Units,
  book: Nullable(Text()),
  limits: LimitStates,
  function_calls: Type.Array(Type.Object({ name: Text(), arguments: Type.Optional(Text()) })),
  ingest_time: Time(),
  revisions: Type.Array(Revision),
  void: Type.Optional(Void),
});
