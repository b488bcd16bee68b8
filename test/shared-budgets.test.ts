/**
 * Budgets that processes of an application share, with the real client of a provider and the real platform: leases, edits,
 * crashes, several servers. `PAYI_TEST_BUDGET` is how many calls a budget has room for; with it figures are printed.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createClient, payiInstrument, trackContext, uninstrument } from "@payi/core";
import OpenAI from "openai";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

import { listening, payi, startPayi, stop } from "../apps/server/test/commands/support.ts";
import { findPostgres, makeDatabase } from "../apps/server/test/store/test-database.ts";
import { TEST_KEY, type TestServer, request, startTestServer } from "../apps/server/test/support.ts";
import { type Loopback, SILENT, startLoopback } from "../packages/core/test/support.ts";
import { Spender } from "./spenders.ts";

/** What 20 tokens of input and 40 of output cost with gpt-5. */
const CALL_USD = 0.000425;
/** More than is held for such a call: 50 tokens of output, and the input counted upwards. */
const HOLD_USD = 0.0006;
const ROOM = Number(process.env["PAYI_TEST_BUDGET"] ?? 100);
const LANES = 2;

let provider: Loopback;
let answered = 0;
/** How the provider answers: with so many tokens of output, with an error, or not at all. */
let mood: number | "error" | "silence" = 40;
beforeAll(async () => {
  provider = await startLoopback((_request, response) => {
    if (mood === "silence") return;
    if (mood === "error") {
      response.writeHead(500, { "content-type": "application/json" });
      response.end(JSON.stringify({ error: { message: "broken", type: "server_error" } }));
      return;
    }
    answered += 1;
    const usage = { prompt_tokens: 20, completion_tokens: mood, total_tokens: 20 + mood };
    const message = { role: "assistant", content: "Go to Moab." };
    const choices = [{ index: 0, finish_reason: "stop", message }];
    response.writeHead(200, { "content-type": "application/json" });
    response.end(
      JSON.stringify({
        id: `chatcmpl-n${answered}`,
        model: "gpt-5",
        object: "chat.completion",
        choices,
        usage,
      }),
    );
  });
});
afterAll(() => provider[Symbol.asyncDispose]());
afterEach(() => {
  mood = 40;
});

function figure(name: string, value: number): void {
  if (process.env["PAYI_TEST_BUDGET"] !== undefined) console.log(`${name}: ${value}`);
}

/** What became of a budget at the platform, in USD. */
interface Standing {
  readonly spent: number;
  readonly held: number;
}

async function standing(url: string, limitId: string): Promise<Standing> {
  const { body } = await request(`${url}/api/v1/limits/${limitId}`, "GET", undefined, {
    "xproxy-api-key": TEST_KEY,
  });
  return { spent: body.limit.totals.cost.total.base, held: Number(body.limit.totals.held) };
}

async function makeLimit(url: string, fields: Record<string, unknown>): Promise<string> {
  const { status, body } = await request(
    `${url}/api/v1/limits`,
    "POST",
    { limit_type: "block", ...fields },
    { "xproxy-api-key": TEST_KEY },
  );
  expect(status).toBe(201);
  return body.limit.limit_id;
}

