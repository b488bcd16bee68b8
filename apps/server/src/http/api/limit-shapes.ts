/** Limits (contract 2.1). */
import { type TObject, type TProperties, type TSchema, Type } from "typebox";

import { Amount, Choice, Count, Decimal, Nullable, Properties, Text, Time } from "./answer-shapes.ts";

export const LimitType: TSchema = Choice("allow", "block");
const Max: TSchema = Type.Number({ exclusiveMinimum: 0, description: "USD" });
const Threshold: TSchema = Type.Number({
  description: "A fraction of max from 0.75 to 0.99, or dollars above 1 and below max",
});

const Fraction: TSchema = Type.Number({ minimum: 0, maximum: 1, description: "A fraction of max" });

/** How a limit is enforced; also of the limits of instances. */
export const Enforcement: TProperties = {
  levels: Type.Optional(
    Nullable(Type.Array(Fraction, { description: "Where to warn, each once per window" })),
  ),
  estimate: Type.Optional(Nullable(Choice("upper_bound", "history", "strict", "none"))),
  on_unpriced: Type.Optional(Nullable(Choice("alert", "block", "hold_dearest"))),
  on_unreachable: Type.Optional(Nullable(Choice("allow", "block"))),
  ladder: Type.Optional(
    Nullable(
      Type.Array(
        Type.Object({
          at: Fraction,
          action: Choice("warn", "switch_model", "cap_output", "block"),
          model: Type.Optional(Text()),
          from: Type.Optional(Text()),
          category: Type.Optional(Text()),
          max_output_tokens: Type.Optional(Count()),
        }),
        { description: "What happens from a share of the budget on; read by the SDK" },
      ),
    ),
  ),
};

/** Whom a limit is for, when it starts again, and how it is enforced. */
export const Policy: TProperties = {
  selector: Type.Optional(
    Nullable(
      Type.Object(
        {
          use_case_name: Type.Optional(Text()),
          user_id: Type.Optional(Text()),
          account_name: Type.Optional(Text()),
          category: Type.Optional(Text()),
          resource: Type.Optional(Text()),
          properties: Type.Optional(Properties),
        },
        { description: "The limit attaches to calls that match all parts; {} to every call" },
      ),
    ),
  ),
  per: Type.Optional(
    Nullable(Text("One budget per value: user_id, account_name, use_case_name or property:<key>")),
  ),
  period: Type.Optional(
    Nullable(Text("none, hour, day, week, month or rolling:<length>, such as rolling:24h")),
  ),
  time_zone: Type.Optional(Nullable(Text("IANA name; default UTC"))),
  anchor: Type.Optional(Nullable(Text("Start of the period: 15, 06:00, monday or 1 to 31"))),
  ...Enforcement,
};

/** A use case's template for the limits of its instances. */
export const LimitConfig: TObject = Type.Object({
  max: Max,
  limit_type: Type.Optional(LimitType),
  threshold: Type.Optional(Nullable(Threshold)),
  properties: Type.Optional(Nullable(Properties)),
  ...Enforcement,
});

export const LimitInput: TObject = Type.Object({
  limit_name: Text(),
  limit_id: Type.Optional(Text("Default: a new one")),
  max: Max,
  limit_type: Type.Optional(LimitType),
  threshold: Type.Optional(Nullable(Threshold)),
  properties: Type.Optional(Properties),
  ...Policy,
});

export const LimitUpdate: TObject = Type.Object({
  limit_name: Type.Optional(Text()),
  max: Type.Optional(Max),
  threshold: Type.Optional(Threshold),
  ...Policy,
});

const Totals: TObject = Type.Object({
  cost: Type.Object({
    input: Amount,
    output: Amount,
    total: Type.Object({
      base: Type.Number(),
      base_decimal: Type.Optional(Decimal),
      overrun_base: Type.Optional(Type.Number({ description: "The part above max" })),
      overrun_base_decimal: Type.Optional(Decimal),
    }),
  }),
  requests: Type.Object({
    ok: Count(),
    exceeded: Count("At or above the threshold: a warning, not a refusal"),
    overrun: Count(),
    blocked: Count(),
    blocked_external: Count("Refused by another limit of the same call"),
    failed: Count(),
    total: Count(),
  }),
  held: Type.Optional(Decimal),
  topped_up: Type.Optional(Decimal),
  window_start: Type.Optional(Nullable(Time())),
  window_end: Type.Optional(
    Nullable(Time("When all of it is there again; null: only a reset does that, or the period rolls")),
  ),
  value: Type.Optional(Text("Whose budget is shown, where there is one per value: that with the most spent")),
});

export const Limit: TObject = Type.Object({
  limit_id: Text(),
  limit_name: Text(),
  max: Type.Number(),
  max_decimal: Decimal,
  threshold: Nullable(Type.Number({ description: "A fraction of max" })),
  limit_type: LimitType,
  limit_creation_timestamp: Time(),
  limit_update_timestamp: Time(),
  totals: Totals,
  properties: Properties,
  ...Policy,
  raise: Type.Optional(
    Type.Object({
      max: Decimal,
      until: Time(),
      author: Type.Optional(Nullable(Text())),
      reason: Type.Optional(Nullable(Text())),
    }),
  ),
});

export const LimitHistory: TObject = Type.Object({
  limit_id: Text(),
  limit_name: Text(),
  limit_type: LimitType,
  max: Type.Number(),
  max_decimal: Decimal,
  limit_reset_timestamp: Time(),
  totals: Totals,
});
