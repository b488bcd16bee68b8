/** Use cases, KPIs and instances (contract 2.4). */
import { type TObject, type TSchema, Type } from "typebox";

import { Answer, Choice, Count, Nullable, Properties, Text, Time } from "./answer-shapes.ts";
import { LimitConfig } from "./limit-shapes.ts";

const KpiType: TSchema = Choice("boolean", "number", "percentage", "likert5", "likert7", "likert10");

export const UseCaseInput: TObject = Type.Object({
  name: Text(),
  description: Text(),
  logging_enabled: Type.Optional(Type.Boolean({ description: "False: no prompt or answer is ever kept" })),
  limit_config: Type.Optional(LimitConfig),
  properties: Type.Optional(Properties),
});

export const UseCaseUpdate: TObject = Type.Object({
  description: Type.Optional(Text()),
  logging_enabled: Type.Optional(Type.Boolean()),
});

export const UseCase: TObject = Answer({
  name: Text(),
  use_case_name: Text("The same as name"),
  description: Text(),
  type_version: Count(),
  logging_enabled: Nullable(Type.Boolean()),
  limit_config: Nullable(LimitConfig),
  properties: Properties,
});

export const KpiInput: TObject = Type.Object({
  name: Text(),
  description: Text(),
  kpi_type: KpiType,
  goal: Type.Number(),
});

export const KpiUpdate: TObject = Type.Object({
  description: Type.Optional(Text()),
  goal: Type.Optional(Type.Number()),
});

export const Kpi: TObject = Answer({
  name: Text(),
  kpi_name: Text("The same as name"),
  description: Text(),
  kpi_type: KpiType,
  value_type: Text("The same as kpi_type"),
  goal: Type.Number(),
  created_timestamp: Time(),
  updated_timestamp: Nullable(Time()),
});

export const InstanceInput: TObject = Type.Object({
  use_case_id: Type.Optional(Text("Default: a new one")),
  use_case_version: Type.Optional(Count("Default: the latest")),
  user_id: Type.Optional(Text()),
  account_name: Type.Optional(Text()),
  limit_ids: Type.Optional(Type.Array(Text())),
  properties: Type.Optional(Properties),
});

export const Instance: TObject = Answer({
  use_case_name: Text(),
  use_case_id: Text(),
  type_version: Count(),
  limit_id: Nullable(Text("The limit made for this instance alone")),
  properties: Properties,
});

export const Score: TObject = Type.Object({
  kpi_name: Text(),
  kpi_type: KpiType,
  score: Type.Number({ description: "Booleans read back as 1 and 0" }),
  create_timestamp: Time(),
  update_timestamp: Time(),
});

/** One of many scores. */
export const BatchScore: TObject = Type.Object({
  use_case_name: Text("Made where it does not exist"),
  use_case_id: Text("The instance; made where it does not exist"),
  kpi_name: Text(),
  score: Type.Union([Type.Number(), Type.Boolean(), Type.Null()], {
    description: "Null takes the score away",
  }),
  kpi_type: Type.Optional(KpiType),
  goal: Type.Optional(Type.Number({ description: "Default: 1 for booleans, else 0" })),
  description: Type.Optional(Text("Of the KPI, which is made where it does not exist and kpi_type is given")),
  use_case_version: Type.Optional(Count("Of an instance that is made, as the rest")),
  user_id: Type.Optional(Text()),
  account_name: Type.Optional(Text()),
  use_case_properties: Type.Optional(Properties),
});

export const ScoresAnswer: TObject = Answer({
  score_count: Count("Recorded"),
  error_count: Count("Refused"),
  errors: Type.Array(Type.Object({ item_index: Count(), code: Text(), message: Text() })),
});

/** What is added to a score. */
export const Increment: TObject = Type.Object({ by: Type.Number() });

/** Pay-i's clients send `score`, the seeds' `value`. */
export const ScoreInput: TObject = Type.Object({
  score: Type.Optional(Type.Union([Type.Number(), Type.Boolean(), Type.Null()])),
  value: Type.Optional(Type.Union([Type.Number(), Type.Boolean(), Type.Null()])),
});