describe("three processes with leases", () => {
  let server: TestServer;
  let spenders: readonly Spender[] = [];
  beforeAll(async () => {
    server = await startTestServer();
    spenders = [1, 2, 3].map(() => new Spender(server.url, TEST_KEY, provider.url));
  });
  afterAll(async () => {
    await Promise.all(spenders.map((spender) => spender.kill()));
    await server.close();
  });

  const spend = (userId: string) => Promise.all(spenders.map((spender) => spender.spend(userId, LANES)));
  const rest = () => Promise.all(spenders.map((spender) => spender.rest()));
  const calls = (kind: "called" | "refused" | "failed") => spenders.flatMap((spender) => spender.of(kind));

  test("spend a budget to its last call and never more of it, and strand no more than their slices", async () => {
    const [user, max] = [crypto.randomUUID(), ROOM * CALL_USD];
    const id = await makeLimit(server.url, { limit_name: user, max, selector: { user_id: user } });
    const before = answered;
    await spend(user);
    // Refusals that come of slices in other hands end by themselves: the last call that fits is made.
    await expect.poll(async () => max - (await standing(server.url, id)).spent).toBeLessThan(HOLD_USD);
    await expect.poll(() => spenders.every((spender) => spender.of("refused").length > 0)).toBe(true);
    await rest();
    const { spent, held } = await standing(server.url, id);
    expect([calls("failed"), held]).toEqual([[], 0]);
    expect(spent).toBeLessThanOrEqual(max + 1e-12);
    expect(spent).toBeCloseTo(calls("called").length * CALL_USD, 9);
    expect(answered - before).toBe(calls("called").length);
    const firstRefusalMs = Math.min(...calls("refused").map(({ atMs }) => atMs[1]));
    const madeBefore = calls("called").filter(({ atMs }) => atMs[0] <= firstRefusalMs).length;
    const [slice, processes] = [max / 100, spenders.length];
    expect(max - madeBefore * CALL_USD).toBeLessThan(processes * (slice + 2 * LANES * HOLD_USD) + HOLD_USD);
    const lastMs = Math.max(...calls("called").map(({ atMs }) => atMs[1]));
    figure("stranded at the first refusal, percent", 100 - (madeBefore * CALL_USD * 100) / max);
    figure("ms from the first refusal to the last call that fitted", lastMs - firstRefusalMs);
    expect(await server.store.verify()).toEqual([]);
  });

  test("all stop once a maximum is lowered below what they hold, whatever is left of their slices", async () => {
    // A slice is enough for days of such calls.
    const [user, max] = [crypto.randomUUID(), 100_000];
    const id = await makeLimit(server.url, { limit_name: user, max, selector: { user_id: user } });
    await spend(user);
    await expect.poll(() => spenders.every((spender) => spender.of("called").length > 3)).toBe(true);
    const lowered = (await standing(server.url, id)).spent + 50 * CALL_USD;
    const editedMs = Date.now();
    expect((await server.put(`/limits/${id}`, { max: lowered })).status).toBe(200);
    await expect.poll(() => spenders.every((spender) => spender.of("refused").length > 0)).toBe(true);
    await rest();
    const lastMs = Math.max(...calls("called").map(({ atMs }) => atMs[1]));
    figure("ms from the edit to the last call that went out", lastMs - editedMs);
    const { spent, held } = await standing(server.url, id);
    expect(held).toBe(0);
    expect(spent).toBeCloseTo(calls("called").length * CALL_USD, 9);
  });
});

describe("a process that is killed", () => {
  test("leaves a lease that is free after its life, and its calls are charged once, by whoever delivers them", async () => {
    await using server = await startTestServer();
    const spool = await mkdtemp(join(tmpdir(), "payi-spender-"));
    const id = await makeLimit(server.url, { limit_name: "crash", max: 10, selector: { user_id: "crash" } });
    const [before, unanswered] = [answered, provider.received.length - answered];
    await using first = new Spender(server.url, TEST_KEY, provider.url, spool);
    await first.spend("crash", LANES);
    await expect.poll(() => first.of("called").length).toBeGreaterThan(3);
    mood = "silence";
    await expect.poll(() => provider.received.length - answered - unanswered).toBe(LANES);
    await first.kill();
    const returned = first.of("called").length;
    expect((await standing(server.url, id)).held).toBeGreaterThan(0);
    await using heir = new Spender(server.url, TEST_KEY, provider.url, spool);
    await heir.rest();
    await expect
      .poll(async () => Math.round((await standing(server.url, id)).spent / CALL_USD))
      .toBeGreaterThanOrEqual(returned);
    const { spent } = await standing(server.url, id);
    const { body } = await server.get(`/limits/${id}`);
    const charged = body.limit.totals.requests.total;
    expect(charged).toBeLessThanOrEqual(answered - before);
    expect(spent).toBeCloseTo(charged * CALL_USD, 9);
    // A lease lives for ten seconds.
    await server.store.sweepHolds("default", Date.now() + 10_000);
    expect((await standing(server.url, id)).held).toBe(0);
    expect(await server.store.verify()).toEqual([]);
    await heir.kill();
    await rm(spool, { recursive: true });
  });
});

