import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { type Cell, csvLine } from "../../src/http/csv.ts";

/** What RFC 4180 says that a line means. */
function parseLine(line: string): readonly string[] {
  const cells: string[] = [];
  const pattern = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n$)/gy;
  for (const match of line.matchAll(pattern)) {
    const [, cell = ""] = match;
    cells.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
  }
  return cells;
}

const text = fc.string({ unit: fc.constantFrom(...Array.from("=+-@\t\r\n\",'; a1.é＝")) });

describe("a line of CSV", () => {
  test("means what was written, but for the apostrophe before what could be a formula", () => {
    const cell = fc.oneof(text, fc.string(), fc.integer(), fc.double({ noNaN: true }), fc.constant(null));
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 6 }), (cells: readonly Cell[]) => {
        const read = parseLine(csvLine(cells));
        expect(read).toHaveLength(cells.length);
        for (const [index, given] of cells.entries()) {
          const written = given === null ? "" : String(given);
          expect([written, `'${written}`]).toContain(read[index]);
        }
      }),
    );
  });

  test("holds no cell that a spreadsheet would work out", () => {
    fc.assert(
      fc.property(text, (given) => {
        const [cell = ""] = parseLine(csvLine([given]));
        expect(/^[=+\-@\t\r\n＝＋－＠]/.test(cell) && !/^-?\d+(\.\d+)?$/.test(cell)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ["=1+1", "'=1+1"],
    ['=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
    ["-5", "-5"],
    ["-0.000001", "-0.000001"],
    ["-1+1", "'-1+1"],
    ["@cmd", "'@cmd"],
    ["a,b", '"a,b"'],
    [null, ""],
    [1e-7, "1e-7"],
    ["ordinary", "ordinary"],
  ])("has %j as %s", (cell, written) => {
    expect(csvLine([cell])).toBe(`${written}\r\n`);
  });
});
