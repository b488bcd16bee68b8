/** A limit over time (additions). */
import { type TObject, Type } from "typebox";

import { Answer, Count, Decimal, Nullable, Text, Time } from "./answer-shapes.ts";
import { LimitInput } from "./limit-shapes.ts";

export const LimitWindow: TObject = Type.Object({
  limit_id: Text(),
  value: Text("The budget's owner; empty where the limit has one budget"),
  max: Decimal,
  spent: Decimal,
  held: Decimal,
  window_start: Nullable(Time()),
  window_end: Nullable(Time()),
  requests: Type.Record(Type.String(), Count(), { description: "Calls by state, and their total" }),
  closed: Type.Optional(Time("Of a window that is over")),
});

export const TopUp: TObject = Type.Object({
  amount: Decimal,
  value: Type.Optional(Nullable(Text("Whose budget, where there is one per value"))),
  reason: Type.Optional(Nullable(Text())),
});

export const Raise: TObject = Type.Object({
  max: Decimal,
  until: Time(),
  author: Type.Optional(Nullable(Text("Default: whoever's key it is"))),
  reason: Type.Optional(Nullable(Text())),
});

export const Simulation: TObject = Type.Object({
  limit: LimitInput,
  from: Type.Optional(Nullable(Time("Default: seven days before until"))),
  until: Type.Optional(Nullable(Time("Default: now"))),
});

export const SimulationResult: TObject = Answer({
  calls: Count("Calls that the limit is for"),
  refused_calls: Count(),
  unpriced_calls: Count("Of unknown cost; they refuse nothing here"),
  spent: Decimal,
  refused: Decimal,
  windows: Type.Array(
    Type.Object({
      value: Text(),
      window_start: Nullable(Time()),
      window_end: Nullable(Time()),
      spent: Decimal,
      refused: Decimal,
      refused_calls: Count(),
    }),
    { description: "Those with the most refused, at most 50" },
  ),
});
