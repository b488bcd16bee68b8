import { expect, test } from "vitest";

import { SaidStates } from "../../src/store/sql/charge-states.ts";

const [one, two] = [{ id: "one" }, { id: "two" }];

test("neighbours say the same only with the same limits in the same order, since they are told as they stand", () => {
  const said = new SaidStates();
  const none = said.of([], []);
  expect(none).toEqual({});
  expect(said.of([], [])).toBe(none);
  const both = said.of([one, two], ["ok", "exceeded"]);
  expect(both).toEqual({ one: { state: "ok" }, two: { state: "exceeded" } });
  expect(said.of([{ id: "one" }, { id: "two" }], ["ok", "exceeded"])).toBe(both);
  expect(Object.keys(said.of([two, one], ["exceeded", "ok"]))).toEqual(["two", "one"]);
  expect(said.of([one, two], ["ok", "ok"])).toEqual({ one: { state: "ok" }, two: { state: "ok" } });
  expect(said.of([one], ["ok"])).toEqual({ one: { state: "ok" } });
});

test("a limit may be called whatever it likes", () => {
  expect(Object.keys(new SaidStates().of([{ id: "__proto__" }], ["ok"]))).toEqual(["__proto__"]);
});
