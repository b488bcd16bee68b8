import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { type Receiver, startReceiver } from "../receiver.ts";
import { type TestServer, sonnet, startTestServer } from "../support.ts";

let server: TestServer;
let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
  server = await startTestServer({
    alerts: {
      allowedHosts: [{ scheme: "http", host: "127.0.0.1", port: undefined }],
      intervalMs: 20,
      checkEveryMs: 20,
    },
  });
});
afterAll(async () => {
  await server.close();
  await receiver[Symbol.asyncDispose]();
});
beforeEach(() => {
  receiver.received.length = 0;
  receiver.answer = () => ({ status: 200 });
});

let made = 0;
async function webhook(path = "/hook") {
  made += 1;
  const wanted = { name: `hook ${made}`, kind: "webhook", url: `${receiver.url}${path}` };
  const { status, body } = await server.post("/alerts/channels", wanted);
  expect(status).toBe(201);
  return body;
}

async function rule(fields: Record<string, unknown>) {
  made += 1;
  const { status, body } = await server.post("/alerts/rules", { name: `rule ${made}`, ...fields });
  expect([status, body.message]).toEqual([201, undefined]);
  return body;
}

/** The alerts of a rule, once so many deliveries of them have ended. */
async function settled(ruleId: string, count = 1) {
  for (;;) {
    const { body } = await server.get(`/alerts/history?rule_id=${ruleId}`);
    const deliveries = body.items.flatMap((alert: { deliveries: unknown[] }) => alert.deliveries);
    const ended = deliveries.filter(({ state }: { state: string }) => state !== "pending");
    if (ended.length >= count) return body.items;
    await receiver.arrived(receiver.received.length);
  }
}

describe("unpriced usage", () => {
  test("arrives signed, once for a resource and day, and the history says so", async () => {
    const channel = await webhook("/hook?token=hidden");
    expect(channel.secret).toMatch(/^whsec_/);
    const { id } = await rule({
      kind: "unpriced",
      condition: { category: "system.anthropic" },
      channels: [channel.id],
    });
    await server.post("/ingest", sonnet({ resource: "nobody-knows" }));
    await server.post("/ingest", sonnet({ resource: "nobody-knows", units: { audio: { input: 5 } } }));
    await server.post("/ingest", sonnet({ category: "system.openai", resource: "nobody-knows" }));
    const [first] = await receiver.arrived(1);
    if (first === undefined) throw new Error("Nothing arrived.");
    const told = new Webhook(channel.secret).verify(first.body, first.headers as Record<string, string>);
    expect(told).toMatchObject({
      type: "alert.unpriced",
      data: {
        rule_id: id,
        subject: "system.anthropic nobody-knows",
        title: "No price for system.anthropic nobody-knows",
        facts: { category: "system.anthropic", resource: "nobody-knows", status: "unknown_model" },
      },
    });
    const [alert, ...others] = await settled(id);
    expect(others).toEqual([]);
    expect(alert.deliveries).toMatchObject([
      {
        id: first.headers["webhook-id"],
        channel_id: channel.id,
        state: "delivered",
        attempts: 1,
        last_status: 200,
      },
    ]);
    expect(receiver.received).toHaveLength(1);
  });
});

