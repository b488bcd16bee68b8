/**
 * Ways around a budget: a model that nobody has a price for, usage that nobody tells, limits that are not named or are
 * somebody else's, names in other spellings. Whatever comes is held, refused or flagged; nothing becomes $0 by silence.
 */
import { randomUUID } from "node:crypto";
import { DatabaseSync } from "node:sqlite";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { type TestServer, request, sonnet, startTestServer } from "../support.ts";

const SONNET = { category: "system.anthropic", resource: "claude-sonnet-4-20250514" };
/** What nobody can tell: no bound, no price. */
const UNPRICED = { priced: false, input_tokens: 1_000, output_tokens: 1_000 };

let server: TestServer;
let otherKey: Record<string, string>;
beforeAll(async () => {
  server = await startTestServer();
  const made = await request(
    `${server.url}/api/v1/applications`,
    "POST",
    { name: "Other", application_id: "other" },
    { origin: server.url },
  );
  otherKey = { "xproxy-api-key": made.body.keys[0].api_key };
});
afterAll(() => server.close());

let users = 0;
/** A user with a block limit of $1 that is for everything that they do. */
async function someone(
  fields: Record<string, unknown> = {},
): Promise<{ readonly user: string; readonly limit: string }> {
  users += 1;
  const user = `user-${users}`;
  const wanted = { limit_name: user, limit_type: "block", max: 1, selector: { user_id: user }, ...fields };
  const { status, body } = await server.post("/limits", wanted);
  expect(status).toBe(201);
  return { user, limit: body.limit.limit_id };
}

async function hold(context: object, estimate: object, fields: object = {}) {
  const { status, body } = await server.post("/holds", {
    hold_id: randomUUID(),
    context,
    estimate,
    ...fields,
  });
  expect(status).toBe(200);
  return body;
}

async function standing(limit: string) {
  const { totals } = (await server.get(`/limits/${limit}`)).body.limit;
  return {
    spent: totals.cost.total.base as number,
    held: Number(totals.held),
    calls: totals.requests.total as number,
  };
}

/** Kinds of what alerts are told of a limit. */
function told(limit: string): readonly string[] {
  const database = new DatabaseSync(server.file, { readOnly: true });
  const rows = database.prepare("SELECT kind, payload FROM outbox WHERE kind LIKE 'limit_%'").all();
  database.close();
  return rows.filter(({ payload }) => String(payload).includes(limit)).map(({ kind }) => String(kind));
}

/** The only request of a user, as it is listed. */
async function requestOf(user: string) {
  const { items } = (await server.get(`/analytics/requests?user_id=${user}`)).body;
  expect(items).toHaveLength(1);
  return items[0];
}

describe("a model that nobody has a price for", () => {
  const context = (user: string): object => ({
    category: "system.openai",
    resource: "nobody-knows",
    user_id: user,
  });

  test("goes out where the limit says alert: its cost is unknown and not zero, and the alert is told", async () => {
    const { user, limit } = await someone();
    const { hold_id: holdId, admitted, limits } = await hold(context(user), UNPRICED);
    expect([admitted, limits[0].hold]).toEqual([true, null]);
    await server.post("/ingest", sonnet({ ...context(user), hold_id: holdId }));
    expect(await requestOf(user)).toMatchObject({ cost: null, status: "unknown_model" });
    expect(told(limit)).toEqual(["limit_unpriced"]);
    expect(await standing(limit)).toMatchObject({ spent: 0, calls: 1 });
    const { total } = (await server.get(`/analytics/breakdown?user_id=${user}`)).body;
    expect(total).toMatchObject({ requests: 1, unpriced: 1, cost: null });
  });

  test("is refused where the limit says block", async () => {
    const { user, limit } = await someone({ on_unpriced: "block" });
    expect(await hold(context(user), UNPRICED)).toMatchObject({ admitted: false, refused_by: [limit] });
  });

  test("holds the dearest rate of its category where the limit says so, and is charged that", async () => {
    const { user, limit } = await someone({ on_unpriced: "hold_dearest", max: 100 });
    const { hold_id: holdId, limits } = await hold(context(user), UNPRICED);
    expect(Number(limits[0].hold)).toBeGreaterThan(0);
    await server.post("/ingest", sonnet({ ...context(user), hold_id: holdId }));
    expect(await standing(limit)).toEqual({ spent: Number(limits[0].hold), held: 0, calls: 1 });
  });
});

