import { afterAll, beforeAll, expect, test } from "vitest";

import { type TestServer, request, sonnet, startTestServer } from "../support.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  const times = [
    "2026-10-24T21:59:59Z",
    "2026-10-24T22:00:00Z",
    "2026-10-25T22:59:59Z",
    "2026-10-25T23:00:00Z",
  ];
  await server.post(
    "/ingest/bulk",
    times.map((time) => sonnet({ event_timestamp: time, use_case_name: "u" })),
  );
  await request(`${server.url}/api/v1/settings`, "PUT", { time_zone: "Europe/Berlin" });
});
afterAll(() => server.close());

const SPAN = "from=2026-10-23T22:00:00Z&to=2026-10-26T23:00:00Z";

async function text(path: string): Promise<string> {
  const response = await fetch(`${server.url}/api/v1${path}`);
  return response.text();
}

test("charts by day are drawn by the days of the application's reporting zone", async () => {
  const { body } = await server.get(`/analytics/series?granularity=day&${SPAN}`);
  expect(body).toMatchObject({
    time_zone: "Europe/Berlin",
    buckets: ["2026-10-23T22:00:00.000Z", "2026-10-24T22:00:00.000Z", "2026-10-25T23:00:00.000Z"],
  });
  expect(body.total.map((point: { requests: number }) => point.requests)).toEqual([1, 2, 1]);
  expect((await server.get("/analytics/status")).body.time_zone).toBe("Europe/Berlin");
});

test("CSV and reports say when a day begins by the clocks of the zone", async () => {
  const csv = await text(`/analytics/series?granularity=day&${SPAN}&format=csv`);
  expect(csv.split(/\r?\n/).map((line) => line.split(",")[0])).toEqual([
    "time",
    "2026-10-24T00:00:00+02:00",
    "2026-10-25T00:00:00+02:00",
    "2026-10-26T00:00:00+01:00",
    "",
  ]);
  const { body } = await server.post("/reports", { name: "days", group_by: "use_case", granularity: "day" });
  const report = await server.get(`/reports/${body.report_id}?format=json&${SPAN}`);
  expect(report.body.rows.map((row: readonly unknown[]) => row[0])).toEqual([
    "2026-10-24T00:00:00+02:00",
    "2026-10-25T00:00:00+02:00",
    "2026-10-26T00:00:00+01:00",
  ]);
});

test("a zone keeps the name that it was given", async () => {
  const names = ["Asia/Kolkata", "europe/berlin"].map(async (name) => {
    const answer = await request(`${server.url}/api/v1/settings`, "PUT", { time_zone: name });
    return answer.body.settings.time_zone as string;
  });
  expect(await Promise.all(names)).toEqual(["Asia/Kolkata", "Europe/Berlin"]);
});

test("hours are those of UTC", async () => {
  const { body } = await server.get(`/analytics/series?granularity=hour&${SPAN}`);
  expect(body.buckets).toHaveLength(73);
  expect(body.buckets[0]).toBe("2026-10-23T22:00:00.000Z");
});
