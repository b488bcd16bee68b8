import { afterAll, beforeAll, expect, test } from "vitest";

import { type TestServer, sonnet, startTestServer } from "../support.ts";

const COUNT = 2500;
const numbers = Array.from({ length: COUNT }, (_, index) => index);

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  const { store } = server;
  const application = "default";
  await server.post(
    "/ingest/bulk",
    numbers.map((index) => sonnet({ use_case_name: `case_${index}`, use_case_id: "one" })),
  );
  const limit = { application, max: 1n, limitType: "allow", threshold: undefined, properties: {} } as const;
  const kpi = { application, useCase: "case_0", description: "d", kpiType: "number", goal: 1 } as const;
  const resource = {
    category: "many",
    units: { text: { input: "1" } },
    maxInputUnits: null,
    maxOutputUnits: null,
    maxTotalUnits: null,
  };
  const place = { application, useCase: "case_0", instance: "one", seeded: false };
  const definition = {
    group_by: "user",
    granularity: "none",
    fields: ["spend"],
    filters: {},
    days: 1,
    format: "csv",
  } as const;
  await Promise.all(
    numbers.flatMap((index) => [
      store.createLimit({ ...limit, id: undefined, name: `limit ${index}` }),
      store.createKpi({ ...kpi, name: `kpi_${index}`, seeded: false }),
      store.createCustomResource({ ...resource, resource: `model_${index}`, startMs: 0 }, "test"),
      store.createReport({ application, name: `report ${index}`, definition }),
    ]),
  );
  await Promise.all(
    numbers.map((index) => store.recordScore({ ...place, kpi: `kpi_${index}`, score: index })),
  );
});
afterAll(() => server.close());

test.each([
  "/limits",
  "/use_cases/definitions",
  "/use_cases/definitions/case_0/kpis",
  "/use_cases/instances/case_0/one/kpis",
  "/analytics/requests",
  "/analytics/instances",
  "/categories/many/resources",
  "/reports",
])("%s is read to its end, each item once, in both directions", async (path) => {
  const ascending = await readAll(`${path}?limit=1000&sort_ascending=true`);
  expect(new Set(ascending).size).toBe(COUNT);
  expect(ascending).toHaveLength(COUNT);
  const descending = await readAll(`${path}?limit=999&sort_ascending=false`);
  expect(descending).toEqual(ascending.toReversed());
});

/** As Pay-i's SDK reads a list: on with the cursor, while there is one and there are items. */
async function readAll(path: string): Promise<readonly string[]> {
  const items: string[] = [];
  let cursor: string | null = "";
  let found = 1;
  while (cursor !== null && found > 0) {
    const page = cursor === "" ? path : `${path}&cursor=${cursor}`;
    // oxlint-disable-next-line no-await-in-loop -- each page names the next
    const { status, body } = await server.get(page);
    expect(status).toBe(200);
    expect(cursor).toMatch(/^[\w-]*$/);
    for (const { request_id: _request, ...item } of body.items) items.push(JSON.stringify(item));
    found = body.items.length;
    cursor = body.cursor === "" ? null : body.cursor;
  }
  return items;
}
