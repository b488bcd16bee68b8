import { afterAll, beforeAll, expect, test } from "vitest";

import { forgetUser } from "../../src/domain/forget-user.ts";
import { createKey, ensureKey } from "../../src/domain/keys.ts";
import { TEST_KEY, type TestServer, sonnet, startTestServer } from "../support.ts";
import { type TestStore, newEvent, onEachEngine, openTestStore } from "./support.ts";

const USER = 'jane "J" doe@example.com';
const DAY_MS = 86_400_000;
/** All of the time of the tests; its days are counted one by one. */
const SPAN = { application: "default", fromMs: 0, toMs: Date.UTC(2100), filter: {} };

onEachEngine("forgetting a user", (engine) => {
  let store: TestStore;
  let server: TestServer;
  let admin: Record<string, string>;

  beforeAll(async () => {
    store = await openTestStore(engine);
    await ensureKey(store, TEST_KEY, "test");
    const application = await store.application("default");
    if (application === undefined) throw new Error("The application is missing.");
    await store.changeApplication(
      { id: "default", settings: { ...application.settings, keepText: true } },
      "test",
    );
    server = await startTestServer({ store });
    admin = { "xProxy-api-key": (await createKey(store, "default", "admin", { scope: "admin" })).text };
  });
  afterAll(() => server.close());

  async function made(path: string, body: unknown, headers: Record<string, string> = {}): Promise<void> {
    const answer = await server.post(path, body, headers);
    expect([path, answer.status, answer.body.message]).toEqual([
      path,
      expect.toSatisfy((status) => status < 300),
      undefined,
    ]);
  }

  /** Leaves the user's id wherever it can come to stand. */
  async function leaveTraces(): Promise<void> {
    const limit = { max: 10, limit_type: "allow" };
    await made("/limits", { ...limit, limit_id: "each", limit_name: "each", per: "user_id" });
    await made("/limits", { ...limit, limit_id: "own", limit_name: "own", selector: { user_id: USER } });
    await made("/limits", { ...limit, limit_id: "bag", limit_name: "bag", properties: { owner: USER } });
    await made("/limits/each/top_up", { amount: 5, value: USER });
    await made("/use_cases/definitions", { name: "trails", description: "d" });
    await made("/use_cases/instances/trails", { user_id: USER });
    const call = {
      use_case_name: "trails",
      use_case_id: "i",
      user_id: USER,
      properties: { email: USER, "system.failure": "wrong", "system.failure.description": `${USER} says no` },
      use_case_properties: { opened_by: USER },
      provider_request_json: `I am ${USER}`,
    };
    await made("/ingest", sonnet(call), { "Idempotency-Key": "once" });
    const big = { text: { input: 1_000_000, output: 1_000_000 } };
    await made("/ingest/bulk", [
      sonnet({ ...call, units: big, event_timestamp: "2026-10-01T10:00:00Z" }),
      sonnet({ use_case_name: "trails", user_id: "somebody else" }),
      sonnet({ use_case_name: "trails" }),
    ]);
    await made("/holds", {
      hold_id: "01890000-0000-7000-8000-000000000001",
      context: { category: "system.anthropic", resource: "claude-sonnet-4-20250514", user_id: USER },
      estimate: { upper_bound: "0.5", worst_case: "0.5", input_tokens: 1, output_tokens: 1 },
    });
    await made("/reports", {
      name: "about one",
      filters: { user_id: USER, "property.email": USER },
    });
    await store.raiseAlerts("default", [
      {
        ruleId: "r",
        ruleName: "rule",
        kind: "limit_blocked",
        subject: `each ${USER}`,
        period: "p",
        title: `Limit each of ${USER} refuses calls`,
        body: `${USER}: spent.`,
        facts: { value: USER, used: "1" },
        channels: [],
      },
    ]);
  }

  test("leaves no trace of the id and every sum as it was, and says what it did", async () => {
    await leaveTraces();
    const before = await store.breakdown({ ...SPAN, groupBy: "user", limit: 10 });
    const limitBefore = await store.limit("default", "own");
    expect(await store.everything()).toContain("jane");
    expect(await store.verify()).toEqual([]);

    const { status, body } = await server.post("/users/forget", { user_id: USER }, admin);
    expect([status, body]).toEqual([
      200,
      {
        request_id: expect.any(String),
        application_id: "default",
        pseudonym: expect.stringMatching(/^forgotten-[0-9a-f]{16}$/),
        texts_deleted: 2,
        requests: 2,
        instances: 2,
        budgets: expect.any(Number),
        older_totals: 0,
        notes: expect.any(Number),
      },
    ]);
    expect([body.budgets > 2, body.notes > 3]).toEqual([true, true]);
    expect((await store.everything()).match(/.{0,40}jane.{0,40}/g)).toBeNull();
    expect(await store.verify()).toEqual([]);
    const after = await store.breakdown({ ...SPAN, groupBy: "user", limit: 10 });
    const renamed = before.rows.map((row) => ({ ...row, key: row.key === USER ? body.pseudonym : row.key }));
    expect(after).toEqual({ ...before, rows: renamed });
    expect((await store.limit("default", "own"))?.totals).toEqual(limitBefore?.totals);
    expect((await store.instance({ application: "default", useCase: "trails", id: "i" }))?.user).toBe(
      body.pseudonym,
    );
    await server.delete("/holds/01890000-0000-7000-8000-000000000001");
    expect(await store.verify()).toEqual([]);
  });

  test("stands in the audit log with who did it, once, and without whom it was about", async () => {
    const page = { limit: 10, ascending: false, after: undefined };
    const query = { application: "default", organization: true, action: "user.forgotten" };
    const entries = async () => (await store.audit(query, page)).items;
    expect(await entries()).toMatchObject([
      {
        actor: expect.stringContaining("key "),
        subject: expect.stringContaining("forgotten-"),
        after: { texts: 2, events: 2 },
      },
    ]);
    const { body } = await server.post("/users/forget", { user_id: USER }, admin);
    expect(body).toMatchObject({ texts_deleted: 0, requests: 0, instances: 0, budgets: 0, notes: 0 });
    expect(await entries()).toHaveLength(1);
  });

  test("goes on where it broke off, and sums agree in between", async () => {
    const events = [1, 2, 3].map((index) =>
      newEvent({ user: "broken", useCase: "u", instance: "b", timeMs: index * DAY_MS }),
    );
    await store.ingest(events);
    const step = { application: "default", user: "broken", pseudonym: "first", most: 2 };
    await store.forgetUser({ ...step, place: "events", after: "" });
    expect(await store.verify()).toEqual([]);
    const { pseudonym, places } = await forgetUser(store, "default", "broken", "test");
    expect(places).toMatchObject({ events: 1, instances: 1 });
    expect(await store.everything()).not.toContain("broken");
    expect(await store.verify()).toEqual([]);
    const { rows } = await store.breakdown({ ...SPAN, groupBy: "user", limit: 100 });
    expect(rows.filter(({ key }) => key === "first" || key === pseudonym)).toMatchObject([
      { key: "first", sums: { requests: 2 } },
      { key: pseudonym, sums: { requests: 1 } },
    ]);
  });

  test("reaches totals whose requests are gone, and no other application", async () => {
    await store.makeApplication("other");
    await store.ingest([
      newEvent({ user: "old", timeMs: DAY_MS }),
      newEvent({ user: "old", timeMs: DAY_MS, application: "other" }),
    ]);
    const nowMs = Date.now();
    const removal = { application: "default", beforeMs: 100 * DAY_MS, nowMs, most: 1000 };
    await store.retain({ ...removal, kind: "events" });
    const { pseudonym, places } = await forgetUser(store, "default", "old", "test");
    expect(places).toMatchObject({ events: 0, totals: 1 });
    const keys = async (application: string) =>
      (await store.breakdown({ ...SPAN, application, groupBy: "user", limit: 100 })).rows.map(
        ({ key }) => key,
      );
    expect(await keys("other")).toEqual(["old"]);
    expect(await keys("default")).toContain(pseudonym);
    expect(await keys("default")).not.toContain("old");
    expect(await store.verify()).toEqual([]);
  });

  test("an account or an amount that reads like the id stays", async () => {
    await store.ingest([newEvent({ user: "7", account: "7", properties: { size: "8" } })]);
    await forgetUser(store, "default", "7", "test");
    const accounts = await store.breakdown({ ...SPAN, groupBy: "account", limit: 100 });
    expect(accounts.rows.map(({ key }) => key)).toContain("7");
    const { body } = await server.post("/users/forget", { user_id: "" }, admin);
    expect(body.message).toContain("user_id");
  });
});