describe("a call", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterEach(uninstrument);
  afterAll(() => server.close());

  /** What 20 tokens of input and so many of output cost with gpt-5. */
  const costOf = (output: number): number => 20 * 0.00000125 + output * 0.00001;

  test.each([
    ["is cancelled", "history", "silence", 0],
    ["is cancelled", "strict", "silence", 0],
    ["fails at the provider", "history", "error", 0],
    ["fails at the provider", "strict", "error", 0],
    ["costs less than was held", "history", 10, costOf(10)],
    ["costs less than was held", "strict", 10, costOf(10)],
    ["costs more than was held", "history", 400, costOf(400)],
    ["costs more than was held", "strict", 400, costOf(400)],
  ] as const)("that %s, held by %s, leaves nothing held, and spent is what it cost", async (...form) => {
    const [name, estimate, how, spent] = form;
    const limit_name = `${name} ${estimate} ${crypto.randomUUID()}`;
    const id = await makeLimit(server.url, {
      limit_name,
      max: 1,
      estimate,
      selector: { user_id: limit_name },
    });
    const instrumentation = payiInstrument({
      payi: createClient({ apiKey: TEST_KEY, baseUrl: server.url }),
      config: {
        spool: { mode: "memory" },
        limitCheckTimeoutMs: 30_000,
        hostMappings: { [new URL(provider.url).host]: { priceAsCategory: "system.openai" } },
      },
      logger: SILENT,
    });
    mood = how;
    const before = provider.received.length;
    const leaving = new AbortController();
    const client = new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1`, maxRetries: 0 });
    const messages = [{ role: "user" as const, content: "Find me a trail near Moab, Utah." }];
    const body = { model: "gpt-5", messages, max_completion_tokens: 50 };
    const call = trackContext({ userId: limit_name }, async () =>
      client.chat.completions.create(body, { signal: leaving.signal }),
    );
    const outcome = call.then(
      () => "answered",
      () => "failed",
    );
    await expect.poll(() => provider.received.length).toBe(before + 1);
    const meanwhile = how === "silence" ? (await standing(server.url, id)).held : HOLD_USD;
    expect(meanwhile).toBeGreaterThan(0);
    if (how === "silence") leaving.abort();
    expect(await outcome).toBe(typeof how === "number" ? "answered" : "failed");
    await instrumentation.flush({ timeoutMs: 30_000 });
    await instrumentation.close({ timeoutMs: 30_000 });
    expect(await standing(server.url, id)).toEqual({ spent: expect.closeTo(spent, 12), held: 0 });
    expect(await server.store.verify()).toEqual([]);
  });
});

describe.skipIf(!(await findPostgres()))("two servers on one PostgreSQL", () => {
  test("let processes with leases and REST callers of either spend one budget, and never more of it", async () => {
    await using database = await makeDatabase();
    const folder = await mkdtemp(join(tmpdir(), "payi-two-"));
    const environment = { PAYI_DATA_DIR: folder, PAYI_API_KEY: TEST_KEY, PAYI_DATABASE_URL: database.url };
    const servers = [1, 2].map(() => startPayi(["serve"], { ...environment, PORT: "0" }));
    const spenders: Spender[] = [];
    try {
      const urls = await Promise.all(servers.map(listening));
      const [url = ""] = urls;
      spenders.push(...urls.map((each) => new Spender(each, TEST_KEY, provider.url)));
      const max = ROOM * CALL_USD;
      const id = await makeLimit(url, { limit_name: "mixed", max, selector: { user_id: "mixed" } });
      await Promise.all(spenders.map((spender) => spender.spend("mixed", LANES)));
      let spentByRest = 0;
      const over = new AbortController();
      const lane = async (first: number): Promise<void> => {
        for (let turn = first; !over.signal.aborted; turn += 1) {
          // oxlint-disable-next-line no-await-in-loop -- one call after the other
          if (await callByRest(urls[turn % urls.length] ?? url, turn)) spentByRest += 1;
        }
      };
      const rest = Promise.all([lane(0), lane(1)]);
      await expect.poll(async () => max - (await standing(url, id)).spent).toBeLessThan(HOLD_USD);
      over.abort();
      await rest;
      await Promise.all(spenders.map((spender) => spender.rest()));
      const called = spenders.flatMap((spender) => spender.of("called")).length;
      const { spent, held } = await standing(url, id);
      expect(held).toBe(0);
      expect(spent).toBeLessThanOrEqual(max + 1e-12);
      expect(spent).toBeCloseTo((called + spentByRest) * CALL_USD, 9);
      expect(Math.min(called, spentByRest)).toBeGreaterThan(0);
      expect(await payi(["verify"], environment)).toMatchObject({ code: 0, error: "" });
    } finally {
      await Promise.all(spenders.map((spender) => spender.kill()));
      await Promise.all(servers.map((server) => stop(server, "SIGTERM")));
      await rm(folder, { recursive: true });
    }
  });

  /** Holds for a call and settles it, by the route or by its event; false where it was refused. */
  async function callByRest(url: string, turn: number): Promise<boolean> {
    const post = (path: string, body: unknown) =>
      request(`${url}/api/v1${path}`, "POST", body, { "xproxy-api-key": TEST_KEY });
    const hold_id = crypto.randomUUID();
    const context = { category: "system.openai", resource: "gpt-5", user_id: "mixed" };
    const held = await post("/holds", { hold_id, context, estimate: { upper_bound: String(HOLD_USD) } });
    expect(held.status).toBe(200);
    if (held.body.admitted !== true) return false;
    const units = { text: { input: 20, output: 40 } };
    const settled =
      turn % 2 === 0
        ? await post(`/holds/${hold_id}/settle`, { actual: String(CALL_USD) })
        : await post("/ingest", { ...context, units, hold_id });
    expect(settled.status).toBe(200);
    return true;
  }
});
