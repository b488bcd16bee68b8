import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { type Answer, type TestServer, startTestServer } from "../support.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const SPAN = "from=2026-11-01T00:00:00Z&sort_ascending=true";
const USER = { role: 1, aadObjectId: "jane" };
const AGENT = { role: 0 };
const START = Date.parse("2026-11-02T09:00:00Z") / 1000;

function message(id: string, second: number, from: object, text: string): Record<string, unknown> {
  return { id, type: "message", timestamp: START + second, from, text, channelId: "msteams" };
}

const ACTIVITIES = [
  { id: "e", type: "event", timestamp: START, from: AGENT, value: { any: "thing" } },
  message("a", 0, AGENT, "How can I help?"),
  message("b", 10, USER, "Where is my"),
  message("c", 11, USER, "order?"),
  message("d", 14, AGENT, "On its way."),
];

function transcript(activities: readonly unknown[]): Promise<Answer> {
  return server.post("/ingest/copilot/transcripts", {
    transcript: {
      conversation_id: "conversation",
      transcript_id: "t1",
      created_on: "2026-11-02T09:00:00Z",
      agent_name: "Order desk",
      metrics: { total_turns: 2 },
      activities,
    },
  });
}

describe("a transcript", () => {
  test("is one request per turn, of the conversation as instance, with an unknown cost", async () => {
    const { status, body } = await transcript(ACTIVITIES);
    expect([status, body.requests_created, body.error_count, body.errors]).toEqual([200, 2, 0, null]);
    const { body: list } = await server.get(`/analytics/requests?use_case_name=Order_desk&${SPAN}`);
    expect(list.items).toHaveLength(2);
    expect(list.items[1]).toMatchObject({
      category: "system.microsoft.copilot",
      use_case_id: "conversation",
      time: "2026-11-02T09:00:10.000Z",
      latency_ms: 4000,
      user_id: "jane",
      cost: null,
    });
    const { body: instance } = await server.get("/analytics/instances/Order_desk/conversation");
    expect(instance.properties).toEqual({ "copilot.total_turns": "2" });
  });

  test("that has grown adds what is new and changes the turn that went on", async () => {
    const grown = [...ACTIVITIES, message("f", 20, AGENT, "Anything else?"), message("g", 30, USER, "No.")];
    expect((await transcript(grown)).body.requests_created).toBe(1);
    expect((await transcript(grown)).body.requests_created).toBe(0);
    const { body } = await server.get(`/analytics/requests?use_case_name=Order_desk&${SPAN}`);
    const latencies = body.items.map((item: { latency_ms: number | null }) => item.latency_ms);
    expect(latencies).toEqual([null, 10_000, null]);
    expect(await server.store.verify()).toEqual([]);
  });

  test("without messages makes no request", async () => {
    expect((await transcript([])).body.requests_created).toBe(0);
  });
});

describe("a licensing record", () => {
  const record = (consumed: unknown, feature = "Generative answer"): Promise<Answer> =>
    server.post("/ingest/copilot/licensing", {
      billing_date_utc: "2026-11-03T00:00:00Z",
      resource: {
        resourceId: "r1",
        agent_name: "Billed",
        unit: "Copilot Credits",
        consumed,
        metadata: { FeatureName: feature, LLMModel: "gpt-5", NonBillableQuantity: 1.5 },
      },
    });

  test("is one event for the day, and a corrected figure replaces it", async () => {
    expect((await record(12)).body).toMatchObject({ records_ingested: 1, error_count: 0 });
    await record(14.25);
    const { body } = await server.get(`/analytics/requests?use_case_name=Billed&${SPAN}`);
    expect(body.items).toHaveLength(1);
    expect(body.items[0]).toMatchObject({ resource: "Generative answer", cost: null });
    expect(body.items[0].units).toEqual({
      copilot_credits: { input: 0, output: 14 },
      copilot_credits_thousandth: { input: 0, output: 250 },
    });
  });

  test("gets a price by mapping it to a resource of one's own", async () => {
    await server.post("/categories/mine/resources/copilot", {
      units: { copilot_credits: { output_price: "0.01" } },
      start_timestamp: "2026-01-01T00:00:00Z",
    });
    await server.post("/unpriced/map", {
      category: "system.microsoft.copilot",
      resource: "Classic answer",
      price_as_category: "mine",
      price_as_resource: "copilot",
    });
    await record(3, "Classic answer");
    const { body } = await server.get(
      `/analytics/requests?use_case_name=Billed&resource=Classic+answer&${SPAN}`,
    );
    expect(body.items[0].cost).toBe("0.03");
  });

  test.each([
    [-1, "resource.consumed"],
    ["many", "resource.consumed"],
  ])("that consumed %j is refused", async (consumed, field) => {
    const { status, body } = await record(consumed);
    expect([status, body.message]).toEqual([400, expect.stringContaining(field)]);
  });
});
