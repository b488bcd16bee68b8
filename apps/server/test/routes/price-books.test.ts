import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { createApp } from "../../src/app.ts";
import { createKey } from "../../src/domain/keys.ts";
import { openSqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { TEST_KEY, type TestServer, request, sonnet, startTestServer } from "../support.ts";

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.close());

const SOURCE = { url: "https://example.com/pricing", read: "2026-11-21", confidence: "A" };
/** For machines that are busy. */
const PATIENT = { timeout: 60_000 };
const FUTURE = "2999-01-01T00:00:00Z";

/** A row for Sonnet 4, which ships at $3 and $15 per million. */
function row(input: string, output: string, fields: object = {}): Record<string, unknown> {
  return {
    category: "system.anthropic",
    resources: ["claude-sonnet-4-0"],
    units: { text: { input: { usd: input, per: 1_000_000 }, output: { usd: output, per: 1_000_000 } } },
    source: SOURCE,
    ...fields,
  };
}

const upload = (...rows: readonly unknown[]) => server.post("/price-books", { name: "corrected", rows });

async function active(): Promise<string> {
  const { body } = await server.get("/price-books");
  return body.items.find((book: { active: boolean }) => book.active).id;
}

type GateBody = { readonly gate: string; readonly passed: boolean; readonly reasons: string[] };
const shut = (body: { gates: GateBody[] }): string[] =>
  body.gates.filter((gate) => !gate.passed).map((gate) => gate.gate);

test("the book that ships with Payi is the first, in force, and stands on every cost", async () => {
  const { body } = await server.get("/price-books");
  expect(body.items).toHaveLength(1);
  expect(body.items[0]).toMatchObject({ kind: "built-in", active: true });
  const { body: recorded } = await server.post("/ingest", sonnet());
  expect(recorded.xproxy_result.cost.book).toBe(body.items[0].id);
  expect((await server.get(`/price-books/${body.items[0].id}`)).body.layers.length).toBeGreaterThan(1);
});

describe("an uploaded book", () => {
  test("is a candidate until it is activated, prices from then on, and is gone after a rollback", async () => {
    const builtIn = await active();
    await server.post("/ingest", sonnet());
    const { status, body } = await upload(row("4", "20"));
    expect(status).toBe(201);
    expect(body).toMatchObject({ active: false, compared_with: builtIn, replayed: 1, replay_capped: false });
    expect(await active()).toBe(builtIn);
    expect(body.replay).toEqual([
      {
        category: "system.anthropic",
        resource: "claude-sonnet-4-20250514",
        requests: 1,
        before: "0.0045",
        after: "0.006",
        difference: "0.0015",
        newly_priced: 0,
        lost: 0,
      },
    ]);
    expect((await upload(row("4", "20"))).status).toBe(200);

    const activated = await server.post(`/price-books/${body.id}/activate`, { approve: true });
    expect(activated).toMatchObject({ status: 200, body: { active: true, rollback: false } });
    expect(await active()).toBe(body.id);
    const { body: dearer } = await server.post("/ingest", sonnet());
    expect(dearer.xproxy_result.cost).toMatchObject({ book: body.id, total: { base_decimal: "0.006" } });
    expect((await server.get("/analytics/status")).body.book).toBe(body.id);

    const back = await server.post(`/price-books/${builtIn}/activate`);
    expect(back.body).toMatchObject({ id: builtIn, active: true, rollback: true });
    expect(back.body.activations).toHaveLength(2);
    expect(back.body.activations[1].by).toMatch(/^key /);
    const { body: cheaper } = await server.post("/ingest", sonnet());
    expect(cheaper.xproxy_result.cost).toMatchObject({ book: builtIn, total: { base_decimal: "0.0045" } });
  });

  test("stays in force over a restart, under the same hash", async () => {
    const { body } = await upload(row("4", "20"));
    await server.post(`/price-books/${body.id}/activate`, { approve: true });
    const store = await openSqliteStore(server.file);
    const app = await createApp({ store, dashboardIsOpen: false });
    const answer = await app.inject({
      method: "POST",
      url: "/api/v1/ingest",
      headers: { "xproxy-api-key": TEST_KEY },
      payload: sonnet(),
    });
    await app.close();
    await store.close();
    expect(answer.json().xproxy_result.cost).toMatchObject({
      book: body.id,
      total: { base_decimal: "0.006" },
    });
  });

  test("re-prices what was recorded, keeping both figures and both books", async () => {
    const builtIn = await active();
    const { body: recorded } = await server.post("/ingest", sonnet());
    const { body } = await upload(row("4", "20"));
    await server.post(`/price-books/${body.id}/activate`, { approve: true });
    const from = new Date(Date.now() - 60_000).toISOString();
    const { body: job } = await server.post("/reprice", { from });
    const done = await vi.waitUntil(async () => {
      const { body: read } = await server.get(`/reprice/${job.reprice_id}`);
      return read.status === "finished" ? read : undefined;
    }, PATIENT);
    expect(done.difference).toBe("0.0015");
    const { body: detail } = await server.get(`/analytics/requests/${recorded.request_id}`);
    expect(detail.revisions).toMatchObject([
      { amount: "0.0045", book: builtIn },
      { amount: "0.006", book: body.id },
    ]);
    expect(await server.store.verify()).toEqual([]);
  });

  test("for the future alone needs no approval", async () => {
    const { body } = await upload(row("4", "20", { from: FUTURE }));
    expect(shut(body)).toEqual([]);
    expect((await server.post(`/price-books/${body.id}/activate`)).status).toBe(200);
  });

  test("with a name that had no price adds it", async () => {
    const { body } = await upload(row("1", "2", { resources: ["claude-next"] }));
    expect(shut(body)).toEqual([]);
    await server.post(`/price-books/${body.id}/activate`);
    const { body: recorded } = await server.post("/ingest", sonnet({ resource: "claude-next" }));
    expect(recorded.xproxy_result.cost.total.base_decimal).toBe("0.0012");
  });

  test("knows aliases and patterns, before and after a restart", async () => {
    const { body } = await server.post("/price-books", {
      aliases: [
        {
          category: "system.anthropic",
          alias: "our-model",
          targets: [{ resource: "claude-sonnet-4-0" }],
        },
      ],
      patterns: [{ category: "system.anthropic", pattern: "^(our-model)-\\d+$", resource: "$1" }],
    });
    await server.post(`/price-books/${body.id}/activate`);
    const { body: recorded } = await server.post("/ingest", sonnet({ resource: "our-model-7" }));
    expect(recorded.xproxy_result.cost.total.base_decimal).toBe("0.0045");
  });
});

