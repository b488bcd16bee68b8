import { expect, test } from "vitest";

import { connect } from "../../src/store/postgres/connect.ts";
import { type StreamPart } from "../../src/store/query.ts";
import { type Store } from "../../src/store/store.ts";
import { describePostgres, newEvent, onEachEngine, openTestStore } from "./support.ts";

/** The whole stream, as somebody follows it who reads `number` entries at a time. */
async function partsOf(store: Store, number: number): Promise<readonly StreamPart[]> {
  const parts: StreamPart[] = [];
  for (let seq = 0; parts.at(-1)?.isEnd !== true; seq = parts.at(-1)?.toSeq ?? seq) {
    // oxlint-disable-next-line no-await-in-loop -- one part after the other
    parts.push(await store.stream("default", seq, number));
  }
  return parts;
}

onEachEngine("the live stream of an application", (engine) => {
  test("begins at its end, goes on where somebody was, and counts only its own entries back", async () => {
    const store = await openTestStore(engine);
    await store.makeApplication("busy");
    expect(await store.streamStart("default", undefined, 3)).toBe(0);
    const record = async (application: string, count: number): Promise<void> => {
      await store.ingest(Array.from({ length: count }, () => newEvent({ application })));
    };
    for (let count = 0; count < 2; count += 1) await record("default", 1);
    await record("busy", 50);
    for (let count = 0; count < 3; count += 1) await record("default", 1);
    await record("busy", 50);
    const own = await store.stream("default", 0, 100);
    const seqs = own.entries.map(({ seq }) => seq);
    expect(new Set(seqs).size).toBe(5);
    const [first = 0, second = 0] = seqs;
    const last = seqs.at(-1) ?? 0;
    expect(await store.streamStart("default", undefined, 3)).toBe(last);
    // A number of the future, or of what others recorded since.
    expect(await store.streamStart("default", last + 40, 3)).toBe(last);
    expect(await store.streamStart("default", second, 10)).toBe(second);
    // Between two of one's own stand fifty of others, which are not what one missed.
    expect(await store.streamStart("default", first, 4)).toBe(first);
    const back = await store.streamStart("default", 0, 3);
    expect((await store.stream("default", back, 100)).entries).toHaveLength(3);
    await store.close();
  });

  test("tells all of a batch under few numbers, in its order, and in whole rows", async () => {
    const store = await openTestStore(engine);
    const events = Array.from({ length: 250 }, () => newEvent());
    await store.ingest(events);
    const [first, ...rest] = await partsOf(store, 120);
    expect(first?.entries).toHaveLength(200);
    expect(rest.flatMap(({ entries }) => entries)).toHaveLength(50);
    const told = [first, ...rest].flatMap((part) => part?.entries ?? []);
    expect(told.map((entry) => entry.kind === "request" && entry.event.id)).toEqual(
      events.map(({ id }) => id),
    );
    expect(new Set(told.map(({ seq }) => seq)).size).toBe(3);
    // Two rows back, since one has too few.
    expect(await store.streamStart("default", 0, 60)).toBe(told[0]?.seq);
    expect(await store.streamStart("default", 0, 1000)).toBe(0);
    await store.close();
  });

  test("goes on past events that retention has taken", async () => {
    const store = await openTestStore(engine);
    const nowMs = Date.now();
    const old = Array.from({ length: 150 }, () => newEvent({ timeMs: nowMs - 1000 }));
    await store.ingest(old);
    const step = { application: "default", kind: "events", beforeMs: nowMs, nowMs, most: 1000 } as const;
    expect(await store.retain(step)).toBe(150);
    await store.ingest([newEvent({ timeMs: nowMs })]);
    const parts = await partsOf(store, 100);
    expect(parts.flatMap(({ entries }) => entries)).toHaveLength(1);
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
    expect(told.entries.map(({ kind }) => kind)).toEqual(["score"]);
    expect(told.toSeq).toBeLessThan(await store.lastSeq());
    await store.close();
  });
});
