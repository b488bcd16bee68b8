import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { createApp } from "../../src/app.ts";
import { finishedReprice } from "../finished-reprice.ts";
import { type Answer, type TestServer, request, sonnet, startTestServer } from "../support.ts";

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.close());

const DAY = "2026-11-10T";
const RESOURCE = "/categories/mine/resources/model";
const ALL = { from: "2026-11-01T00:00:00Z" };
const at = (time: string, fields: Record<string, unknown> = {}): Record<string, unknown> => ({
  category: "mine",
  resource: "model",
  units: { text: { input: 1000, output: 100 } },
  event_timestamp: `${DAY}${time}Z`,
  use_case_name: "trail",
  use_case_id: "t1",
  user_id: "jane",
  ...fields,
});
const price = (input: number, time: string): unknown => ({
  units: { text: { input_price: input, output_price: 0 } },
  start_timestamp: `${DAY}${time}Z`,
});

/** Starts a re-pricing and waits for its end. */
async function reprice(body: unknown): Promise<Answer["body"]> {
  const started = await server.post("/reprice", body);
  expect([started.status, started.body.status]).toEqual([202, "running"]);
  return finishedReprice(server, started.body.reprice_id);
}

async function activeBook(): Promise<string> {
  const { body } = await server.get("/price-books");
  return body.items.find((book: { active: boolean }) => book.active).id;
}

async function total(): Promise<string | null> {
  const { body } = await server.get("/analytics/breakdown?from=2026-11-01T00:00:00Z");
  return body.total.cost;
}

