/** Limits (contract 2.1). */
import { type TObject, type TSchema, Type } from "typebox";

import { Amount, Choice, Count, Decimal, Nullable, Properties, Text, Time } from "./answer-shapes.ts";

const LimitType: TSchema = Choice("allow", "block");
const Max: TSchema = Type.Number({ exclusiveMinimum: 0, description: "USD" });
const Threshold: TSchema = Type.Number({
  description: "A fraction of max from 0.75 to 0.99, or dollars above 1 and below max",
});

/** A use case's template for the limits of its instances. */
export const LimitConfig: TObject = Type.Object({
  max: Max,
  limit_type: Type.Optional(LimitType),
  threshold: Type.Optional(Nullable(Threshold)),
  properties: Type.Optional(Nullable(Properties)),
});

export const LimitInput: TObject = Type.Object({
  limit_name: Text(),
  limit_id: Type.Optional(Text("Default: a new one")),
  max: Max,
  limit_type: Type.Optional(LimitType),
  threshold: Type.Optional(Nullable(Threshold)),
  properties: Type.Optional(Properties),
});

export const LimitUpdate: TObject = Type.Object({
  limit_name: Type.Optional(Text()),
  max: Type.Optional(Max),
  threshold: Type.Optional(Threshold),
});

const Totals: TObject = Type.Object({
  cost: Type.Object({
    input: Amount,
    output: Amount,
    total: Type.Object({
      base: Type.Number(),
      base_decimal: Type.Optional(Decimal),
      overrun_base: Type.Optional(Type.Number({ description: "The part above max" })),
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
});

export const Limit: TObject = Type.Object({
  limit_id: Text(),
  limit_name: Text(),
  max: Type.Number(),
  threshold: Nullable(Type.Number({ description: "A fraction of max" })),
  limit_type: LimitType,
  limit_creation_timestamp: Time(),
  limit_update_timestamp: Time(),
  totals: Totals,
  properties: Properties,
});

export const LimitHistory: TObject = Type.Object({
  limit_id: Text(),
  limit_name: Text(),
  limit_type: LimitType,
  max: Type.Number(),
  limit_reset_timestamp: Time(),
  totals: Totals,
});
