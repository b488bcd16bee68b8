import { afterAll, beforeAll, expect, test } from "vitest";

import { createKey } from "../../src/domain/keys.ts";
import { type Engine, type TestStore, onEachEngine, openTestStore } from "../store/support.ts";
import { type TestServer, request, sonnet, startTestServer } from "../support.ts";

const USE_CASES = ["unset", "allowed", "forbidden"] as const;

/** Everything in which an event may carry what was said. */
function words(marker: string): Record<string, unknown> {
  return {
    provider_request_json: `{"prompt":"${marker} asked"}`,
    provider_request_reasoning_json: `${marker} thought`,
    provider_response_json: [`${marker} answered`],
    provider_response_function_calls: [{ name: "find", arguments: `{"q":"${marker} called"}` }],
  };
}

const KINDS = ["asked", "thought", "answered", "called"];

onEachEngine("what was said in a call", (engine: Engine) => {
  let store: TestStore;
  let server: TestServer;
  const keys = new Map<string, string>();

  beforeAll(async () => {
    store = await openTestStore(engine);
    for (const [application, keepText] of [
      ["keeps", true],
      ["drops", false],
    ] as const) {
      /* oxlint-disable no-await-in-loop -- one application after the other */
      await store.createApplication({ id: application, name: application, group: null }, "test");
      const made = await store.application(application);
      if (made === undefined) throw new Error("The application is missing.");
      await store.changeApplication({ id: application, settings: { ...made.settings, keepText } }, "test");
      keys.set(application, (await createKey(store, application, "test")).text);
      for (const name of USE_CASES) {
        const loggingEnabled = { unset: undefined, allowed: true, forbidden: false }[name];
        const open = { description: "d", limitConfig: undefined, properties: {}, seeded: false };
        await store.createUseCase({ ...open, application, name, loggingEnabled });
      }
      /* oxlint-enable no-await-in-loop */
    }
    server = await startTestServer({ store });
  });
  afterAll(() => server.close());

  /** Sends the words of `marker` in each way that there is; answers with their kinds in that way. */
  const ways: Readonly<
    Record<string, (key: string, useCase: string, marker: string) => Promise<readonly string[]>>
  > = {
    async single(key, useCase, marker) {
      await send(key, "/ingest", sonnet({ ...words(marker), use_case_name: useCase }));
      return KINDS;
    },
    async bulk(key, useCase, marker) {
      await send(key, "/ingest/bulk", [sonnet({ ...words(marker), use_case_name: useCase })]);
      return KINDS;
    },
    async "bulk-upsert of a new call"(key, useCase, marker) {
      const event = sonnet({ ...words(marker), use_case_name: useCase, provider_response_id: marker });
      await send(key, "/ingest/bulk-upsert", [event]);
      return KINDS;
    },
    async "bulk-upsert of a known call"(key, useCase, marker) {
      const event = sonnet({
        use_case_name: useCase,
        use_case_id: marker,
        provider_response_id: `k${marker}`,
      });
      await send(key, "/ingest/bulk", [event]);
      const again = { ...event, ...words(marker), units: { text: { input: 7, output: 7 } } };
      await send(key, "/ingest/bulk-upsert", [again]);
      return KINDS;
    },
    async "an instance that is named alone"(key, useCase, marker) {
      await send(key, "/ingest", sonnet({ use_case_name: useCase, use_case_id: `i${marker}` }));
      await send(key, "/ingest", sonnet({ ...words(marker), use_case_id: `i${marker}` }));
      return KINDS;
    },
    async "a Copilot transcript"(key, useCase, marker) {
      const [user, agent] = [{ role: 1, aadObjectId: "jane" }, { role: 0 }];
      const message = { type: "message", timestamp: 1_700_000_000, channelId: "msteams" };
      const transcript = {
        conversation_id: `c${marker}`,
        transcript_id: `t${marker}`,
        created_on: "2026-11-02T09:00:00Z",
        agent_name: useCase,
        activities: [
          { ...message, id: "a", from: user, text: `${marker} asked` },
          { ...message, id: "b", from: agent, text: `${marker} answered` },
        ],
      };
      await send(key, "/ingest/copilot/transcripts", { transcript });
      return ["asked", "answered"];
    },
  };

  async function send(key: string, path: string, body: unknown): Promise<void> {
    const { status, body: answer } = await server.post(path, body, { "xProxy-api-key": key });
    expect([status, answer.error_count ?? 0]).toEqual([200, 0]);
  }

  test.each(Object.keys(ways))(
    "is kept only where application and use case both allow it: %s",
    async (way) => {
      const expected: string[] = [];
      for (const [application, key] of keys) {
        for (const useCase of USE_CASES) {
          const marker = `${way.replaceAll(/\W/g, "")}-${application}-${useCase}`;
          // oxlint-disable-next-line no-await-in-loop -- one call after the other
          const kinds = await ways[way]?.(key, useCase, marker);
          if (application === "drops" || useCase === "forbidden") continue;
          expected.push(...(kinds ?? []).map((kind) => `${marker} ${kind}`));
        }
      }
      const marker = `${way.replaceAll(/\W/g, "")}-\\w+-\\w+ (?:${KINDS.join("|")})`;
      const found = (await store.everything()).match(new RegExp(marker, "g")) ?? [];
      expect([...new Set(found)].toSorted()).toEqual(expected.toSorted());
    },
  );

  test("is not kept where the call itself says so", async () => {
    const header = { "xProxy-Logging-Disable": "True", "xProxy-api-key": keys.get("keeps") ?? "" };
    const event = sonnet({ ...words("private"), use_case_name: "allowed" });
    expect((await server.post("/ingest", event, header)).status).toBe(200);
    expect(await store.everything()).not.toContain("private asked");
  });

  test("is shown with the request as long as it is kept; of functions, the names always", async () => {
    const key = keys.get("keeps") ?? "";
    const event = sonnet({ ...words("shown"), use_case_name: "allowed" });
    const { body } = await server.post("/ingest", event, { "xProxy-api-key": key });
    const shown = async () => {
      const path = `${server.url}/api/v1/analytics/requests/${body.request_id}`;
      return (await request(path, "GET", undefined, { "xproxy-api-key": key })).body;
    };
    const sent = words("shown");
    expect(await shown()).toMatchObject({
      provider_request_json: sent["provider_request_json"],
      provider_request_reasoning_json: sent["provider_request_reasoning_json"],
      provider_response_json: expect.stringContaining("shown answered"),
      function_calls: [{ name: "find", arguments: '{"q":"shown called"}' }],
    });
    // By the time in the id, which is ahead of the clock where a test before it in this process was.
    const beforeMs = Number.parseInt(body.request_id.replaceAll("-", "").slice(0, 12), 16) + 1000;
    const removal = { application: "keeps", beforeMs, nowMs: beforeMs, most: 1000 };
    await store.retain({ ...removal, kind: "text" });
    expect(await shown()).toMatchObject({
      provider_request_json: null,
      provider_request_reasoning_json: null,
      provider_response_json: null,
      function_calls: [{ name: "find" }],
    });
    expect(await store.everything()).not.toContain("shown called");
  });
});