describe("a channel", () => {
  test("shows its secret when it is made, and never again, nor what could be a key", async () => {
    const { id, secret } = await webhook("/hook?token=hidden");
    const slack = await server.post("/alerts/channels", {
      name: "slack",
      kind: "slack",
      url: `${receiver.url}/services/T0/B0/hidden`,
    });
    expect(slack.body).toMatchObject({ kind: "slack", target: `${receiver.url}/…` });
    const shown = await Promise.all([
      server.get("/alerts/channels"),
      server.get(`/alerts/channels/${id}`),
      server.put(`/alerts/channels/${id}`, { enabled: true }),
    ]);
    expect(JSON.stringify(shown.map(({ body }) => body))).not.toMatch(/hidden|whsec/);
    const again = await server.post("/alerts/channels", {
      name: shown[1].body.name,
      kind: "webhook",
      url: `${receiver.url}/hook?token=hidden`,
    });
    expect([again.status, again.body.id, again.body.secret]).toEqual([200, id, undefined]);
    const stored = await server.store.alertChannel("default", id);
    expect(stored?.secret).not.toContain("hidden");
    expect(stored?.secret).not.toContain(secret.slice(6));
  });

  test("made under an Idempotency-Key leaves no secret with the kept answers", async () => {
    const wanted = { name: "kept", kind: "webhook", url: receiver.url };
    const first = await server.post("/alerts/channels", wanted, { "idempotency-key": "channel" });
    const second = await server.post("/alerts/channels", wanted, { "idempotency-key": "channel" });
    expect([second.status, second.body.id]).toEqual([first.status, first.body.id]);
    expect([typeof first.body.secret, second.body.secret]).toEqual(["string", null]);
    expect((await server.store.answer("default", "channel"))?.body).not.toContain("whsec_");
  });

  test("is tested at once, with the answer that came, and the test stands in the history", async () => {
    const { id, secret } = await webhook();
    expect((await server.post(`/alerts/channels/${id}/test`)).body).toMatchObject({
      delivered: true,
      status: 200,
      error: null,
    });
    const [arrived] = receiver.received;
    expect(() =>
      new Webhook(secret).verify(arrived?.body ?? "", arrived?.headers as Record<string, string>),
    ).not.toThrow();
    receiver.answer = () => ({ status: 418 });
    expect((await server.post(`/alerts/channels/${id}/test`)).body).toMatchObject({
      delivered: false,
      status: 418,
      error: "It answered 418: said by the receiver",
    });
    const { body } = await server.get("/alerts/history?kind=test&state=dead");
    expect(body.items[0].deliveries).toMatchObject([{ channel_id: id, state: "dead", last_status: 418 }]);
  });

  test("keeps its name to itself, and is gone once it is deleted", async () => {
    const one = await webhook();
    const other = await webhook();
    const taken = { name: one.name, kind: "webhook", url: `${receiver.url}/elsewhere` };
    expect((await server.post("/alerts/channels", taken)).status).toBe(409);
    expect((await server.put(`/alerts/channels/${other.id}`, { name: one.name })).status).toBe(409);
    expect((await server.delete(`/alerts/channels/${one.id}`)).status).toBe(200);
    const { items } = await server.store.audit(
      { application: "default", organization: false, subject: one.id },
      { limit: 10, ascending: true, after: undefined },
    );
    expect(items.map(({ action }) => action)).toEqual(["alert_channel.created", "alert_channel.deleted"]);
    expect(JSON.stringify(items)).not.toMatch(/whsec|secret/);
    for (const method of ["get", "delete"] as const) {
      expect((await server[method](`/alerts/channels/${one.id}`)).body.xproxy_error.code).toBe(
        "alert_channel_not_found",
      );
    }
  });

  test.each([
    [{ kind: "pager" }, "invalid_alert_channel"],
    [{ kind: "webhook" }, "required_field_missing"],
    [{ kind: "webhook", url: "http://10.0.0.1/" }, "forbidden_target"],
    [{ kind: "webhook", url: "https://localhost/" }, "forbidden_target"],
    [{ kind: "slack", url: "https://169.254.169.254/" }, "forbidden_target"],
    [{ kind: "webhook", url: "https://example.com/", secret: "short" }, "invalid_alert_channel"],
    [{ kind: "email", to: [] }, "invalid_alert_channel"],
    [{ kind: "email", to: ["a@example.com, b@example.com"] }, "invalid_alert_channel"],
  ])("%j is refused", async (fields, code) => {
    const { status, body } = await server.post("/alerts/channels", { name: "refused", ...fields });
    expect([status, body.xproxy_error.code]).toEqual([400, code]);
  });
});

