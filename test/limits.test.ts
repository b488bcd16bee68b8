/** Limits from end to end: the provider's own client, the guard in the process, the real platform. */
import {
  type Instrumentation,
  createClient,
  LimitExceededError,
  payiInstrument,
  trackContext,
  uninstrument,
} from "@payi/core";
import OpenAI from "openai";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { TEST_KEY, type TestServer, startTestServer } from "../apps/server/test/support.ts";
import { type Loopback, SILENT, startLoopback } from "../packages/core/test/support.ts";

const USER = [{ role: "user" as const, content: "Find me a trail near Moab, Utah." }];
/** What 20 tokens of input and 40 of output cost with gpt-5. */
const CALL_USD = 0.000425;

let server: TestServer;
let provider: Loopback;
let sent = 0;

beforeAll(async () => {
  server = await startTestServer();
  provider = await startLoopback((_request, response) => {
    sent += 1;
    const usage = { prompt_tokens: 20, completion_tokens: 40, total_tokens: 60 };
    const message = { role: "assistant", content: "Go to Moab." };
    const choices = [{ index: 0, finish_reason: "stop", message }];
    response.writeHead(200, { "content-type": "application/json" });
    response.end(
      JSON.stringify({ id: `chatcmpl-n${sent}`, model: "gpt-5", object: "chat.completion", choices, usage }),
    );
  });
});
afterEach(uninstrument);
afterAll(async () => {
  await server.close();
  await provider[Symbol.asyncDispose]();
});

function instrument(useCaseName = "house"): Instrumentation {
  return payiInstrument({
    payi: createClient({ apiKey: TEST_KEY, baseUrl: server.url }),
    config: {
      useCaseName,
      spool: { mode: "memory" },
      limitCheckTimeoutMs: 30_000,
      hostMappings: { [new URL(provider.url).host]: { priceAsCategory: "system.openai" } },
    },
    logger: SILENT,
  });
}

/** With all that was spent told to the platform, and all that was held given back. */
async function close(payi: Instrumentation): Promise<void> {
  await payi.flush({ timeoutMs: 30_000 });
  await payi.close({ timeoutMs: 30_000 });
}

/** Calls until a limit refuses; tells how many went out. */
async function callUntilRefused(
  userId: string,
): Promise<{ readonly calls: number; readonly refusal: LimitExceededError }> {
  const openai = new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1`, maxRetries: 3 });
  for (let calls = 0; ; calls += 1) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- an agent's loop
      await trackContext({ userId }, () =>
        openai.chat.completions.create({ model: "gpt-5", messages: USER, max_completion_tokens: 50 }),
      );
    } catch (error) {
      const refusal = LimitExceededError.from(error);
      if (refusal === undefined) throw error;
      return { calls, refusal };
    }
  }
}

async function makeLimit(fields: Record<string, unknown>): Promise<string> {
  const { body, status } = await server.post("/limits", { limit_type: "block", ...fields });
  expect(status).toBe(201);
  return body.limit.limit_id;
}

test.each([
  ["from leases", "history", 0.1],
  ["one by one", "strict", 0.09],
])("a loop is stopped before its budget is passed, with holds %s", async (_holds, estimate, max) => {
  const name = crypto.randomUUID();
  const id = await makeLimit({ limit_name: name, max, estimate, selector: { user_id: name } });
  const units = { text: { input: 0, output: 8000 } };
  await server.post("/ingest", { category: "system.openai", resource: "gpt-5", units, user_id: name });
  const payi = instrument();
  const before = sent;
  const { calls, refusal } = await callUntilRefused(name);
  expect(calls).toBeGreaterThan(5);
  expect(sent - before).toBe(calls);
  expect(refusal).toMatchObject({ limitIds: [id], status: 429, reason: "limit" });
  await close(payi);
  const { limit } = (await server.get(`/limits/${id}`)).body;
  expect(limit.totals.cost.total.base).toBeCloseTo(0.08 + calls * CALL_USD, 9);
  expect(limit.totals.cost.total.base).toBeLessThanOrEqual(max);
  expect(limit.totals).toMatchObject({ held: "0", requests: { ok: calls + 1, blocked: 1 } });
});

test("each user has a budget of their own, and another process sees what the first has spent", async () => {
  const max = 0.004;
  const useCaseName = crypto.randomUUID();
  const id = await makeLimit({
    limit_name: useCaseName,
    max,
    estimate: "strict",
    selector: { use_case_name: useCaseName },
    per: "user_id",
  });
  const first = instrument(useCaseName);
  const jane = await callUntilRefused("jane");
  const john = await callUntilRefused("john");
  await close(first);
  const second = instrument(useCaseName);
  const again = await callUntilRefused("jane");
  await close(second);
  // How many pass depends on how soon events free what was held too much; that none passes the maximum does not.
  expect(john.calls).toBeGreaterThan(0);
  expect(jane.calls).toBeGreaterThan(0);
  for (const [value, calls, blocked] of [
    ["jane", jane.calls + again.calls, 2],
    ["john", john.calls, 1],
  ] as const) {
    // oxlint-disable-next-line no-await-in-loop -- two budgets
    const { items } = (await server.get(`/limits/${id}/windows?value=${value}`)).body;
    expect(items).toMatchObject([{ value, requests: { ok: calls, blocked } }]);
    expect(Number(items[0].spent)).toBeCloseTo(calls * CALL_USD, 9);
    expect(Number(items[0].spent)).toBeLessThanOrEqual(max);
  }
  expect(await server.store.verify()).toEqual([]);
});
