import { describe, expect, test } from "vitest";

import { builtInPriceBook, createPriceBook, price } from "../../src/cost/index.ts";
import {
  type MultiplierRow,
  type PriceLayer,
  type PriceRow,
  type PublishedRate,
} from "../../src/cost/row.ts";
import { requestOf } from "./price-case-check.ts";
import { priceCases } from "./vectors/index.ts";

const layers = builtInPriceBook().layers;
const overlay = layerNamed("overlay");
const catalog = layerNamed("catalog");
const requests = priceCases.map(requestOf);
const before = requests.map((request) => fingerprint(builtInPriceBook(), request));
const resources = requests.map((request) => price(request, builtInPriceBook()).resourceId ?? "");

describe("reviewed rows", () => {
  test("changing any rate by 1 % changes the price of a worked example", () => {
    const untested = overlay.rows.flatMap((row, at) =>
      ratesOf(row)
        .filter(([unit, direction]) => !isNoticed(row, withRow(at, changeRate(row, unit, direction))))
        .map(([unit, direction]) => `${row.category} ${names(row)} ${describeRow(row)} ${unit}.${direction}`),
    );
    expect(untested).toEqual([]);
  });

  test("changing any multiplier by 1 % changes the price of a worked example", () => {
    const multipliers = overlay.multipliers ?? [];
    const untested = multipliers
      .filter(
        (row, at) => !isNoticed(row, { ...overlay, multipliers: multipliers.with(at, changeFactor(row)) }),
      )
      .map((row) => `${row.category} ${names(row)} ${JSON.stringify(row.on)}`);
    expect(untested).toEqual([]);
  });

  test("dropping any row changes the price of a worked example", () => {
    const untested = overlay.rows
      .filter((row, at) => !isNoticed(row, { ...overlay, rows: overlay.rows.toSpliced(at, 1) }))
      .map((row) => `${row.category} ${names(row)} ${describeRow(row)}`);
    expect(untested).toEqual([]);
  });

  test("moving any start or end by a day changes the price of a worked example", () => {
    const untested = overlay.rows.flatMap((row, at) =>
      movesOf(row)
        .filter((moved) => !isNoticed(row, withRow(at, moved)))
        .map((moved) => `${row.category} ${names(row)} ${describeRow(row)} → ${moved.from} ${moved.until}`),
    );
    expect(untested).toEqual([]);
  });

  test("every row has a page, a day and a confidence, and prices something", () => {
    for (const row of [...overlay.rows, ...(overlay.multipliers ?? []), ...(overlay.rules ?? [])]) {
      expect(row.source.url).toMatch(/^https:\/\//);
      expect(row.source.read).toMatch(/^20\d\d-\d\d-\d\d$/);
      expect(["A", "B", "C"]).toContain(row.source.confidence);
    }
    expect(overlay.rows.filter((row) => ratesOf(row).length === 0)).toEqual([]);
  });

  test("no row is written for a name that is only an alias", () => {
    const aliases = new Set((overlay.aliases ?? []).map((row) => `${row.category}/${row.alias}`));
    const misplaced = overlay.rows.flatMap((row) =>
      row.resources === "*" ? [] : row.resources.filter((name) => aliases.has(`${row.category}/${name}`)),
    );
    expect(misplaced).toEqual([]);
  });
});

function layerNamed(name: string): PriceLayer {
  const layer = layers.find((candidate) => candidate.name === name);
  if (layer === undefined) throw new Error(`The built-in book has no layer "${name}".`);
  return layer;
}

/** True when at least one worked example of the row's resources is priced differently with this overlay. */
function isNoticed(row: PriceRow | MultiplierRow, changed: PriceLayer): boolean {
  const own = { ...changed, rows: changed.rows.filter(({ category }) => category === row.category) };
  const book = createPriceBook([own, catalog]);
  const concerned = new Set(
    row.resources === "*" ? [] : row.resources.map((name) => `${row.category}/${name}`),
  );
  return requests.some((request, at) => {
    const resource = resources[at] ?? "";
    const concerns =
      row.resources === "*" ? resource.startsWith(`${row.category}/`) : concerned.has(resource);
    return concerns && fingerprint(book, request) !== before[at];
  });
}

function fingerprint(book: ReturnType<typeof builtInPriceBook>, request: (typeof requests)[number]): string {
  const result = price(request, book);
  // A free unit times 1 % is still free: the printed price shows the change.
  return `${result.status} ${result.total} ${result.lines.map((line) => line.usd).join(" ")}`;
}

function withRow(at: number, row: PriceRow): PriceLayer {
  return { ...overlay, rows: overlay.rows.with(at, row) };
}

function ratesOf(row: PriceRow): [unit: string, direction: "input" | "output"][] {
  return Object.entries(row.units).flatMap(([unit, rates]) =>
    (["input", "output"] as const).flatMap((direction): [string, "input" | "output"][] =>
      rates[direction] === undefined ? [] : [[unit, direction]],
    ),
  );
}

function changeRate(row: PriceRow, unit: string, direction: "input" | "output"): PriceRow {
  const rates = row.units[unit] ?? {};
  return {
    ...row,
    units: { ...row.units, [unit]: { ...rates, [direction]: onePercentMore(rates[direction]) } },
  };
}

function movesOf(row: PriceRow): readonly PriceRow[] {
  const { from, until } = row;
  return [
    ...(from === undefined
      ? []
      : [
          { ...row, from: movedBy(from, 1) },
          { ...row, from: movedBy(from, -1) },
        ]),
    ...(until === undefined
      ? []
      : [
          { ...row, until: movedBy(until, 1) },
          { ...row, until: movedBy(until, -1) },
        ]),
  ];
}

function movedBy(time: string, days: number): string {
  return new Date(Date.parse(time) + days * 86_400_000).toISOString();
}

function onePercentMore(rate: PublishedRate | undefined): PublishedRate {
  if (rate === undefined) throw new Error("There is no rate to change.");
  return { ...rate, usd: Number(rate.usd) === 0 ? "0.01" : plain(Number(rate.usd) * 1.01) };
}

function changeFactor(row: MultiplierRow): MultiplierRow {
  return { ...row, multiply: plain(Number(row.multiply) * 1.01) };
}

function plain(value: number): string {
  return value.toFixed(12);
}

function names(row: PriceRow | MultiplierRow): string {
  return row.resources === "*" ? "*" : row.resources.join(" ");
}

function describeRow(row: PriceRow): string {
  const { tier, scopes, context, from } = row;
  return JSON.stringify({ tier, scopes, context, from });
}
