/** Resources, price books, unpriced usage, re-pricing (contract 2.3 and 4, additions "Routes"). */
import { type TObject, type TProperties, type TSchema, Type } from "typebox";

import { Answer, Choice, Count, Decimal, Nullable, PageOf, Text, Time, Units } from "./answer-shapes.ts";

const Price: TSchema = Type.Union([Type.Number(), Decimal], {
  description: "USD for a single unit; 0 is free",
});

const resource: TProperties = {
  resource_id: Text("Names the version"),
  category: Text(),
  resource: Text(),
  active: Type.Boolean(),
  proxy_allowed: Type.Boolean(),
  start_timestamp: Time(),
  end_timestamp: Nullable(Time()),
  units: Type.Record(
    Text(),
    Type.Object({
      input_price: Type.Optional(Type.Number()),
      input_price_decimal: Type.Optional(Decimal),
      output_price: Type.Optional(Type.Number()),
      output_price_decimal: Type.Optional(Decimal),
    }),
  ),
  max_input_units: Nullable(Count()),
  max_output_units: Nullable(Count()),
  max_total_units: Nullable(Count()),
  aliased_resource: Nullable(Text()),
  large_context_threshold: Nullable(Count()),
  sources: Type.Array(Type.Object({ url: Text(), read: Text("Day"), confidence: Choice("A", "B", "C") }), {
    description: "The pages behind the prices; A is the provider's own, B a copy, C derived",
  }),
  scope: Nullable(Text("What the prices hold for, where scopes change them")),
  variants: Type.Array(Text("Such as tier: batch"), {
    description: "What has prices of its own beside these",
  }),
};
export const Resource: TObject = Type.Object(resource);

export const ResourceInput: TObject = Type.Object({
  units: Type.Record(
    Text("Any name of a unit"),
    Type.Object({ input_price: Type.Optional(Price), output_price: Type.Optional(Price) }),
  ),
  start_timestamp: Type.Optional(Time("Default: now")),
  max_input_units: Type.Optional(Count()),
  max_output_units: Type.Optional(Count()),
  max_total_units: Type.Optional(Count()),
});

const book: TProperties = {
  id: Text("Hash of the content"),
  name: Text(),
  kind: Text(),
  active: Type.Boolean(),
  created_timestamp: Time(),
  created_by: Text(),
  activations: Type.Array(Type.Object({ timestamp: Time(), by: Text() })),
};
export const PriceBook: TObject = Type.Object(book);
/** With what the book would change, where it is not in force. */
export const PriceBookAnswer: TObject = Answer(book);

/** A page of books, and what the feed found where one is polled. */
export const PriceBookPage: TObject = Type.Object({
  ...PageOf(PriceBook).properties,
  feed: Nullable(
    Type.Object({
      url: Text(),
      checked_timestamp: Nullable(Time()),
      succeeded_timestamp: Nullable(Time()),
      error: Nullable(Text("Why the last look failed")),
      book: Nullable(Text("The candidate that the address holds")),
      shut_gates: Nullable(Type.Array(Text(), { description: "Gates that this candidate does not pass" })),
    }),
  ),
});

export const PRICE_BOOK_QUERY: TProperties = {
  format: Type.Optional(Choice("payi", "litellm")),
  name: Type.Optional(Text("Names an imported book")),
};

export const PriceBookInput: TObject = Type.Object({
  name: Text(),
  rows: Type.Array(
    Type.Object({
      category: Text(),
      resources: Type.Array(Text()),
      units: Type.Record(
        Text(),
        Type.Record(Choice("input", "output", "other"), Type.Object({ usd: Decimal, per: Type.Number() })),
      ),
      source: Type.Object({ url: Text(), read: Text("Day"), confidence: Choice("A", "B", "C") }),
    }),
  ),
});

const figures: TProperties = {
  requests: Count("Whose cost changes"),
  newly_priced: Count(),
  before: Decimal,
  after: Decimal,
  difference: Decimal,
};

export const RepriceInput: TObject = Type.Object({
  from: Time(),
  to: Type.Optional(Time()),
  category: Type.Optional(Text()),
  resource: Type.Optional(Text()),
  use_case_name: Type.Optional(Text()),
  dry_run: Type.Optional(Type.Boolean()),
});

const reprice: TProperties = {
  reprice_id: Type.Optional(Text("None for a dry run")),
  dry_run: Type.Optional(Type.Boolean()),
  status: Type.Optional(Choice("running", "finished")),
  reason: Type.Optional(Text()),
  started_by: Type.Optional(Text()),
  started_timestamp: Type.Optional(Time()),
  finished_timestamp: Type.Optional(Nullable(Time())),
  from: Time(),
  to: Time(),
  category: Nullable(Text()),
  resource: Nullable(Text()),
  use_case_name: Nullable(Text()),
  book: Text(),
  examined: Count(),
  still_unpriced: Count(),
  kept: Count("Whose price is gone: they keep the cost they had"),
  ...figures,
  by_resource: Type.Array(Type.Object({ category: Text(), resource: Nullable(Text()), ...figures })),
  by_use_case: Type.Array(Type.Object({ use_case_name: Nullable(Text()), ...figures })),
  by_limit: Type.Array(Type.Object({ limit_id: Text(), ...figures })),
  by_month: Type.Array(
    Type.Object({
      month: Text("Of the calls, such as 2026-10, in UTC"),
      adjustment: Type.Boolean({ description: "The month was over when the re-pricing began" }),
      ...figures,
    }),
  ),
};
export const Reprice: TObject = Type.Object(reprice);
export const RepriceAnswer: TObject = Answer(reprice);

export const UnpricedUsage: TObject = Type.Object({
  category: Text(),
  resource: Nullable(Text()),
  host: Nullable(Text()),
  status: Text(),
  calls: Count(),
  tokens_input: Count(),
  tokens_output: Count(),
  units: Units,
  first_seen: Time(),
  last_seen: Time(),
  alerted_timestamp: Nullable(Time("When alerts were last told of it; once a day for each unit")),
});

const dbuPrice: TProperties = {
  id: Text(),
  category: Text("system.databricks.aws, .azure or .google"),
  usd_per_dbu: Decimal,
  start_timestamp: Time(),
  created_timestamp: Time(),
};
export const DbuPrice: TObject = Type.Object(dbuPrice);
export const DbuPriceAnswer: TObject = Answer(dbuPrice);
export const DbuPriceInput: TObject = Type.Object({
  category: Text("system.databricks.aws, .azure or .google"),
  usd_per_dbu: Decimal,
  start_timestamp: Type.Optional(Time("Default: now")),
});

const mapping: TProperties = {
  category: Text(),
  resource: Text("Blank: every resource of the category"),
  price_as_category: Text(),
  price_as_resource: Text(),
  price_as_scope: Nullable(Text()),
};
export const Mapping: TObject = Type.Object(mapping);
export const MappingInput: TObject = Type.Object({
  ...mapping,
  price_as_scope: Type.Optional(Nullable(Text())),
  reprice: Type.Optional(Type.Boolean({ description: "Also the past; default true" })),
});
export const MappingAnswer: TObject = Answer({
  ...mapping,
  reprice: Nullable(Type.Object({ reprice_id: Text() })),
});
