/** A server that is killed in the middle of a window and started again: one budget, no lost spend, each alert once. */
import { randomUUID } from "node:crypto";

import { expect, test } from "vitest";

import { startReceiver } from "../receiver.ts";
import { TEST_KEY, request, sonnet } from "../support.ts";
import { listening, makeFolder, startPayi, stop } from "./support.ts";

/** $0.0045 each. */
const EVENTS_OF_NINE_CENTS = 20;
const LIFE_MS = 600_000;

test("spend, holds and alerts of a budget survive a kill in mid-window, and a reset is no second one afterwards", async () => {
  await using folder = await makeFolder();
  await using receiver = await startReceiver();
  const environment = {
    PORT: "0",
    PAYI_DATA_DIR: folder.path,
    PAYI_API_KEY: TEST_KEY,
    PAYI_WEBHOOK_ALLOWED_HOSTS: "http://127.0.0.1:*",
  };
  let server = startPayi(["serve"], environment);
  let url = await listening(server);
  const call = (method: string, path: string, body?: unknown) =>
    request(`${url}/api/v1${path}`, method, body, { "xproxy-api-key": TEST_KEY });
  const restart = async (): Promise<void> => {
    await stop(server, "SIGKILL");
    server = startPayi(["serve"], environment);
    url = await listening(server);
  };
  const hold = async (amount: string): Promise<boolean> => {
    const context = { category: "system.anthropic", resource: "claude-sonnet-4-20250514" };
    const estimate = { upper_bound: amount, worst_case: amount };
    // Longer than any restart takes.
    const body = { hold_id: randomUUID(), limit_ids: ["daily"], context, estimate, ttl_ms: LIFE_MS };
    return (await call("POST", "/holds", body)).body.admitted;
  };
  const spend = async (fields: object = {}): Promise<void> => {
    const events = Array.from({ length: EVENTS_OF_NINE_CENTS }, () =>
      sonnet({ limit_ids: ["daily"], hold_id: settled, provider_response_id: randomUUID(), ...fields }),
    );
    expect((await call("POST", "/ingest/bulk", events)).status).toBe(200);
  };
  const totals = async () => (await call("GET", "/limits/daily")).body.limit.totals;
  const settled = randomUUID();
  try {
    const channel = await call("POST", "/alerts/channels", {
      name: "ops",
      kind: "webhook",
      url: `${receiver.url}/hook`,
    });
    const rule = { kind: "limit_threshold", channels: [channel.body.id] };
    expect((await call("POST", "/alerts/rules", { name: "levels", ...rule })).status).toBe(201);
    // A day that begins now leaves 24 hours to test in.
    const policy = {
      period: "day",
      anchor: new Date(Date.now() - 60_000).toISOString().slice(11, 16),
      levels: [0.5],
    };
    const limit = { limit_id: "daily", limit_name: "daily", limit_type: "block", max: 0.16, ...policy };
    expect((await call("POST", "/limits", limit)).status).toBe(201);
    const first = {
      hold_id: settled,
      limit_ids: ["daily"],
      estimate: { upper_bound: "0.09", worst_case: "0.09" },
      ttl_ms: LIFE_MS,
    };
    const context = { category: "system.anthropic", resource: "claude-sonnet-4-20250514" };
    expect((await call("POST", "/holds", { ...first, context })).body.admitted).toBe(true);
    await spend();
    expect(await hold("0.05")).toBe(true);
    await receiver.arrived(1);
    const before = await totals();
    await restart();
    expect(await totals()).toEqual(before);
    expect(before).toMatchObject({ held: "0.05", cost: { total: { base: 0.09 } } });
    // 0.09 are spent and 0.05 held, of 0.16.
    expect([await hold("0.03"), await hold("0.01")]).toEqual([false, true]);
    expect((await call("GET", "/alerts/history")).body.items).toHaveLength(1);
    expect((await call("POST", "/limits/daily/reset", {})).status).toBe(200);
    await restart();
    const { cost, held } = await totals();
    expect([cost.total.base, held]).toEqual([0, "0"]);
    const { items } = (await call("GET", "/limits/daily/history")).body;
    expect(items.map(({ spent }: { spent: string }) => spent)).toEqual(["0.09"]);
    expect([await hold("0.16"), await hold("0.01")]).toEqual([true, false]);
    expect(receiver.received).toHaveLength(1);
  } finally {
    await stop(server, "SIGKILL");
  }
});
