import { expect, test } from "vitest";

import { SAID, areSame } from "../../src/store/sql/charge-states.ts";

const { ok, exceeded } = SAID;

test("states are the same only with the same limits in the same order, since they are told as they stand", () => {
  expect(areSame({ one: ok, two: exceeded }, { one: { state: "ok" }, two: { state: "exceeded" } })).toBe(
    true,
  );
  expect(areSame({ one: ok, two: exceeded }, { two: exceeded, one: ok })).toBe(false);
  expect(areSame({ one: ok, two: exceeded }, { one: ok, two: ok })).toBe(false);
  expect(areSame({ one: ok }, { one: ok, two: ok })).toBe(false);
  expect(areSame({ one: ok, two: ok }, { one: ok })).toBe(false);
  expect(areSame({}, {})).toBe(true);
});
