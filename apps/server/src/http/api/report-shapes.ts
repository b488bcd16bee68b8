/** Saved reports (contract 9, additions "Routes"). */
import { REPORT_FIELDS } from "@payi/core/wire";
import { type TObject, type TProperties, type TSchema, Type } from "typebox";

import { Answer, Choice, Count, Nullable, Text, Time } from "./answer-shapes.ts";

const GROUP = "use_case (default), resource, category, user, account or property:<key>";

export const ReportInput: TObject = Type.Object({
  name: Text(),
  group_by: Type.Optional(Text(GROUP)),
  granularity: Type.Optional(Choice("none", "hour", "day")),
  fields: Type.Optional(Type.Array(Choice(...REPORT_FIELDS), { description: "Columns; default spend" })),
  filters: Type.Optional(
    Type.Record(Text(), Text(), { description: "The filters of analytics, by their names there" }),
  ),
  days: Type.Optional(Count("The last so many days, 30 by default")),
  format: Type.Optional(Choice("csv", "json")),
});

const saved: TProperties = {
  report_id: Text(),
  name: Text(),
  group_by: Text(),
  granularity: Choice("none", "hour", "day"),
  fields: Type.Array(Choice(...REPORT_FIELDS)),
  filters: Type.Record(Text(), Text()),
  days: Count(),
  format: Choice("csv", "json"),
  created_timestamp: Time(),
  updated_timestamp: Time(),
};

export const Report: TObject = Type.Object(saved);
export const ReportAnswer: TObject = Answer(saved);

/** The table: CSV by default, with its header as first line. */
export const ReportTable: TSchema = Type.Union([
  Text("CSV"),
  Answer({
    report_id: Text(),
    name: Text(),
    from: Time(),
    to: Time(),
    columns: Type.Array(Text()),
    rows: Type.Array(Type.Array(Nullable(Type.Union([Type.String(), Type.Number()])))),
  }),
]);
