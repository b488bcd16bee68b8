import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { type Answer, type TestServer, sonnet, startTestServer } from "../support.ts";

const POLICIES = "/value-policies";
const SALES = { use_case_name: "sales", money: "if(kpi.resolved, 12.50, 0)", time: "kpi.resolved * 15" };

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.post("/use_cases/definitions", { name: "sales", description: "d" });
  const kpi = { name: "resolved", description: "d", kpi_type: "boolean", goal: 1 };
  await server.post("/use_cases/definitions/sales/kpis", kpi);
  // One dollar each: three scored, two of them resolved, and one that nobody scored.
  for (const [id, score] of [
    ["a", true],
    ["b", true],
    ["c", false],
    ["d", undefined],
  ] as const) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await server.post("/ingest", dollar("sales", id));
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    if (score !== undefined) await server.put(`/use_cases/instances/sales/${id}/kpis/resolved`, { score });
  }
});
afterAll(() => server.close());

function dollar(useCase: string, id: string): Record<string, unknown> {
  const units = { text: { input: 300_000, output: 6_666 }, web_search_request: { input: 0, output: 0 } };
  return sonnet({ use_case_name: useCase, use_case_id: id, units });
}

const valueOf = async (id: string): Promise<Answer["body"]> =>
  (await server.get(`/use_cases/instances/sales/${id}/value`)).body;

describe("the value of an instance", () => {
  test("is unknown without a policy", async () => {
    expect(await valueOf("a")).toMatchObject({
      money: null,
      time: null,
      value_policy_id: null,
      unknown: ["the use case has no value policy in force"],
    });
  });

  test("follows the policy in force, as number and exact text, and is unknown without a score", async () => {
    const { status, body: policy } = await server.post(POLICIES, SALES);
    expect([status, policy.version, policy.active, policy.warnings]).toEqual([201, 1, true, []]);
    expect(await valueOf("a")).toMatchObject({
      money: 12.5,
      money_decimal: "12.5",
      time: 15,
      time_decimal: "15",
      policy_version: 1,
      unknown: [],
    });
    expect(await valueOf("c")).toMatchObject({ money: 0, money_decimal: "0", time: 0 });
    expect(await valueOf("d")).toMatchObject({
      money: null,
      money_decimal: null,
      unknown: ['the KPI "resolved" has no score'],
    });
  });

  test("is a 404 where there is no such instance", async () => {
    const { status, body } = await server.get("/use_cases/instances/sales/nope/value");
    expect([status, body.xproxy_error.code]).toEqual([404, "use_case_instance_not_found"]);
  });
});

describe("value policies", () => {
  test("are tried on the past beside what is in force, and change nothing", async () => {
    const trial = { ...SALES, money: "known(kpi.resolved, 0) * 100", days: 2 };
    const { body } = await server.post(`${POLICIES}/preview`, trial);
    expect(body.total).toMatchObject({ instances: 4, with_money: 4, money: "200", with_time: 3 });
    expect(body.unknown).toEqual([{ reason: 'the KPI "resolved" has no score', instances: 1 }]);
    expect(body.current).toMatchObject({ policy_version: 1, total: { money: "25", with_money: 3 } });
    expect((await valueOf("a")).money).toBe(12.5);
  });

  test("go in and out of force by version", async () => {
    const { body: second } = await server.post(POLICIES, { ...SALES, money: "1", activate: false });
    expect((await valueOf("a")).money).toBe(12.5);
    await server.post(`${POLICIES}/${second.value_policy_id}/activate`);
    expect(await valueOf("a")).toMatchObject({ money: 1, policy_version: 2 });
    const { body: list } = await server.get(`${POLICIES}?use_case_name=sales`);
    expect(list.items.map((item: { active: boolean }) => item.active)).toEqual([true, false]);
    await server.post(`${POLICIES}/${second.value_policy_id}/deactivate`);
    expect((await valueOf("a")).money).toBeNull();
    await server.post(`${POLICIES}/${list.items[1].value_policy_id}/activate`);
    const { body: read } = await server.get(`${POLICIES}/${second.value_policy_id}`);
    expect(read).toMatchObject({ money: "1", active: false, version: 2 });
  });

  test("warn of KPIs that the use case does not have", async () => {
    const { body } = await server.post(POLICIES, { ...SALES, money: "kpi.stars", activate: false });
    expect(body.warnings).toEqual([expect.stringContaining('"stars"')]);
  });

  test.each([
    [{ use_case_name: "sales" }, 400, "required_field_missing"],
    [{ use_case_name: "sales", money: "process.exit()" }, 400, "invalid_value_policy"],
    [{ use_case_name: "nope", money: "1" }, 404, "use_case_not_found"],
    [{ money: "1" }, 400, "required_field_missing"],
    [{ use_case_name: "sales", money: 5 }, 400, "request_processing_error"],
  ])("refuse %j", async (policy, status, code) => {
    const answer = await server.post(POLICIES, policy);
    expect([answer.status, answer.body.xproxy_error.code]).toEqual([status, code]);
    const preview = await server.post(`${POLICIES}/preview`, policy);
    expect([preview.status, preview.body.xproxy_error.code]).toEqual([status, code]);
  });

  test("that are not there are a 404", async () => {
    for (const { status, body } of [
      await server.get(`${POLICIES}/nope`),
      await server.post(`${POLICIES}/nope/activate`),
    ]) {
      expect([status, body.xproxy_error.code]).toEqual([404, "value_policy_not_found"]);
    }
  });
});

describe("GET /analytics/value", () => {
  test("tells value and return by use case and version, over what is known alone", async () => {
    await server.post("/use_cases/definitions/sales/increment_version");
    await server.post("/ingest", dollar("sales", "e"));
    await server.put("/use_cases/instances/sales/e/kpis/resolved", { score: true });
    // A call without a price: its value is known, its return is not.
    await server.post("/ingest", { ...dollar("sales", "e2"), resource: "unheard-of" });
    await server.put("/use_cases/instances/sales/e2/kpis/resolved", { score: true });
    const { body } = await server.get("/analytics/value");
    expect(body.use_cases).toHaveLength(1);
    const [sales] = body.use_cases;
    const cost = Number(sales.versions[0].cost) / 4;
    expect(sales.total).toMatchObject({ instances: 6, with_money: 5, money: "50", time: "60" });
    expect(sales.versions).toMatchObject([
      { use_case_version: 1, instances: 4, with_money: 3, money: "25" },
      { use_case_version: 2, instances: 2, with_money: 2, money: "25" },
    ]);
    expect(Number(sales.versions[0].roi)).toBeCloseTo(25 / (3 * cost), 5);
    expect(Number(sales.versions[1].roi)).toBeCloseTo(12.5 / cost, 5);
    expect((await server.get("/analytics/value?use_case_name=other")).body.use_cases).toEqual([]);
  });
});