describe("a gate", () => {
  test("refuses to change the past, unless that is approved", async () => {
    const { body } = await upload(row("4", "20", { from: "2026-11-01T00:00:00Z" }));
    expect(shut(body)).toEqual(["past"]);
    const refused = await server.post(`/price-books/${body.id}/activate`);
    expect([refused.status, refused.body.xproxy_error.code]).toEqual([400, "price_book_gate_failed"]);
    expect(refused.body.message).toContain("claude-sonnet-4-0 text input at 2026-11-01");
    expect((await server.post(`/price-books/${body.id}/activate`, { approve: true })).status).toBe(200);
  });

  test("refuses a change beyond three times, unless that is approved", async () => {
    const { body } = await upload(row("9.01", "15", { from: FUTURE }));
    expect(shut(body)).toEqual(["change_over_3x"]);
    expect((await server.post(`/price-books/${body.id}/activate`)).body.message).toContain("× 3");
    const { body: third } = await upload(row("9", "8", { from: FUTURE }));
    expect(shut(third)).toEqual([]);
    expect((await server.post(`/price-books/${body.id}/activate`, { approve: true })).status).toBe(200);
  });

  test("lets a correction under another's name pass without touching the other's fees", async () => {
    const gpt = { category: "system.openai", resources: ["gpt-4o"], from: FUTURE };
    const { body } = await upload(row("2.40", "9.60", gpt));
    expect(shut(body)).toEqual([]);
  });

  test("refuses to make a price free, whatever is approved", async () => {
    const { body } = await upload(row("0", "15", { from: FUTURE }));
    expect(shut(body)).toEqual(["removed_or_free"]);
    const refused = await server.post(`/price-books/${body.id}/activate`, { approve: true });
    expect(refused.status).toBe(400);
    expect(refused.body.message).toContain("becomes free");
  });

  test("refuses to remove a price, and shows whom of the last day it would hit", async () => {
    const first = await upload(row("1", "2", { resources: ["claude-next"] }));
    await server.post(`/price-books/${first.body.id}/activate`);
    await server.post("/ingest", sonnet({ resource: "claude-next" }));
    const { body } = await upload(row("1", "2", { resources: ["claude-other"] }));
    expect(shut(body)).toEqual(["removed_or_free", "past", "replay"]);
    expect(body.replay).toMatchObject([{ resource: "claude-next", lost: 1 }]);
    const refused = await server.post(`/price-books/${body.id}/activate`, { approve: true });
    expect(refused.body.message).toContain("claude-next text input");
    expect(refused.body.message).toContain("loses its price");
  });

  const NO_BOOKS = [
    [{}, "must have 1 to 20000 rows"],
    [{ rows: {} }, "rows must be a list"],
    [{ rows: [row("4", "20", { source: undefined })] }, "rows[0].source.url must be the address"],
    [{ rows: [row("4", "20", { source: { ...SOURCE, read: "today" } })] }, "rows[0].source.read"],
    [{ rows: [row("4", "20", { source: { ...SOURCE, confidence: "Z" } })] }, "rows[0].source.confidence"],
    [{ rows: [row("1e3", "20")] }, "rows[0].units.text.input.usd must be decimal text"],
    [{ rows: [row("-1", "20")] }, "rows[0].units.text.input.usd must be decimal text"],
    [{ rows: [row("1", "2", { from: "soon" })] }, "rows[0].from must be a time"],
    [{ rows: [row("1", "2", { resources: [] })] }, "rows[0].resources must be a list of names"],
    [{ rows: [row("1", "2", { context: { tokens: 5 } })] }, "rows[0].context must be"],
    [{ multipliers: [{ on: {}, multiply: "x" }] }, "multipliers[0].on must be"],
    [
      { patterns: [{ category: "c", pattern: "gpt-.*", resource: "$1" }] },
      "must be an expression from ^ to $",
    ],
  ] as const;

  test("refuses what is no book, and says what is wrong with it", async () => {
    for (const [book, message] of NO_BOOKS) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const { status, body } = await server.post("/price-books", book);
      expect([status, body.xproxy_error.code]).toEqual([400, "invalid_price_book"]);
      expect(body.message).toContain(message);
    }
  });
});

