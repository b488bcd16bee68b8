/** The requests that a limit was charged with, and what its ladder saved on them. */
import { type StepSaving, encodeStepSavings } from "@payi/core/wire";
import { afterAll, beforeAll, expect, test } from "vitest";

import { onEachEngine, openTestStore } from "../store/support.ts";
import { type TestServer, request, sonnet, startTestServer } from "../support.ts";

const MILLI = 10n ** 15n;

onEachEngine("the requests of a limit", (engine) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ store: await openTestStore(engine) });
  });
  afterAll(() => server.close());

  async function makeLimit(fields: Record<string, unknown>): Promise<string> {
    const { status, body } = await server.post("/limits", { max: 10, ...fields });
    expect(status).toBe(201);
    return body.limit.limit_id;
  }

  async function spend(id: string, fields: Record<string, unknown> = {}): Promise<void> {
    const { status } = await server.post("/ingest", sonnet({ provider_response_id: id, ...fields }));
    expect(status).toBe(200);
  }

  async function listed(limitId: string, more = ""): Promise<readonly string[]> {
    const { status, body } = await server.get(`/analytics/requests?limit_id=${limitId}${more}`);
    expect(status).toBe(200);
    return body.items.map((item: Record<string, string>) => item["user_id"]).toSorted();
  }

  test("the requests of a limit are those that it was charged with: by name, by condition, and the ones it refused", async () => {
    const named = await makeLimit({ limit_name: "named" });
    const matching = await makeLimit({
      limit_name: "matching",
      limit_type: "block",
      selector: { account_name: "acme" },
    });
    await spend("one", { user_id: "ann", limit_ids: [named] });
    await spend("two", { user_id: "ben", account_name: "acme" });
    await spend("three", { user_id: "cem", account_name: "acme", limit_ids: [named] });
    await spend("four", {
      user_id: "dan",
      account_name: "acme",
      units: {},
      properties: { "system.outcome": "refused", "system.refused_by": matching },
    });
    await spend("five", { user_id: "eva" });
    expect(await listed(named)).toEqual(["ann", "cem"]);
    expect(await listed(matching)).toEqual(["ben", "cem", "dan"]);
    expect(await listed(matching, "&outcome=refused")).toEqual(["dan"]);
    expect(await listed("nobody's")).toEqual([]);
    const { body } = await server.get(`/analytics/breakdown?group_by=user&limit_id=${named}`);
    expect(body.total).toMatchObject({ requests: 2, cost: "0.009" });
  });

  test("another application's limit lists nothing", async () => {
    const named = await makeLimit({ limit_name: "of the first" });
    await spend("of-the-first", { user_id: "ann", limit_ids: [named] });
    const path = `${server.url}/api/v1`;
    const other = await request(`${path}/applications`, "POST", { name: "Other" }, { origin: server.url });
    expect(other.status).toBe(201);
    const key = { "xproxy-api-key": other.body.keys[0].api_key };
    const answer = await request(`${path}/analytics/requests?limit_id=${named}`, "GET", undefined, key);
    expect([answer.status, answer.body.items]).toEqual([200, []]);
  });

  test("a limit adds up what each step of its ladder saved, and leaves out the steps of others", async () => {
    const ladder = [
      { at: 0.5, action: "switch_model", from: "gpt-5", model: "gpt-5-mini" },
      { at: 0.8, action: "cap_output", max_output_tokens: 100 },
    ];
    const limit = await makeLimit({ limit_name: "degrading", selector: { user_id: "dia" }, ladder });
    const step = (fields: Partial<StepSaving>): StepSaving => ({
      limitId: limit,
      at: 0.5,
      action: "switch_model",
      saved: MILLI,
      atMost: false,
      ...fields,
    });
    const told = [
      [step({})],
      [step({ saved: 2n * MILLI }), step({ at: 0.8, action: "cap_output", saved: 3n * MILLI, atMost: true })],
      [step({ saved: undefined }), step({ limitId: "another", saved: 9n * MILLI })],
      [step({ at: 0.8, action: "cap_output", saved: 0n })],
    ];
    for (const [index, steps] of told.entries()) {
      const properties = { "system.ladder_steps": encodeStepSavings(steps) };
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await spend(`stepped-${index}`, { user_id: "dia", properties });
    }
    await spend("free text", { user_id: "dia", properties: { "system.ladder_steps": "none" } });
    const { status, body } = await server.get(`/limits/${limit}/ladder`);
    expect(status).toBe(200);
    expect(body.steps).toEqual([
      { at: 0.5, action: "switch_model", calls: 3, saved: "0.003", saved_at_most: "0.003", unknown_calls: 1 },
      { at: 0.8, action: "cap_output", calls: 2, saved: "0", saved_at_most: "0.003", unknown_calls: 0 },
    ]);
    expect((await server.get(`/limits/${limit}/ladder?to=2020-01-01T00:00:00Z`)).body.steps).toEqual([]);
    expect((await server.get("/limits/nobody/ladder")).status).toBe(404);
  });
});
