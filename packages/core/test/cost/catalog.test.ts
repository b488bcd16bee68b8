import { readFileSync } from "node:fs";

import { findProvider } from "@pydantic/genai-prices";
import { expect, test } from "vitest";

import { PROVIDER_IDS, compileCatalog } from "../../scripts/compile-catalog.ts";
import { catalog, catalogLayer } from "../../src/cost/catalog.ts";

const committed = new URL("../../src/cost/catalog.json", import.meta.url);
const review = new URL("../../scripts/catalog-review.txt", import.meta.url);

test("the committed catalogue is what the pinned package compiles to", () => {
  const fresh = compileCatalog();
  expect(JSON.parse(fresh.catalog)).toMatchObject({ hash: catalog.hash, source: catalog.source });
  expect(readFileSync(committed, "utf8")).toBe(fresh.catalog);
  expect(readFileSync(review, "utf8")).toBe(fresh.review);
});

test("no provider of the package is left out", () => {
  const shipped = readFileSync(new URL(import.meta.resolve("@pydantic/genai-prices")), "utf8");
  const candidates = new Set(
    [...shipped.matchAll(/\bid: ?"([a-z0-9_.-]+)"/g)].map((match) => match[1] ?? ""),
  );
  const providers = [...candidates].filter((id) => findProvider({ providerId: id })?.id === id);
  expect(providers.toSorted()).toEqual(PROVIDER_IDS.toSorted());
});

test("a number that is no published figure is not taken over, and stands on the review list", () => {
  const rates = catalogLayer().rows.flatMap((row) =>
    Object.values(row.units).flatMap((unit) => [unit.input, unit.output].flatMap((rate) => rate ?? [])),
  );
  expect(rates.length).toBeGreaterThan(3000);
  expect(rates.filter((rate) => !/^\d+(\.\d{1,12})?$/.test(rate.usd))).toEqual([]);
  const refused = readFileSync(review, "utf8")
    .split("\n")
    .filter((line) => line.includes("no published figure"));
  expect(refused).toHaveLength(7);
});

test("the package's licence travels with its prices", () => {
  expect(catalog.notice).toContain("MIT License");
  expect(catalog.notice).toContain("Pydantic Services Inc.");
});
