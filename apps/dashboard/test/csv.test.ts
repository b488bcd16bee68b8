import fc from "fast-check";
import { expect, test } from "vitest";

import { csvCell, toCsv } from "../src/csv.ts";

test("no cell begins with a character that a spreadsheet would run as a formula", () => {
  const nasty = fc
    .tuple(fc.constantFrom("=", "+", "-", "@", "\t", "\r", ""), fc.string())
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(nasty, (text) => {
      const content = csvCell(text).replace(/^"/, "");
      expect(/^[=+\-@\t\r]/.test(content) && !/^-?\d+(\.\d+)?$/.test(content)).toBe(false);
    }),
  );
});

test.each([
  ["=1+1", `"'=1+1"`],
  ["@SUM(A1)", `"'@SUM(A1)"`],
  ["-0.0031", "-0.0031"],
  ["-1+2", `"'-1+2"`],
  ['say "hi"', `"say ""hi"""`],
  ["a,b", `"a,b"`],
  ["plain", "plain"],
])("%s is written as %s", (value, cell) => {
  expect(csvCell(value)).toBe(cell);
});

test("every row ends with CRLF", () => {
  expect(toCsv(["name", "cost"], [["trail_finder", "0.0255"]])).toBe("name,cost\r\ntrail_finder,0.0255\r\n");
});
