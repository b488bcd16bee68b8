import { builtInPriceBook, price } from "@payi/core/cost";
import { type IngestEvent, checkScore, decodeIngestItem, encodeBulkItem } from "@payi/core/wire";
import { expect, test } from "vitest";

import { generateDemo } from "../../src/demo/generate-demo.ts";

const NOW_MS = Date.UTC(2026, 10, 21, 18, 30);
const DAY_MS = 86_400_000;
const options = { days: 7, seed: 1, nowMs: NOW_MS };

function events(changes: Partial<typeof options> = {}): readonly IngestEvent[] {
  return [...generateDemo({ ...options, ...changes }).events];
}

function countBy(list: readonly IngestEvent[], key: (event: IngestEvent) => unknown): Map<unknown, number> {
  const counts = new Map<unknown, number>();
  for (const event of list) counts.set(key(event), (counts.get(key(event)) ?? 0) + 1);
  return counts;
}

test("the same options make the same traffic, another seed makes another one", () => {
  expect(events()).toEqual(events());
  expect([...generateDemo(options).scores]).toEqual([...generateDemo(options).scores]);
  const others = new Set(events({ seed: 2 }).map((event) => event.providerResponseId));
  expect(events().some((event) => others.has(event.providerResponseId))).toBe(false);
});

test("a day that was loaded before brings no new id when it is loaded again a day later", () => {
  const nightBefore = Math.floor(NOW_MS / DAY_MS) * DAY_MS - 3_600_000;
  const known = new Set(events().map(nameOf));
  const again = events({ nowMs: NOW_MS + DAY_MS }).filter((event) => (event.eventTimeMs ?? 0) < nightBefore);
  expect(again.length).toBeGreaterThan(1000);
  expect(again.filter((event) => !known.has(nameOf(event)))).toEqual([]);
});

function nameOf({ providerResponseId, useCaseId, useCaseName, userId }: IngestEvent): string {
  return [providerResponseId, useCaseId, useCaseName, userId].join(" ");
}

test("every id is unique", () => {
  const list = events({ days: 30 });
  expect(new Set(list.map((event) => event.providerResponseId)).size).toBe(list.length);
});

test("nothing is in the future, nothing older than the days asked for", () => {
  const times = events().map((event) => event.eventTimeMs ?? Number.NaN);
  expect(Math.max(...times)).toBeLessThanOrEqual(NOW_MS);
  expect(Math.min(...times)).toBeGreaterThanOrEqual(NOW_MS - 7 * DAY_MS);
});

test("every event is marked as seeded and is one the platform accepts", () => {
  for (const event of events()) {
    expect(event.properties?.["system.seeded"]).toBe("true");
    const decoded = decodeIngestItem(JSON.parse(JSON.stringify(encodeBulkItem(event))));
    expect(decoded.providerResponseId).toBe(event.providerResponseId);
  }
});

test("every score fits a KPI of its use case and belongs to an instance with events", () => {
  const { kpis } = generateDemo(options);
  const instances = new Set(events().map((event) => event.useCaseId));
  for (const { useCaseName, useCaseId, kpiName, score } of generateDemo(options).scores) {
    const known = kpis.find(({ useCaseName: name, kpi }) => name === useCaseName && kpi.name === kpiName);
    expect(known, `${useCaseName} ${kpiName}`).toBeDefined();
    if (known !== undefined) checkScore(known.kpi.kpiType, Number(score));
    expect(instances.has(useCaseId)).toBe(true);
  }
});

test("every model has a price but the one that is meant to have none", () => {
  const unpriced = new Set<string>();
  for (const { category, resource = "", units, eventTimeMs = 0 } of events()) {
    const { status } = price({ category, resource, units, timeMs: eventTimeMs }, builtInPriceBook());
    if (status !== "priced") unpriced.add(`${resource} ${status}`);
  }
  expect([...unpriced]).toEqual(["trail-judge-preview unknown_model"]);
});

test("traffic looks like traffic", () => {
  const list = events({ days: 28 });
  expect(list.length / 28).toBeGreaterThan(330);
  expect(list.length / 28).toBeLessThan(470);
  const people = [...countBy(list, (event) => event.userId).values()].toSorted((a, b) => b - a);
  expect(people).toHaveLength(12);
  expect(people[0]).toBeGreaterThan(5 * (people[11] ?? 0));
  expect(countBy(list, (event) => event.accountName).size).toBe(4);
  expect(countBy(list, (event) => event.useCaseName).size).toBe(4);
  expect([...countBy(list, (event) => event.useCaseVersion).keys()]).toEqual([1, 2]);
  const byHour = countBy(list, (event) => new Date(event.eventTimeMs ?? 0).getUTCHours());
  expect(byHour.get(2)).toBeGreaterThan(3 * (byHour.get(10) ?? 0));
  const statuses = countBy(list, (event) => event.httpStatusCode);
  expect(new Set(statuses.keys())).toEqual(new Set([200, 299, 429, 500]));
  const outcomes = countBy(list, (event) => event.properties?.["system.outcome"]);
  expect(outcomes.get("aborted")).toBeGreaterThan(20);
  expect(list.some((event) => event.properties?.["system.failure"] === "invalid_answer")).toBe(true);
  expect(list.some((event) => "web_search_request" in event.units)).toBe(true);
  expect(list.some((event) => "text_cache_write" in event.units)).toBe(true);
  expect(list.some((event) => event.timeToFirstTokenMs !== undefined)).toBe(true);
});

test("a year is generated without being held", () => {
  let count = 0;
  for (const event of generateDemo({ ...options, days: 365 }).events)
    count += Object.keys(event).length > 0 ? 1 : 0;
  expect(count).toBeGreaterThan(100_000);
});
