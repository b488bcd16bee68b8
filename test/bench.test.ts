/** The benchmarks work: tiny, and without a word on time. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

const main = fileURLToPath(new URL("../bench/main.ts", import.meta.url));

/** The larger ones start a process for each contestant: they have a run of their own. */
const suites = process.env["PAYI_BENCH"] === "large" ? ["adapters", "ingest", "holds"] : ["sdk", "price"];

test.for(suites)("the %s benchmark runs, and everything it counts arrives", (suite) => {
  const output = execFileSync(
    process.execPath,
    ["--conditions=@payi/source", main, suite, "--rounds", "1", "--calls", "20"],
    { encoding: "utf8" },
  );
  const rows = output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as { errors: number; ratio: number });
  expect(rows.length).toBeGreaterThanOrEqual(4);
  expect(rows.map(({ errors }) => errors)).toEqual(rows.map(() => 0));
  expect(rows.every(({ ratio }) => ratio > 0)).toBe(true);
});