describe("re-pricing", () => {
  async function history(): Promise<string> {
    await server.post(RESOURCE, price(0.001, "00:00:00"));
    const limit = await server.post("/limits", { limit_name: "team", max: 100 });
    const id: string = limit.body.limit.limit_id;
    for (const time of ["01:00:00", "05:00:00", "09:00:00"]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await server.post("/ingest", at(time, { limit_ids: [id] }));
    }
    // From 04:00 on it had become cheaper, which nobody had told.
    await server.post(RESOURCE, price(0.0004, "04:00:00"));
    return id;
  }

  test("shows the difference by resource, use case and limit, and changes nothing when dry", async () => {
    const limit = await history();
    const { status, body } = await server.post("/reprice", { ...ALL, dry_run: true });
    expect(status).toBe(200);
    const difference = { requests: 2, before: "2", after: "0.8", difference: "-1.2", newly_priced: 0 };
    expect(body).toMatchObject({ dry_run: true, examined: 3, ...difference });
    expect(body.by_resource).toEqual([{ category: "mine", resource: "model", ...difference }]);
    expect(body.by_use_case).toEqual([{ use_case_name: "trail", ...difference }]);
    expect(body.by_limit).toEqual([{ limit_id: limit, ...difference }]);
    expect(await total()).toBe("3");
  });

  test("uses the prices of the event's time, moves every total, keeps both figures, and is done once", async () => {
    const limit = await history();
    const done = await reprice(ALL);
    expect(done).toMatchObject({ status: "finished", difference: "-1.2" });
    expect(await total()).toBe("1.8");
    const read = await server.get(`/limits/${limit}`);
    expect(read.body.limit.totals.cost.total.base_decimal).toBe("1.8");
    expect(read.body.limit.totals.requests.total).toBe(3);
    const instances = await server.get("/analytics/instances?from=2026-11-01T00:00:00Z");
    expect(instances.body.items[0].cost).toBe("1.8");
    expect(await server.store.verify()).toEqual([]);
    expect(await reprice(ALL)).toMatchObject({ examined: 3, requests: 0, difference: "0" });
    const requests = await server.get("/analytics/requests?from=2026-11-01T00:00:00Z");
    const { body: detail } = await server.get(`/analytics/requests/${requests.body.items[0].request_id}`);
    expect(detail.revisions.map((revision: { amount: string }) => revision.amount)).toEqual(["1", "0.4"]);
    const { body: job } = await server.get(`/reprice/${done.reprice_id}`);
    expect(job).toMatchObject({ difference: "-1.2", started_by: expect.stringMatching(/^key /) });
    expect(job.finished_timestamp).not.toBeNull();
    expect((await server.get("/reprice")).body.items).toHaveLength(2);
  });

  test("touches only what it is narrowed to", async () => {
    await history();
    const narrow = [
      { category: "other" },
      { resource: "other" },
      { use_case_name: "other" },
      { to: `${DAY}04:59:59Z` },
    ];
    for (const scope of narrow) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const { body } = await server.post("/reprice", { ...ALL, ...scope, dry_run: true });
      expect(body.requests).toBe(0);
    }
    const done = await reprice({ ...ALL, category: "mine", use_case_name: "trail" });
    expect(done.requests).toBe(2);
  });

  test("takes no cost away when its price is gone", async () => {
    await history();
    await server.delete("/categories/mine");
    expect(await reprice(ALL)).toMatchObject({ examined: 3, requests: 0, kept: 3, difference: "0" });
    expect(await total()).toBe("3");
  });

  test("what was repriced can be taken back with the demo data, to the last pico", async () => {
    await server.post(RESOURCE, price(0.001, "00:00:00"));
    const limit = await server.post("/limits", { limit_name: "team", max: 100 });
    const { limit_id: id } = limit.body.limit;
    await server.post(
      "/ingest",
      at("05:00:00", { limit_ids: [id], properties: { "system.seeded": "true" } }),
    );
    await server.post(RESOURCE, price(0.0004, "04:00:00"));
    await reprice(ALL);
    await server.delete("/demo");
    expect((await server.get(`/limits/${id}`)).body.limit.totals.cost.total.base).toBe(0);
    expect(await server.store.verify()).toEqual([]);
  });

  test("that broke off is finished at the next start, and counted once", async () => {
    await history();
    const scope = { fromMs: 0, toMs: Date.now() };
    const book = await activeBook();
    const wanted = { application: "default", actor: "test", scope, reason: "re-priced", book };
    const job = await server.store.createRepriceJob(wanted);
    const app = await createApp({ store: server.store, dashboardIsOpen: false });
    await app.ready();
    await finishedReprice(server, job.id);
    await app.close();
    expect(await total()).toBe("1.8");
    expect((await server.get(`/reprice/${job.id}`)).body).toMatchObject({ requests: 2, difference: "-1.2" });
    expect(await server.store.verify()).toEqual([]);
  });

  test("that broke off keeps the book that it began with, whatever is in force when it goes on", async () => {
    const { body: recorded } = await server.post("/ingest", sonnet({ resource: "claude-next" }));
    const book = await activeBook();
    const scope = { fromMs: 0, toMs: Date.now() + 60_000 };
    const job = await server.store.createRepriceJob({
      application: "default",
      actor: "test",
      scope,
      reason: "re-priced",
      book,
    });
    const { body: next } = await server.post("/price-books", {
      rows: [
        {
          category: "system.anthropic",
          resources: ["claude-next"],
          units: { text: { input: { usd: "1", per: 1_000_000 }, output: { usd: "1", per: 1_000_000 } } },
          source: { url: "https://example.com", read: "2026-11-21", confidence: "A" },
        },
      ],
    });
    expect((await server.post(`/price-books/${next.id}/activate`)).status).toBe(200);
    const app = await createApp({ store: server.store, dashboardIsOpen: false });
    await app.ready();
    expect(await finishedReprice(server, job.id)).toMatchObject({
      book,
      examined: 1,
      requests: 0,
      still_unpriced: 1,
    });
    await app.close();
    expect(await reprice({ from: "2026-11-01T00:00:00Z" })).toMatchObject({ book: next.id, newly_priced: 1 });
    const { body: detail } = await server.get(`/analytics/requests/${recorded.request_id}`);
    expect(detail.revisions.at(-1)).toMatchObject({ book: next.id });
  });

  test("adjusts months that are over, each in a line of its own", async () => {
    await server.post("/categories/mine/resources/model", {
      units: { text: { input_price: 0.001, output_price: 0 } },
      start_timestamp: "2026-01-01T00:00:00Z",
    });
    for (const time of ["2026-02-28T23:59:59Z", "2026-03-01T00:00:00Z"]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await server.post("/ingest", at("00:00:00", { event_timestamp: time }));
    }
    await server.post("/categories/mine/resources/model", {
      units: { text: { input_price: 0.002, output_price: 0 } },
      start_timestamp: "2026-01-02T00:00:00Z",
    });
    const { by_month: months } = await reprice({ from: "2026-01-01T00:00:00Z" });
    expect(months).toMatchObject([
      { month: "2026-02", adjustment: true, before: "1", after: "2", difference: "1" },
      { month: "2026-03", adjustment: true, difference: "1" },
    ]);
  });

  test("that somebody else goes on with is left to them: it is done once", async () => {
    await history();
    const scope = { fromMs: 0, toMs: Date.now() };
    const job = await server.store.createRepriceJob({
      application: "default",
      actor: "test",
      scope,
      reason: "re-priced",
      book: "b",
    });
    expect(await server.store.unfinishedRepriceJobs()).toHaveLength(1);
    const progress = {
      application: job.application,
      jobId: job.id,
      before: null,
      after: { order: 1, id: "x" },
      report: "",
      finished: false,
    };
    await server.store.applyReprice(progress, []);
    await expect(server.store.applyReprice(progress, [])).rejects.toThrow("is being done or was done");
  });

  test.each([
    [{}, "required_field_missing"],
    [{ from: "2026-11-02T00:00:00Z", to: "2026-11-01T00:00:00Z" }, "request_processing_error"],
    [{ ...ALL, dry_run: "yes" }, "request_processing_error"],
  ])("%j is refused", async (body, code) => {
    const answer = await server.post("/reprice", body);
    expect([answer.status, answer.body.xproxy_error.code]).toEqual([400, code]);
  });

  test("an unknown re-pricing is a 404, a wrong key a 401", async () => {
    expect((await server.get("/reprice/nope")).status).toBe(404);
    const wrong = { "xProxy-api-key": "wrong" };
    expect((await request(`${server.url}/api/v1/reprice`, "POST", ALL, wrong)).status).toBe(401);
    expect((await request(`${server.url}/api/v1/unpriced`, "GET", undefined, wrong)).status).toBe(401);
  });
});