describe("a rule", () => {
  test("is idempotent by name, changed in part, and refuses what it does not know", async () => {
    const wanted = { name: "once", kind: "delivery_gap", condition: { min_lost: 5 } };
    const first = await server.post("/alerts/rules", wanted);
    const again = await server.post("/alerts/rules", wanted);
    expect([first.status, again.status, again.body.id]).toEqual([201, 200, first.body.id]);
    const other = await server.post("/alerts/rules", { ...wanted, condition: { min_lost: 6 } });
    expect(other.body.xproxy_error.code).toBe("alert_rule_exists");
    const path = `/alerts/rules/${first.body.id}`;
    expect((await server.put(path, { enabled: false })).body).toMatchObject({
      enabled: false,
      condition: { min_lost: 5 },
    });
    expect((await server.put(path, { condition: { min_lots: 5 } })).body.message).toContain("min_lots");
    expect((await server.put(path, { channels: ["nope"] })).body.xproxy_error.code).toBe(
      "alert_channel_not_found",
    );
    expect(
      (await server.get("/alerts/rules")).body.items.map(({ name }: { name: string }) => name),
    ).toContain("once");
    expect((await server.delete(path)).status).toBe(200);
    expect((await server.get(path)).body.xproxy_error.code).toBe("alert_rule_not_found");
  });

  test("that is switched off is silent, and what came meanwhile is no news later", async () => {
    const { id } = await rule({ kind: "unpriced", condition: { resource: "meanwhile" }, enabled: false });
    const witness = await rule({
      kind: "unpriced",
      condition: { resource: "meanwhile" },
      channels: [(await webhook()).id],
    });
    await server.post("/ingest", sonnet({ resource: "meanwhile" }));
    await settled(witness.id);
    await server.put(`/alerts/rules/${id}`, { enabled: true });
    await server.post("/ingest", sonnet({ category: "system.openai", resource: "meanwhile" }));
    await settled(witness.id, 2);
    const { body } = await server.get(`/alerts/history?rule_id=${id}`);
    expect(body.items.map(({ subject }: { subject: string }) => subject)).toEqual([
      "system.openai meanwhile",
    ]);
  });
});

test("losses that an SDK tells in its header raise an alert once a day, and a repeated report counts once", async () => {
  const channel = await webhook();
  const { id } = await rule({ kind: "delivery_gap", condition: { min_lost: 3 }, channels: [channel.id] });
  const report = (lost: number): Record<string, string> => ({
    "x-payi-client-report": JSON.stringify([
      {
        id: "ledger",
        produced: 10,
        delivered: 10 - lost,
        dropped: { queue_overflow: lost, crash: 0 },
        pending: 0,
      },
      { id: 5 },
      "strange",
    ]),
  });
  await server.post("/ingest/bulk", [sonnet()], report(2));
  await server.post("/ingest/bulk", [sonnet()], { "x-payi-client-report": "no JSON" });
  await server.post("/ingest/bulk", [sonnet()], report(2));
  await server.post("/ingest/bulk", [sonnet()], report(3));
  const [alert] = await settled(id);
  expect(alert).toMatchObject({
    title: "3 events were lost on their way here",
    facts: { lost: 3, reasons: { queue_overflow: 3 } },
  });
});

test("a delivery that fails is made again until it arrives; one that is refused is a dead letter that can be sent anew", async () => {
  const channel = await webhook();
  const { id } = await rule({ kind: "unpriced", condition: { resource: "refused" }, channels: [channel.id] });
  receiver.answer = () => ({ status: 410 });
  await server.post("/ingest", sonnet({ resource: "refused" }));
  const [alert] = await settled(id);
  expect(alert.deliveries).toMatchObject([{ state: "dead", attempts: 1, last_status: 410 }]);
  receiver.answer = () => ({ status: 204 });
  expect((await server.post(`/alerts/history/${alert.id}/retry`)).status).toBe(200);
  const [, second] = await receiver.arrived(2);
  expect(second?.headers["webhook-id"]).toBe(alert.deliveries[0].id);
  expect((await server.post("/alerts/history/nope/retry")).status).toBe(404);
});
