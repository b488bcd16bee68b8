import { afterAll, beforeAll, expect, test } from "vitest";

import { type NewReport } from "../../src/store/report.ts";
import { type TestStore, onEachEngine, openTestStore } from "./support.ts";

onEachEngine("reports", (engine) => {
  let store: TestStore;
  beforeAll(async () => {
    store = await openTestStore(engine);
    await store.makeApplication("another");
  });
  afterAll(() => store.close());

  const wanted: NewReport = {
    application: "default",
    name: "Monthly “spend”",
    definition: {
      group_by: "property:a\u0000b",
      granularity: "day",
      fields: ["spend", "requests"],
      filters: { "property.plan": "" },
      days: 30,
      format: "csv",
    },
  };

  test("are kept, changed and deleted, each for its application alone", async () => {
    const report = await store.createReport(wanted);
    const definition = { ...wanted.definition, group_by: "property:a\uFFFDb" };
    expect(await store.report("default", report.id)).toEqual({ ...report, definition });
    expect(await store.report("another", report.id)).toBeUndefined();
    await expect(store.deleteReport("another", report.id)).rejects.toMatchObject({
      code: "report_not_found",
    });
    await expect(store.changeReport("nope", wanted)).rejects.toMatchObject({ code: "report_not_found" });
    const changed = await store.changeReport(report.id, { ...wanted, name: "n" });
    expect([changed.name, changed.createdMs]).toEqual(["n", report.createdMs]);
    const second = await store.createReport(wanted);
    const page = { limit: 1, ascending: true, after: undefined };
    const { items, next } = await store.reports("default", page);
    const rest = await store.reports("default", { ...page, after: next });
    expect([...items, ...rest.items].map(({ id }) => id)).toEqual([report.id, second.id]);
    await store.deleteReport("default", report.id);
    expect(await store.report("default", report.id)).toBeUndefined();
  });
});
