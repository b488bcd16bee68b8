import { afterAll, beforeAll, expect, test } from "vitest";

import { type TestStore, onEachEngine, openTestStore } from "./support.ts";

const HOUR_MS = 3_600_000;

onEachEngine("what SDKs lost", (engine) => {
  let store: TestStore;
  beforeAll(async () => {
    store = await openTestStore(engine);
  });
  afterAll(() => store.close());

  test("totals that SDKs tell are added up by day, and late or repeated ones change nothing", async () => {
    const application = "default";
    const at = Date.parse("2026-11-20T12:00:00Z");
    const report = (ledger: string, lost: number) => ({
      ledger,
      produced: 100,
      delivered: 100 - lost,
      dropped: { crash: lost },
    });
    await store.recordClientReports(application, [report("a", 2), report("b", 1)], at);
    await store.recordClientReports(application, [report("a", 2), report("b", 0)], at);
    await store.recordClientReports(application, [report("a", 5)], at + 24 * HOUR_MS);
    expect(await store.clientLosses(application, "2026-11-20")).toEqual({ crash: 3 });
    expect(await store.clientLosses(application, "2026-11-21")).toEqual({ crash: 3 });
  });
});
