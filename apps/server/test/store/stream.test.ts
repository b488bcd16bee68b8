import { expect, test } from "vitest";

import { connect } from "../../src/store/postgres/connect.ts";
import { describePostgres, newEvent, onEachEngine, openTestStore } from "./support.ts";

onEachEngine("the live stream of an application", (engine) => {
  test("begins at its end, goes on where somebody was, and counts only its own entries back", async () => {
    const store = await openTestStore(engine);
    await store.makeApplication("busy");
    expect(await store.streamStart("default", undefined, 3)).toBe(0);
    const record = async (application: string, count: number): Promise<void> => {
      await store.ingest(Array.from({ length: count }, () => newEvent({ application })));
    };
    await record("default", 2);
    await record("busy", 50);
    await record("default", 3);
    await record("busy", 50);
    const own = await store.stream("default", 0, 100);
    const seqs = own.map(({ seq }) => seq);
    expect(seqs).toHaveLength(5);
    const [first = 0, second = 0] = seqs;
    const last = seqs.at(-1) ?? 0;
    expect(await store.streamStart("default", undefined, 3)).toBe(last);
    // A number of the future, or of what others recorded since.
    expect(await store.streamStart("default", last + 40, 3)).toBe(last);
    expect(await store.streamStart("default", second, 10)).toBe(second);
    // Between two of one's own stand fifty of others, which are not what one missed.
    expect(await store.streamStart("default", first, 4)).toBe(first);
    expect((await store.stream("default", await store.streamStart("default", 0, 3), 100)).length).toBe(3);
    await store.close();
  });
});

describePostgres("on PostgreSQL", () => {
  test("what another process commits late under an earlier number is told all the same", async () => {
    const store = await openTestStore("postgres");
    await store.makeApplication("quick");
    const slow = await connect(store.place);
    await slow.query("BEGIN");
    await slow.query("INSERT INTO outbox (application, kind, payload, created_ms) VALUES ($1, $2, $3, 0)", [
      "default",
      "score",
      JSON.stringify({ useCase: "u", instance: "i", kpi: "k", score: 1 }),
    ]);
    await store.ingest([newEvent({ application: "quick" })]);
    const start = await store.streamStart("default", undefined, 100);
    await slow.query("COMMIT");
    await slow.end();
    const told = await store.stream("default", start, 10);
    expect(told.map(({ kind }) => kind)).toEqual(["score"]);
    expect(told[0]?.seq).toBeLessThan(await store.lastSeq());
    await store.close();
  });
});