describe("usage that nobody tells", () => {
  test("is unknown and not zero; what was held is charged where the limit says hold_dearest", async () => {
    const { user, limit } = await someone({ on_unpriced: "hold_dearest" });
    const estimate = { upper_bound: "0.25", worst_case: "0.25" };
    const { hold_id: holdId } = await hold({ ...SONNET, user_id: user }, estimate);
    const properties = { "system.usage_source": "unknown" };
    await server.post("/ingest", sonnet({ user_id: user, units: {}, hold_id: holdId, properties }));
    expect(await requestOf(user)).toMatchObject({ cost: null, usage_source: "unknown" });
    expect(await standing(limit)).toEqual({ spent: 0.25, held: 0, calls: 1 });
  });

  test("is flagged under every other limit", async () => {
    const { user, limit } = await someone();
    await server.post(
      "/ingest",
      sonnet({ user_id: user, units: {}, properties: { "system.usage_source": "unknown" } }),
    );
    expect(await requestOf(user)).toMatchObject({ cost: null });
    expect(told(limit)).toEqual(["limit_unpriced"]);
  });
});

describe("a limit that is not named, or is another's", () => {
  const estimate = { upper_bound: "2", worst_case: "2" };

  test("a call that names no limit is held and charged by those that are for it", async () => {
    const { user, limit } = await someone();
    expect(await hold({ ...SONNET, user_id: user }, estimate)).toMatchObject({
      admitted: false,
      refused_by: [limit],
    });
    await server.post("/ingest", sonnet({ user_id: user }));
    expect((await standing(limit)).spent).toBe(0.0045);
  });

  test("a call that names another's limit is held by its own, told that the other is unknown, and charges it nothing", async () => {
    const wanted = { limit_name: "theirs", limit_id: "theirs", limit_type: "block", max: 1000 };
    const theirs = await request(`${server.url}/api/v1/limits`, "POST", wanted, otherKey);
    expect(theirs.status).toBe(201);
    const { user, limit } = await someone();
    const asked = await hold({ ...SONNET, user_id: user }, estimate, { limit_ids: ["theirs"] });
    expect(asked).toMatchObject({ admitted: false, refused_by: [limit], unknown_limit_ids: ["theirs"] });
    const answer = await server.post("/ingest", sonnet({ user_id: user, limit_ids: ["theirs"] }));
    expect([answer.status, answer.body.xproxy_error.code]).toEqual([400, "invalid_limit_ids"]);
    const { body } = await request(`${server.url}/api/v1/limits/theirs`, "GET", undefined, otherKey);
    expect(body.limit.totals.requests.total).toBe(0);
  });

  test.for(["LIMIT-A", "limit-a ", " limit-a", "limit-a,limit-a", "limit-a\u00a0"])(
    "the id %j is not the limit limit-a by accident",
    async (id) => {
      await server.post("/limits", {
        limit_id: "limit-a",
        limit_name: "limit-a",
        max: 5,
        limit_type: "allow",
      });
      const { status, body } = await server.post("/ingest", sonnet({ limit_ids: [id] }));
      expect([status, body.xproxy_error?.code]).toEqual([400, "invalid_limit_ids"]);
    },
  );
});

describe("names in other spellings", () => {
  test.for(["Claude-Sonnet-4-20250514", "claude-sonnet-4-20250514 ", "claude sonnet-4-20250514"])(
    "the model %j is priced as itself or flagged, and never free",
    async (resource) => {
      const { user, limit } = await someone();
      await server.post("/ingest", sonnet({ user_id: user, resource }));
      const { cost, status } = await requestOf(user);
      const isPriced = cost !== null && Number(cost) > 0 && status === "priced";
      expect(isPriced || (cost === null && status !== "priced")).toBe(true);
      expect(told(limit)).toEqual(isPriced ? [] : ["limit_unpriced"]);
    },
  );

  test("a category in other letters is refused with those that there are, not recorded as free", async () => {
    const { user } = await someone();
    const { status, body } = await server.post(
      "/ingest",
      sonnet({ user_id: user, category: "System.Anthropic" }),
    );
    expect([status, body.xproxy_error.code]).toEqual([400, "category_not_found"]);
    expect(body.message).toContain("system.anthropic");
  });

  test("one budget for each user has one for every spelling, and one for calls without a user", async () => {
    const wanted = {
      limit_name: "each",
      limit_type: "block",
      max: 1,
      selector: { account_name: "spellings" },
      per: "user_id",
    };
    const { body } = await server.post("/limits", wanted);
    const at = (user?: string): object => ({
      ...SONNET,
      account_name: "spellings",
      ...(user === undefined ? {} : { user_id: user }),
    });
    const estimate = { upper_bound: "0.6", worst_case: "0.6" };
    for (const user of ["jane", "Jane", " jane", undefined]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const answers = [await hold(at(user), estimate), await hold(at(user), estimate)];
      expect(answers.map(({ admitted }) => admitted)).toEqual([true, false]);
    }
    const windows = (await server.get(`/limits/${body.limit.limit_id}/windows`)).body.items;
    expect(windows.map(({ value }: { value: string }) => value).toSorted()).toEqual([
      "",
      " jane",
      "Jane",
      "jane",
    ]);
  });
});
