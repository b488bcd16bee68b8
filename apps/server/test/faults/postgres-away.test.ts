/** A running server whose PostgreSQL goes away and comes back. */
import { expect, test, vi } from "vitest";

import { createApp } from "../../src/app.ts";
import { ensureKey } from "../../src/domain/keys.ts";
import { PATIENCE } from "../../src/store/postgres/connect.ts";
import { openPostgresStore } from "../../src/store/postgres/postgres-store.ts";
import { describePostgres } from "../store/support.ts";
import { makeDatabase } from "../store/test-database.ts";
import { type Answer, TEST_KEY, request, sonnet } from "../support.ts";
import { type Passage, startPausableProxy } from "./pausable-proxy.ts";

const PATIENT = { timeout: 60_000, interval: 50 };

describePostgres("PostgreSQL that goes away", () => {
  test.each<Passage>(["down", "silent"])(
    "(%s) is a 503 with Retry-After, then all goes on without a restart, and nothing is lost or twice",
    async (passage) => {
      await using database = await makeDatabase();
      const { hostname, port } = new URL(database.url);
      await using proxy = await startPausableProxy(hostname, Number(port));
      const through = new URL(database.url);
      through.host = `127.0.0.1:${proxy.port}`;
      const store = await openPostgresStore(through.href, { ...PATIENCE, answerMs: 1000, connectMs: 1000 });
      await ensureKey(store, TEST_KEY, "test");
      const app = await createApp({ store, dashboardIsOpen: false, alerts: { intervalMs: 50 } });
      const url = await app.listen({ port: 0, host: "127.0.0.1" });
      const call = (method: string, path: string, body?: unknown): Promise<Answer> =>
        request(url + path, method, body, { "xproxy-api-key": TEST_KEY });
      const send = (id: string): Promise<Answer> =>
        call("POST", "/api/v1/ingest", sonnet({ provider_response_id: id }));

      /** With a busy database, too, answers come after more than the second for which they are waited for. */
      const answered = (asking: () => Promise<Answer>): Promise<Answer> =>
        vi.waitUntil(async () => {
          const answer = await asking();
          return answer.status !== 503 && answer;
        }, PATIENT);

      expect((await answered(() => send("before"))).status).toBe(200);
      expect((await answered(() => call("GET", "/readyz"))).status).toBe(200);
      await proxy.set(passage);
      const answers = await Promise.all([
        send("during"),
        call("POST", "/api/v1/ingest/bulk", [sonnet({ provider_response_id: "bulk" })]),
        call("GET", "/api/v1/limits"),
        call("GET", "/api/v1/analytics/breakdown"),
        call("POST", "/api/v1/limits", { limit_name: "l", max: 1 }),
        call("GET", "/readyz"),
      ]);
      for (const { status, headers, body } of answers) {
        expect([status, headers.get("retry-after")]).toEqual([503, "1"]);
        expect(body.xproxy_error.code).toBe("unexpected_error");
      }
      expect((await call("GET", "/healthz")).status).toBe(200);

      await proxy.set("open");
      const again = await answered(() => send("during"));
      expect(again.body.xproxy_result.cost.total.base_decimal).toBe("0.0045");
      expect((await answered(() => send("during"))).body.request_id).toBe(again.body.request_id);
      expect((await answered(() => call("GET", "/readyz"))).status).toBe(200);
      const total = async (): Promise<number> =>
        (await answered(() => call("GET", "/api/v1/analytics/breakdown"))).body.total.requests;
      const before = await total();
      // The bulk may have arrived although nobody heard of it: then it counts once it is sent again.
      const bulk = [sonnet({ provider_response_id: "bulk" })];
      expect((await answered(() => call("POST", "/api/v1/ingest/bulk", bulk))).status).toBe(200);
      expect([2, 3]).toContain(before);
      expect(await total()).toBe(3);
      expect(await store.verify()).toEqual([]);
      await app.close();
      await store.close();
    },
  );
});
