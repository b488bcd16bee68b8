/** Holds, leases and the guard's definitions (additions). */
import { type TObject, type TSchema, Type } from "typebox";

import { Answer, Choice, Count, Decimal, Nullable, Properties, Text, Time } from "./answer-shapes.ts";
import { Enforcement, LimitType, Policy } from "./limit-shapes.ts";

const Milliseconds: TSchema = Count("Milliseconds from now");
const OptionalText: TSchema = Type.Optional(Nullable(Text()));

/** What a limit shows of one of its budgets. */
const state = {
  limit_id: Text(),
  value: Text("The budget's owner; empty for a plain limit and for calls without the value"),
  max: Decimal,
  spent: Decimal,
  held: Decimal,
  window_start: Nullable(Time()),
  window_end: Nullable(Time()),
};

const HeldLimit: TObject = Type.Object({
  ...state,
  limit_name: Text(),
  limit_type: LimitType,
  automatic: Type.Boolean(),
  hold: Nullable(Decimal),
  typical: Nullable(Decimal),
});

export const HoldRequest: TObject = Type.Object({
  hold_id: Text("A UUID of your own"),
  limit_ids: Type.Optional(Type.Array(Text())),
  context: Type.Object({
    category: Text(),
    resource: OptionalText,
    use_case_name: OptionalText,
    use_case_id: OptionalText,
    use_case_version: Type.Optional(Nullable(Count())),
    user_id: OptionalText,
    account_name: OptionalText,
    properties: Type.Optional(Nullable(Properties)),
  }),
  estimate: Type.Optional(
    Type.Object({
      upper_bound: Type.Optional(Nullable(Decimal)),
      worst_case: Type.Optional(Nullable(Decimal)),
      expected: Type.Optional(Nullable(Decimal)),
      priced: Type.Optional(Type.Boolean()),
      input_tokens: Type.Optional(Nullable(Count())),
      output_tokens: Type.Optional(Nullable(Count())),
    }),
  ),
  ttl_ms: Type.Optional(Count("1,000 to 3,600,000; default 60,000")),
});

const holdAnswer = {
  hold_id: Text(),
  admitted: Type.Boolean(),
  expires_in_ms: Nullable(Milliseconds),
  limits: Type.Array(HeldLimit),
  refused_by: Type.Array(Text()),
  unknown_limit_ids: Type.Array(Text()),
};

export const HoldAnswer: TObject = Answer(holdAnswer);

export const HoldRenewal: TObject = Type.Object({ ttl_ms: Type.Optional(Milliseconds) });

export const HoldSettlement: TObject = Type.Object({ actual: Type.Optional(Nullable(Decimal)) });

export const HoldEnd: TObject = Answer({ hold_id: Text(), ended: Type.Boolean() });

const LeaseReport: TObject = Type.Object({
  limit_id: Text(),
  value: OptionalText,
  returned: Type.Optional(Decimal),
  spent: Type.Optional(Decimal),
  more: Type.Optional(Type.Boolean()),
});

export const LeaseRequest: TObject = Type.Object({
  lease_id: Type.Optional(Text("A UUID of your own; the path's wins")),
  lines: Type.Optional(Type.Array(LeaseReport)),
  call: Type.Optional(Nullable(HoldRequest)),
});

export const LeaseLines: TObject = Type.Object({ lines: Type.Optional(Type.Array(LeaseReport)) });

export const LeaseAnswer: TObject = Answer({
  lease_id: Text(),
  expires_in_ms: Count("0: no lease was opened"),
  lines: Type.Array(Type.Object({ ...state, granted: Decimal, settled: Decimal, drain: Type.Boolean() })),
  call: Type.Optional(Type.Object({ ...holdAnswer, from_lease: Type.Boolean() })),
});

export const LeaseEnd: TObject = Answer({ lease_id: Text(), ended: Type.Boolean() });

export const GuardDefinitions: TObject = Type.Object({
  version: Text(),
  limits: Type.Array(
    Type.Object({
      limit_id: Text(),
      limit_name: Text(),
      limit_type: Choice("allow", "block"),
      max: Decimal,
      ...Policy,
    }),
  ),
  automatic: Type.Array(
    Type.Object({ use_case_name: Text(), limit_type: LimitType, max: Decimal, ...Enforcement }),
  ),
});
