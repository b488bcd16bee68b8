/** Attribution that frameworks hand on as plain JSON. */
import fc from "fast-check";
import { expect, test } from "vitest";

import { readContext } from "../src/read-context.ts";

test("reads every field of an attribution by its name, and tells the name in snake_case", () => {
  const asked: string[] = [];
  const given: Record<string, unknown> = {
    useCaseName: "trail_finder",
    useCaseVersion: 2,
    limitIds: ["daily"],
    requestProperties: { tier: "gold", old: null },
    userId: "jane",
  };
  const context = readContext((name, snakeName) => {
    asked.push(snakeName);
    return given[name];
  });
  expect(context).toEqual(given);
  expect(asked).toContain("use_case_name");
  expect(asked).toContain("price_as_category");
  expect(asked).not.toContain("proxy");
});

test("an empty text clears and stays; what cannot be sent is left out", () => {
  const given: Record<string, unknown> = {
    useCaseName: "",
    useCaseVersion: "two",
    useCaseStep: null,
    limitIds: ["daily", 7],
    requestProperties: { tier: "gold", nested: {} },
    useCaseProperties: "none",
    userId: ["jane"],
  };
  expect(readContext((name) => given[name])).toEqual({
    useCaseName: "",
    limitIds: ["daily", "7"],
    requestProperties: { tier: "gold" },
  });
});

test("whatever stands there, it is read without a throw and nothing undefined is left", () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      expect(Object.values(readContext(() => value))).not.toContain(undefined);
    }),
  );
});
