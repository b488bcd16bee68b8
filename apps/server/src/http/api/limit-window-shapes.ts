/** A limit over time (additions). */
import { type TObject, Type } from "typebox";

import { Answer, Choice, Count, Decimal, Nullable, Text, Time } from "./answer-shapes.ts";
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

export const LadderSavings: TObject = Answer({
  from: Time(),
  to: Time(),
  steps: Type.Array(
    Type.Object({
      at: Type.Number({ description: "The share of the budget from which on the step acts" }),
      action: Choice("warn", "switch_model", "cap_output", "block"),
      calls: Count("Calls that the step acted on"),
      saved: Text("What is known to the last digit, in USD; below zero where another model was dearer"),
      saved_at_most: Text("With what is known as an upper bound only"),
      unknown_calls: Count("Calls of which nobody can tell; they are in neither sum"),
    }),
    { description: "Steps that acted on a call, also those that the ladder has no more" },
  ),
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
