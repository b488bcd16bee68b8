import { type Dimension } from "@payi/core/wire";
import fc from "fast-check";
import { expect, test } from "vitest";

import { type Range } from "../src/range.ts";
import {
  DEFAULT_VIEW,
  type FilterField,
  MEASURES,
  type View,
  linkTo,
  readView,
  writeView,
} from "../src/url-state.ts";

const word = fc.string({ minLength: 1, unit: "binary" }).filter((text) => text.isWellFormed());
const property = word.map((key): `property:${string}` => `property:${key}`);
const group = fc.oneof(
  fc.constantFrom<Dimension>("use_case", "resource", "category", "user", "account"),
  property,
);
const field = fc.oneof(
  fc.constantFrom<FilterField>("use_case", "instance", "user", "outcome", "pricing"),
  property,
);
const time = fc.date({ min: new Date("2020-01-01"), max: new Date("2030-01-01"), noInvalidDate: true });
const range = fc.oneof(
  fc.constantFrom<Range>("24h", "7d", "30d", "90d", "today", "yesterday", "this-month", "last-month"),
  fc.tuple(time, fc.integer({ min: 1, max: 10 ** 9 })).map(([from, length]) => ({
    from: from.toISOString(),
    to: new Date(from.getTime() + length).toISOString(),
  })),
);
const views: fc.Arbitrary<View> = fc.record({
  range,
  granularity: fc.constantFrom("auto" as const, "hour" as const, "day" as const),
  group,
  measure: fc.constantFrom(...MEASURES),
  filters: fc.uniqueArray(fc.record({ field, value: fc.string({ unit: "grapheme" }) }), {
    selector: (filter) => filter.field,
  }),
  tab: fc.option(word, { nil: undefined }),
  sort: fc.option(word, { nil: undefined }),
  search: fc.option(word, { nil: undefined }),
  book: fc.option(word, { nil: undefined }),
  request: fc.option(word, { nil: undefined }),
  chartAs: fc.constantFrom("chart" as const, "table" as const),
});

test("reading what was written gives the same view", () => {
  fc.assert(
    fc.property(views, (view) => {
      expect(readView(new URLSearchParams(writeView(view).toString()))).toEqual(view);
    }),
  );
});

test("the default view has no query string", () => {
  expect(writeView(DEFAULT_VIEW).toString()).toBe("");
  expect(linkTo("/requests", DEFAULT_VIEW)).toBe("/requests");
});

test("a query string that means nothing is the default view", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const names = ["range", "from", "to", "granularity", "group", "measure", "as"];
      const search = new URLSearchParams(names.map((name) => [name, `?${text}`]));
      expect(readView(search)).toEqual(DEFAULT_VIEW);
    }),
  );
});

test("a filter may ask for what has no value", () => {
  expect(readView(new URLSearchParams("user=")).filters).toEqual([{ field: "user", value: "" }]);
});

test("a link keeps the period and nothing else that was not asked for", () => {
  const view: View = { ...DEFAULT_VIEW, range: "30d", sort: "-cost", request: "req_1", tab: "kpis" };
  expect(linkTo("/requests", view, { filters: [{ field: "user", value: "jane" }] })).toBe(
    "/requests?range=30d&user=jane",
  );
});
