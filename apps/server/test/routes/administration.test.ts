import { DatabaseSync } from "node:sqlite";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { createKey } from "../../src/domain/keys.ts";
import { type Answer, TEST_KEY, type TestServer, request, sonnet, startTestServer } from "../support.ts";

let server: TestServer;
let adminKey: string;
beforeAll(async () => {
  server = await startTestServer();
  adminKey = (await createKey(server.store, "default", "administration", { scope: "admin" })).text;
});
afterAll(() => server.close());

/** Asks with a key, about an application if one is named. */
function ask(method: string, path: string, key: string, body?: unknown, more = {}): Promise<Answer> {
  const headers = { "xproxy-api-key": key, ...more };
  return request(`${server.url}/api/v1${path}`, method, body, headers);
}

const administer = (method: string, path: string, body?: unknown, more = {}): Promise<Answer> =>
  ask(method, path, adminKey, body, more);

const about = (application: string): Record<string, string> => ({ "x-payi-application": application });

describe("an application", () => {
  test("comes with two full keys of its own, and sees nothing of another", async () => {
    const { status, body } = await administer("POST", "/applications", { name: "Shop", group: "retail" });
    expect(status).toBe(201);
    expect(body.application).toMatchObject({ name: "Shop", group: "retail", archived_timestamp: null });
    const [first, second] = body.keys.map((key: { api_key: string }) => key.api_key);
    expect((await ask("POST", "/ingest", first, sonnet({ user_id: "jane" }))).status).toBe(200);
    expect((await ask("GET", "/analytics/status", second)).body).toMatchObject({
      application: "Shop",
      events: 1,
    });
    expect((await ask("GET", "/analytics/status", TEST_KEY)).body.events).toBe(0);
    const named = await ask(
      "GET",
      "/analytics/status",
      TEST_KEY,
      undefined,
      about(body.application.application_id),
    );
    const missing = await ask("GET", "/analytics/status", TEST_KEY, undefined, about("nowhere"));
    expect([named.status, missing.status]).toEqual([404, 404]);
  });

  test("that is closed lets nobody in, and keeps what it has", async () => {
    const { body } = await administer("POST", "/applications", { name: "Old", application_id: "old" });
    const key = body.keys[0].api_key;
    expect((await ask("POST", "/ingest", key, sonnet())).status).toBe(200);
    expect(
      (await administer("DELETE", "/applications/old")).body.application.archived_timestamp,
    ).not.toBeNull();
    await seenWithinASecond(async () => (await ask("GET", "/limits", key)).status === 401);
    expect((await administer("GET", "/keys", undefined, about("old"))).status).toBe(404);
    expect((await server.store.status("old")).events).toBe(1);
  });

  test("has an id that nobody else has", async () => {
    await administer("POST", "/applications", { name: "One", application_id: "taken" });
    const again = await administer("POST", "/applications", { name: "Two", application_id: "taken" });
    expect([again.status, again.body.xproxy_error.code]).toEqual([409, "application_exists"]);
  });

  test("is renamed and moved, and the organization has a name, too", async () => {
    await administer("POST", "/applications", { name: "Before", application_id: "moving", group: "a" });
    const moved = await administer("PUT", "/applications/moving", { name: "After", group: null });
    expect(moved.body.application).toMatchObject({ name: "After", group: null });
    expect((await administer("GET", "/applications/moving")).body).toMatchObject({
      application: { name: "After" },
    });
    expect(
      (await administer("GET", "/applications")).body.items.map((one: { name: string }) => one.name),
    ).toContain("After");
    await administer("PUT", "/organizations", { name: "Trails" });
    expect((await administer("GET", "/organizations")).body.items).toMatchObject([{ name: "Trails" }]);
  });
});

