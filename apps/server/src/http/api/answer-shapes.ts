/** Shapes that many operations share. Nulls and absent fields as they are sent. */
import { type TObject, type TProperties, type TSchema, Type } from "typebox";

export const Text = (description?: string): TSchema =>
  Type.String(description === undefined ? {} : { description });
export const Count = (description?: string): TSchema =>
  Type.Integer({ minimum: 0, ...(description === undefined ? {} : { description }) });
export const Time = (description = "ISO 8601, UTC"): TSchema =>
  Type.String({ format: "date-time", description });
export const Nullable = (shape: TSchema): TSchema => Type.Union([shape, Type.Null()]);
export const Choice = (...values: readonly string[]): TSchema =>
  Type.Union(values.map((value) => Type.Literal(value)));

/** Exact decimal USD as text. */
export const Decimal: TSchema = Type.String({
  description: "Exact decimal USD",
  pattern: "^-?\\d+(\\.\\d+)?$",
});

export const Properties: TSchema = Type.Record(Type.String(), Type.String(), {
  description: "Names and values, both text",
});

/** Changes of properties: null takes one away. */
export const PropertyPatch: TSchema = Type.Object({
  properties: Type.Record(Type.String(), Nullable(Type.String())),
});

/** Every refusal has this one shape; the code is stable, the message says value, rule and way out. */
export const ApiError: TObject = Type.Object(
  {
    statusCode: Type.Integer(),
    message: Type.String(),
    xproxy_error: Type.Object({ code: Type.String(), message: Type.String() }),
  },
  { description: "A refusal. The code is stable; the message names the value, the rule and the way out." },
);

/** An answer that is one object with the id of its request. */
export function Answer(properties: TProperties): TObject {
  return Type.Object({ request_id: Text(), ...properties });
}

/** One page of a list; without `cursor` it is the last one. */
export function PageOf(item: TSchema): TObject {
  return Answer({ items: Type.Array(item), cursor: Nullable(Text("Ask for the next page with this")) });
}

/** The query of every list. */
export const PAGE_QUERY: TProperties = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
  cursor: Type.Optional(Text("From the page before")),
  sort_ascending: Type.Optional(Type.Boolean()),
};

/** An amount as Pay-i has it, with the exact text beside it. */
export const Amount: TObject = Type.Object({
  base: Type.Number({ description: "USD" }),
  base_decimal: Type.Optional(Decimal),
});

/** Counts by kind of unit and direction. */
export const Units: TSchema = Type.Record(
  Type.String(),
  Type.Object({ input: Type.Optional(Count()), output: Type.Optional(Count()) }),
  { description: 'Counts by unit and direction, disjoint: {"text": {"input": 1500, "output": 800}}' },
);