test("unknown books are a 404, wrong keys a 401", async () => {
  expect((await server.get("/price-books/nope")).status).toBe(404);
  expect((await server.post("/price-books/nope/activate")).status).toBe(404);
  const wrong = { "xProxy-api-key": "wrong" };
  expect((await request(`${server.url}/api/v1/price-books`, "POST", {}, wrong)).status).toBe(401);
});

test("an activation that compared with another book is refused", async () => {
  const { body } = await upload(row("4", "20"));
  await expect(server.store.activatePriceBook(body.id, "another", "test", {})).rejects.toThrow(
    "became active while",
  );
});

describe("beside a second application", () => {
  async function otherApplication(): Promise<void> {
    const { text } = await createKey(server.store, "other", "other");
    await request(`${server.url}/api/v1/ingest`, "POST", sonnet(), { "xproxy-api-key": text });
  }

  test("the full key of one changes no price that both pay, and hears who may", async () => {
    const { body } = await upload(row("4", "20"));
    await otherApplication();
    const dbu = { category: "system.databricks.aws", usd_per_dbu: "0.05" };
    const map = { category: "system.openai", resource: "x", price_as_category: "c", price_as_resource: "r" };
    // Another process would hear of the second application within a second.
    await vi.waitUntil(async () => (await upload(row("5", "25"))).status === 403, PATIENT);
    const refusals = [
      await upload(row("5", "25")),
      await server.post(`/price-books/${body.id}/activate`, { approve: true }),
      await server.post("/dbu-prices", dbu),
      await server.post("/unpriced/map", map),
    ];
    expect(refusals.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    for (const refusal of refusals) {
      expect(refusal.body.xproxy_error.code).toBe("permission_denied");
      expect(refusal.body.message).toMatch(/needs the permission prices; key .* has ingest, read, write\./);
      expect(refusal.body.message).toContain("payi keys create --scope admin");
    }
    expect((await server.get("/price-books")).status).toBe(200);
    expect(await active()).not.toBe(body.id);
  });

  test("an admin key activates, and the gates look at the last day of both", async () => {
    await server.post("/ingest", sonnet());
    await otherApplication();
    const { text } = await createKey(server.store, "default", "admin", { scope: "admin" });
    const ask = (method: string, path: string, body?: unknown) =>
      request(`${server.url}/api/v1${path}`, method, body, { "xproxy-api-key": text });
    const { status, body } = await ask("POST", "/price-books", { name: "n", rows: [row("4", "20")] });
    expect([status, body.replayed, body.replay[0].requests]).toEqual([201, 2, 2]);
    const read = await vi.waitUntil(async () => {
      const { body: own } = await server.get(`/price-books/${body.id}`);
      return own.replayed === 1 && own;
    }, PATIENT);
    // Who reads one application learns what a book would do to that one.
    expect(read.replay[0].requests).toBe(1);
    expect((await ask("GET", `/price-books/${body.id}`)).body.replayed).toBe(2);
    const activated = await ask("POST", `/price-books/${body.id}/activate`, { approve: true });
    expect(activated).toMatchObject({ status: 200, body: { active: true } });
  });

  test("which was closed since, the full key may again", async () => {
    await otherApplication();
    await server.store.archiveApplication("other", "test");
    const answer = await vi.waitUntil(async () => {
      const uploaded = await upload(row("4", "20"));
      return uploaded.status !== 403 && uploaded;
    }, PATIENT);
    expect(answer.status).toBe(201);
  });
});