describe("a key", () => {
  test("has a scope, and is refused beyond it with the way out", async () => {
    const keys = new Map<string, string>([
      ["full", TEST_KEY],
      ["admin", adminKey],
    ]);
    for (const scope of ["ingest", "read", "metrics"]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const { body } = await administer("POST", "/keys", { name: scope, scope });
      keys.set(scope, body.key.api_key);
    }
    const allowed: Record<string, string[]> = {
      "POST /ingest": ["full", "ingest"],
      "GET /limits": ["full", "read"],
      "POST /limits": ["full"],
      "GET /keys": ["admin"],
      "GET /organizations": ["admin"],
    };
    for (const [operation, scopes] of Object.entries(allowed)) {
      const [method = "", path = ""] = operation.split(" ");
      for (const [scope, key] of keys) {
        // oxlint-disable-next-line no-await-in-loop
        const { status, body } = await ask(method, path, key, method === "POST" ? {} : undefined);
        const isRefused = status === 403 && body.xproxy_error.code === "permission_denied";
        expect([operation, scope, !isRefused]).toEqual([operation, scope, scopes.includes(scope)]);
      }
    }
  });

  test("is exchanged while the other one works, and a third full one is refused", async () => {
    const { body } = await administer("POST", "/applications", {
      name: "Two keys",
      application_id: "two-keys",
    });
    const [first, second] = body.keys;
    const third = await administer("POST", "/keys", { name: "third" }, about("two-keys"));
    expect([third.status, third.body.xproxy_error.code]).toEqual([409, "key_limit_reached"]);
    expect((await ask("GET", "/limits", first.api_key)).status).toBe(200);
    const rotated = await administer("POST", `/keys/${first.key_id}/rotate`, {}, about("two-keys"));
    expect(rotated.body.key).toMatchObject({ name: "primary", scope: "full" });
    await seenWithinASecond(async () => (await ask("GET", "/limits", first.api_key)).status === 401);
    expect((await ask("GET", "/limits", second.api_key)).status).toBe(200);
    expect((await ask("GET", "/limits", rotated.body.key.api_key)).status).toBe(200);
    const again = await administer("POST", `/keys/${first.key_id}/rotate`, {}, about("two-keys"));
    expect(again.body.xproxy_error.code).toBe("key_revoked");
    expect((await administer("DELETE", `/keys/${second.key_id}`)).status).toBe(404);
  });

  test("is listed with its last use and never with its text", async () => {
    const { body } = await administer("GET", "/keys");
    const own = body.items.find((key: { scope: string }) => key.scope === "admin");
    expect(own.last_used_timestamp).toMatch(/^\d{4}-/);
    expect(JSON.stringify(body)).not.toContain(adminKey);
    expect(body.items.find((key: { name: string }) => key.name === "test").configured).toBe(true);
  });

  test("that was made under an Idempotency-Key is made once, and its text is kept nowhere", async () => {
    const again = { "idempotency-key": "make-one" };
    const first = await administer("POST", "/keys", { name: "once", scope: "read" }, again);
    const second = await administer("POST", "/keys", { name: "once", scope: "read" }, again);
    expect(first.body.key.api_key).toMatch(/^payi_/);
    expect(second.body.key).toEqual({ ...first.body.key, api_key: null });
    const kept = await server.store.answer("default", "make-one");
    expect(kept?.body).not.toContain(first.body.key.api_key);
  });

  test("of an unknown scope is refused by name", async () => {
    const { status, body } = await administer("POST", "/keys", { name: "x", scope: "root" });
    expect(status).toBe(400);
    expect(body.message).toContain("full, ingest, read, admin, metrics");
  });
});

