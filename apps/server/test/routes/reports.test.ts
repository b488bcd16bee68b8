import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { TEST_KEY, type TestServer, sonnet, startTestServer } from "../support.ts";

const SPAN = "from=2026-11-01T00:00:00Z&to=2026-11-03T00:00:00Z";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  const calls = [
    { event_timestamp: "2026-11-01T05:00:00Z", user_id: "jane", use_case_name: "sales", use_case_id: "i" },
    { event_timestamp: "2026-11-01T06:00:00Z", user_id: "jane" },
    { event_timestamp: "2026-11-02T05:00:00Z", user_id: "=cmd|'/c calc'!A1" },
    { event_timestamp: "2026-11-02T06:00:00Z", resource: "unheard-of", properties: { team: "a,b" } },
  ];
  await server.post("/ingest/bulk", calls.map(sonnet));
});
afterAll(() => server.close());

async function csv(
  path: string,
): Promise<{ readonly type: string | null; readonly lines: readonly string[] }> {
  const answer = await fetch(`${server.url}/api/v1${path}`, { headers: { "xProxy-api-key": TEST_KEY } });
  expect(answer.status).toBe(200);
  return {
    type: answer.headers.get("content-type"),
    lines: (await answer.text()).split("\r\n").slice(0, -1),
  };
}

async function save(report: Record<string, unknown>): Promise<string> {
  const { status, body } = await server.post("/reports", { name: "r", ...report });
  expect(status).toBe(201);
  return body.report_id;
}

describe("GET /reports/{report_id}", () => {
  test("is CSV with the header of its fields, as the contract shows it", async () => {
    const id = await save({ group_by: "category" });
    expect(await csv(`/reports/${id}?${SPAN}`)).toEqual({
      type: "text/csv; charset=utf-8",
      lines: [
        "Day,Category,Spend",
        "2026-11-01T00:00:00Z,system.anthropic,0.009",
        "2026-11-02T00:00:00Z,system.anthropic,0.0045",
      ],
    });
  });

  test("tells what has no value apart, an unknown cost as nothing, and no formula", async () => {
    const id = await save({
      group_by: "user",
      granularity: "none",
      fields: ["requests", "spend", "unpriced"],
    });
    expect((await csv(`/reports/${id}?${SPAN}`)).lines).toEqual([
      "User,Requests,Spend,Unpriced requests",
      "jane,2,0.009,0",
      "'=cmd|'/c calc'!A1,1,0.0045,0",
      ",1,,1",
    ]);
  });

  test("is narrowed by its filters, properties too, and by a property as group", async () => {
    const filtered = await save({ filters: { user_id: "jane" }, granularity: "none", fields: ["requests"] });
    expect((await csv(`/reports/${filtered}?${SPAN}`)).lines).toEqual(["Use case,Requests", "sales,1", ",1"]);
    const filters = { "property.team": "a,b" };
    const team = await save({
      group_by: "property:team",
      filters,
      fields: ["requests"],
      granularity: "hour",
    });
    expect((await csv(`/reports/${team}?${SPAN}`)).lines).toEqual([
      "Hour,team,Requests",
      '2026-11-02T06:00:00Z,"a,b",1',
    ]);
  });

  test("is JSON where the report or the question says so", async () => {
    const id = await save({ group_by: "category", granularity: "none", format: "json", days: 2000 });
    const { body } = await server.get(`/reports/${id}`);
    expect(body).toMatchObject({
      report_id: id,
      columns: ["Category", "Spend"],
      rows: [["system.anthropic", "0.0135"]],
    });
    expect((await csv(`/reports/${id}?format=csv`)).lines[1]).toBe("system.anthropic,0.0135");
  });

  test("refuses what it cannot answer", async () => {
    const id = await save({ granularity: "hour" });
    for (const [path, status, code] of [
      [`/reports/${id}?from=2020-01-01T00:00:00Z`, 400, "request_processing_error"],
      [`/reports/${id}?format=xml`, 400, "request_processing_error"],
      [`/reports/${id}?from=soon`, 400, "request_processing_error"],
      ["/reports/nope", 404, "report_not_found"],
      ["/reports/nope/definition", 404, "report_not_found"],
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const { status: found, body } = await server.get(path);
      expect([path, found, body.xproxy_error.code]).toEqual([path, status, code]);
    }
  });
});

describe("definitions of reports", () => {
  test("are saved, read, replaced and deleted", async () => {
    const id = await save({ group_by: "user", days: 7 });
    expect((await server.get(`/reports/${id}/definition`)).body).toMatchObject({
      name: "r",
      group_by: "user",
      granularity: "day",
      fields: ["spend"],
      filters: {},
      days: 7,
      format: "csv",
    });
    await server.put(`/reports/${id}`, { name: "renamed", group_by: "account" });
    const { body: list } = await server.get("/reports?limit=1000");
    expect(list.items).toContainEqual(
      expect.objectContaining({ report_id: id, name: "renamed", group_by: "account" }),
    );
    expect((await server.delete(`/reports/${id}`)).body.report_id).toBe(id);
    expect((await server.get(`/reports/${id}`)).status).toBe(404);
  });

  test.each([
    {},
    { name: "r", group_by: "colour" },
    { name: "r", fields: ["spend", "spend"] },
    { name: "r", fields: [] },
    { name: "r", fields: ["profit"] },
    { name: "r", filters: { colour: "red" } },
    { name: "r", filters: { user_id: 5 } },
    { name: "r", days: 0 },
    { name: "r", format: "xlsx" },
    { name: "r", granularity: "week" },
  ])("%j is refused", async (report) => {
    expect((await server.post("/reports", report)).status).toBe(400);
  });
});

describe("format=csv", () => {
  test("of breakdown and series tells groups and what is left apart by kind", async () => {
    const { lines } = await csv(`/analytics/breakdown?group_by=user&limit=1&${SPAN}&format=csv`);
    expect(lines.map((line) => line.split(",").slice(0, 3).join())).toEqual([
      "user,kind,requests",
      "jane,value,2",
      ",other,1",
      ",unattributed,1",
    ]);
    const series = await csv(`/analytics/series?group_by=category&granularity=day&${SPAN}&format=csv`);
    expect(series.lines.slice(1).map((line) => line.split(",").slice(0, 4))).toEqual([
      ["2026-11-01T00:00:00.000Z", "system.anthropic", "value", "2"],
      ["2026-11-02T00:00:00.000Z", "system.anthropic", "value", "2"],
    ]);
  });

  test("of requests and instances holds all of the period, whatever the limit says", async () => {
    const requests = await csv(`/analytics/requests?${SPAN}&limit=1&format=csv`);
    expect(requests.lines).toHaveLength(5);
    expect(requests.lines[0]).toMatch(/^request_id,time,category,/);
    expect(requests.lines[1]).toContain('"{""text"":{""input"":1000,""output"":100}}"');
    const instances = await csv(`/analytics/instances?${SPAN}&format=csv`);
    expect(instances.lines).toHaveLength(2);
  });

  test("is refused where it is another word", async () => {
    expect((await server.get("/analytics/requests?format=xml")).status).toBe(400);
  });
});
