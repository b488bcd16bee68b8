import { expect, test } from "vitest";

import { createApp } from "../../src/app.ts";
import { ensureKey } from "../../src/domain/keys.ts";
import { onEachEngine, openTestStore } from "../store/support.ts";
import { TEST_KEY, request, sonnet } from "../support.ts";

onEachEngine("each batch three times at once, and again after a restart", (engine) => {
  test("counts and charges every event once; other content under an id changes nothing", async () => {
    const store = await openTestStore(engine);
    await ensureKey(store, TEST_KEY, "test");
    const batches = Array.from({ length: 3 }, (_, batch) =>
      Array.from({ length: 15 }, (_unused, index) =>
        sonnet({
          provider_response_id: `r-${batch}-${index}`,
          use_case_name: "again",
          use_case_id: `i-${index % 4}`,
          limit_ids: ["budget"],
        }),
      ),
    );
    const ids: string[][] = [];
    for (let start = 0; start < 2; start += 1) {
      const app = await createApp({ store, dashboardIsOpen: false });
      const url = `${await app.listen({ port: 0, host: "127.0.0.1" })}/api/v1`;
      const headers = { "xproxy-api-key": TEST_KEY };
      await request(
        `${url}/limits`,
        "POST",
        { limit_id: "budget", limit_name: "budget", max: 1000 },
        headers,
      );
      const answers = await Promise.all(
        batches.flatMap((batch) =>
          [1, 2, 3].map(() => request(`${url}/ingest/bulk`, "POST", batch, headers)),
        ),
      );
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
      for (const { body } of answers)
        ids.push(
          body.results.map(
            (item: { xproxy_result: { request_id: string } }) => item.xproxy_result.request_id,
          ),
        );
      const other = await request(
        `${url}/ingest`,
        "POST",
        sonnet({ provider_response_id: "r-0-0", units: { text: { input: 9, output: 9 } } }),
        headers,
      );
      expect([other.status, JSON.stringify(other.body.xproxy_result)]).toEqual([
        200,
        expect.stringContaining("duplicate"),
      ]);
      const { body: sums } = await request(`${url}/analytics/breakdown`, "GET", undefined, headers);
      expect(sums.total).toMatchObject({ requests: 45, cost: "0.2025" });
      const { body: limit } = await request(`${url}/limits/budget`, "GET", undefined, headers);
      expect(limit.limit.totals.cost.total.base).toBe(0.2025);
      await app.close();
    }
    expect(new Set(ids.flat()).size).toBe(45);
    expect(await store.verify()).toEqual([]);
    await store.close();
  });
});