describe("settings", () => {
  test("are safe from the start, and change by name", async () => {
    const first = (await administer("GET", "/settings")).body.settings;
    expect(first).toEqual({
      store_prompts: false,
      time_zone: "UTC",
      declared_properties: [],
      retention: { text_days: null, event_days: null, total_days: null },
    });
    const change = {
      time_zone: "Europe/Berlin",
      declared_properties: ["tenant", "tenant"],
      retention: { text_days: 7 },
    };
    const changed = await administer("PUT", "/settings", change);
    expect(changed.body.settings).toEqual({
      ...first,
      time_zone: "Europe/Berlin",
      declared_properties: ["tenant"],
      retention: { text_days: 7, event_days: null, total_days: null },
    });
  });

  test.each([
    [{ time_zone: "Mars/Olympus" }, "IANA"],
    [{ store_prompts: "yes" }, "true or false"],
    [{ declared_properties: Array.from({ length: 21 }, (_, index) => `p${index}`) }, "at most 20"],
    [{ retention: { text_days: 0 } }, "from 1 to"],
    [{ retention: { text_days: 30, event_days: 7 } }, "Text goes first"],
    [{ retention: { event_days: null, total_days: 30 } }, "then sums"],
  ])("%j is refused with the rule", async (change, rule) => {
    const { status, body } = await administer("PUT", "/settings", change);
    expect(status).toBe(400);
    expect(body.message).toContain(rule);
  });

  test("decide whether prompts are stored, within a second", async () => {
    const send = async (): Promise<boolean> => {
      const texts = { provider_request_json: '{"prompt":"a secret"}', provider_response_json: "an answer" };
      expect((await ask("POST", "/ingest", TEST_KEY, sonnet(texts))).status).toBe(200);
      const database = new DatabaseSync(server.file, { readOnly: true });
      const { n } = database.prepare("SELECT count(*) AS n FROM event_text").get() ?? {};
      database.close();
      return Number(n) > 0;
    };
    expect(await send()).toBe(false);
    await administer("PUT", "/settings", { store_prompts: true });
    await seenWithinASecond(send);
    await administer("PUT", "/settings", { store_prompts: false });
  });
});

describe("the audit log", () => {
  test("tells who changed what, before and after, and narrows", async () => {
    await administer("PUT", "/settings", { time_zone: "Asia/Tokyo" });
    await administer("PUT", "/settings", { time_zone: "Asia/Tokyo" });
    const { body } = await administer("GET", "/audit?action=settings&limit=1");
    expect(body.items[0]).toMatchObject({
      action: "settings.changed",
      application_id: "default",
      after: { timeZone: "Asia/Tokyo" },
    });
    expect(body.items[0].before.timeZone).not.toBe("Asia/Tokyo");
    expect(body.items[0].actor).toMatch(/^key /);
    const pages: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      // oxlint-disable-next-line no-await-in-loop -- page by page
      const page: Answer = await administer("GET", `/audit?limit=2&cursor=${cursor}`);
      pages.push(...page.body.items.map((item: { id: string }) => item.id));
      cursor = page.body.cursor;
    }
    expect(pages.length).toBeGreaterThan(4);
    expect(new Set(pages).size).toBe(pages.length);
    expect((await administer("GET", "/audit?actor=nobody")).body.items).toEqual([]);
    expect((await administer("GET", "/audit?to=2020-01-01")).body.items).toEqual([]);
  });

  test("has changes of prices, too, and nothing of another application", async () => {
    await server.post("/categories/mine/resources/model", { units: { text: { input_price: 0.1 } } });
    const { body } = await administer("GET", "/audit");
    const actions = body.items.map((item: { action: string }) => item.action);
    expect(actions).toContain("key.created");
    expect(actions.some((action: string) => /resource/.test(action))).toBe(true);
    // But that there is one.
    const ofOther = body.items.filter(
      (item: { application_id: string | null }) => item.application_id === "two-keys",
    );
    expect(ofOther.map((item: { action: string }) => item.action)).toEqual(["application.created"]);
  });
});

/** What a process remembers of a key is a second old at most. */
async function seenWithinASecond(isSeen: () => Promise<boolean>): Promise<void> {
  await expect.poll(isSeen, { timeout: 30_000, interval: 100 }).toBe(true);
}
