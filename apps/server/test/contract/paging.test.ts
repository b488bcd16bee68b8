import { afterAll, beforeAll, expect, test } from "vitest";

import { type TestServer, request, sonnet, startTestServer } from "../support.ts";

const COUNT = 2500;
const numbers = Array.from({ length: COUNT }, (_, index) => index);

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  const { store } = server;
  const application = "default";
  const everybody = { limit_id: "everybody", limit_name: "everybody", max: 1, per: "user_id" };
  await server.post("/limits", everybody);
  const events = numbers.map((index) => {
    const context = { use_case_name: `case_${index}`, use_case_id: "one", user_id: `u${index}` };
    return sonnet({ ...context, limit_ids: ["everybody"] });
  });
  await server.post("/ingest/bulk", events);
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
  const policy = { application, useCase: "case_0", description: "", money: "1", time: null, activate: false };
  const channel = { application, kind: "webhook", target: "t", secret: "s", enabled: false } as const;
  const rule = { application, kind: "unpriced", condition: "{}", channels: [], enabled: false } as const;
  const job = { application, actor: "a", scope: { fromMs: 0, toMs: 1 }, reason: "r", book: "b" };
  const entry = { application, actor: "a", action: "many.changed", before: null };
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
      store.createCustomResource({ ...resource, resource: "versions", startMs: index }, "test"),
      store.createCustomResource(
        { ...resource, category: `many_${index}`, resource: "m", startMs: 0 },
        "test",
      ),
      store.createValuePolicy({ ...policy, actor: "a" }),
      store.createAlertChannel({ ...channel, name: `channel ${index}` }, "a"),
      store.createAlertRule({ ...rule, name: `rule ${index}` }, "a"),
      store.createRepriceJob(job),
      store.recordChange({ ...entry, subject: `s${index}`, after: index }),
    ]),
  );
  await Promise.all(
    numbers.map((index) => store.recordScore({ ...place, kpi: `kpi_${index}`, score: index })),
  );
});
afterAll(() => server.close());

test.each([
  "/limits",
  "/limits/everybody/windows",
  "/use_cases/definitions",
  "/use_cases/definitions/case_0/kpis",
  "/use_cases/instances/case_0/one/kpis",
  "/value-policies",
  "/analytics/requests",
  "/analytics/instances",
  "/categories",
  "/categories/many/resources",
  "/categories/many/resources/versions",
  "/reports",
  "/reprice",
  "/alerts/channels",
  "/alerts/rules",
  "/audit?action=many",
])("%s is read to its end, each item once, in both directions", async (list) => {
  const path = list.includes("?") ? `${list}&` : `${list}?`;
  const ascending = await readAll(`${path}limit=1000&sort_ascending=true`);
  expect(new Set(ascending).size).toBe(ascending.length);
  // Other tests' own, and what the platform brings along, may stand among them.
  expect(ascending.length).toBeGreaterThanOrEqual(COUNT);
  const descending = await readAll(`${path}limit=999&sort_ascending=false`);
  expect(descending).toEqual(ascending.toReversed());
});

/** As Pay-i's SDK reads a list: on with the cursor, while there is one and there are items. */
async function readAll(path: string): Promise<readonly string[]> {
  const items: string[] = [];
  let cursor: string | null = "";
  let found = 1;
  while (cursor !== null && found > 0) {
    const page: string = cursor === "" ? path : `${path}&cursor=${cursor}`;
    // oxlint-disable-next-line no-await-in-loop -- each page names the next
    const { status, body } = await (page.startsWith("/audit")
      ? // A key of the application reads no changes; whoever sits at this machine may.
        request(`${server.url}/api/v1${page}`, "GET")
      : server.get(page));
    expect(status).toBe(200);
    expect(cursor).toMatch(/^[\w-]*$/);
    for (const { request_id: _request, ...item } of body.items) items.push(JSON.stringify(item));
    found = body.items.length;
    cursor = body.cursor === "" ? null : body.cursor;
  }
  return items;
}
