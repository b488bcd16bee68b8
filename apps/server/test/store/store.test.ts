import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { newId } from "../../src/new-id.ts";
import { latencyBin } from "../../src/store/latency-bin.ts";
import { openSqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { StoreUnavailableError } from "../../src/store/unavailable.ts";
import { type TestStore, newEvent, onEachEngine, openTestStore } from "./support.ts";

onEachEngine("the store", (engine) => {
  let store: TestStore;
  beforeAll(async () => {
    store = await openTestStore(engine);
  });
  afterAll(() => store.close());

  describe("the writer", () => {
    test("many callers at once are each recorded once, whatever fails beside them", async () => {
      const calls = Array.from({ length: 300 }, (_, index) =>
        store.ingest([
          newEvent({
            useCase: "many",
            instance: "one",
            key: { kind: "response", id: `many-${index % 100}` },
            providerResponseId: `many-${index % 100}`,
            limitIds: index % 70 === 69 ? ["nope"] : [],
          }),
        ]),
      );
      const outcomes = (await Promise.all(calls)).flat();
      const recorded = outcomes.filter((outcome) => "event" in outcome && !outcome.duplicate);
      expect(recorded).toHaveLength(100);
      expect(outcomes.filter((outcome) => "error" in outcome).length).toBeGreaterThan(0);
      const instance = await store.instance({ application: "default", useCase: "many", id: "one" });
      expect(instance?.sums).toMatchObject({ requests: 100, cost: 200n });
      expect(await store.verify()).toEqual([]);
    });

    test("one that the engine refuses fails alone, though others share its statements", async () => {
      const id = newId();
      await store.ingest([newEvent({ id })]);
      const calls = Array.from({ length: 20 }, (_, index) =>
        store.ingest([newEvent({ useCase: "poisoned", ...(index === 7 ? { id } : {}) })]),
      );
      const settled = await Promise.allSettled(calls);
      expect(settled.flatMap(({ status }, index) => (status === "rejected" ? [index] : []))).toEqual([7]);
      const span = { application: "default", fromMs: 0, toMs: 10 ** 12, filter: { useCase: "poisoned" } };
      const { total } = await store.breakdown({ ...span, groupBy: "use_case", limit: 1 });
      expect(total.requests).toBe(19);
      expect(await store.verify()).toEqual([]);
    });

    test("what it acknowledged is there for readers at once", async () => {
      const [outcome] = await store.ingest([newEvent()]);
      if (outcome === undefined || "error" in outcome) throw new Error("The event was refused.");
      expect(await store.event({ application: "default", id: outcome.event.id })).toEqual(outcome.event);
    });

    test("text is kept only where the use case does not forbid it", async () => {
      const text = { request: "question", reasoning: null, response: "answer", functionCalls: [] };
      const open = { limitConfig: undefined, properties: {}, seeded: false, application: "default" };
      await store.createUseCase({ ...open, name: "quiet", description: "d", loggingEnabled: false });
      await store.createUseCase({ ...open, name: "loud", description: "d", loggingEnabled: undefined });
      await store.ingest([newEvent({ useCase: "quiet", text }), newEvent({ useCase: "loud", text })]);
      expect(await store.rows("SELECT request, response FROM event_text")).toEqual([
        { request: "question", response: "answer" },
      ]);
    });

    test("the order of arrival changes no total", async () => {
      const events = Array.from({ length: 60 }, (_, index) => ({
        useCase: "order",
        instance: `i${index % 4}`,
        timeMs: index * 1_000_003,
        user: index % 3 === 0 ? null : `u${index % 5}`,
        latencyMs: index,
        cost: index % 7 === 0 ? null : { input: BigInt(index), output: 5n, total: BigInt(index) + 5n },
      }));
      const look = async (application: string) => {
        const span = { application, fromMs: 0, toMs: 10 ** 12, filter: {} };
        const page = { limit: 100, ascending: true, after: undefined };
        return [
          await store.breakdown({ ...span, groupBy: "user", limit: 100 }),
          await store.series({
            ...span,
            toMs: 10 ** 8,
            groupBy: "use_case",
            limit: 100,
            granularity: "hour",
          }),
          (await store.instances(span, page)).items,
        ];
      };
      for (const [application, list] of [
        ["sorted", events],
        ["reversed", events.toReversed()],
        ["mixed", events.toSorted((left, right) => (left.timeMs % 7919) - (right.timeMs % 7919))],
      ] as const) {
        // oxlint-disable-next-line no-await-in-loop
        await store.makeApplication(application);
        // oxlint-disable-next-line no-await-in-loop
        await store.ingest(list.map((event) => newEvent({ ...event, application })));
      }
      const sorted = await look("sorted");
      expect(await look("reversed")).toEqual(sorted);
      expect(await look("mixed")).toEqual(sorted);
    });
  });

  describe("verify", () => {
    let healthy: TestStore;
    beforeAll(async () => {
      healthy = await openTestStore(engine);
      const limit = { limitType: "allow", threshold: undefined, properties: {} } as const;
      await healthy.createLimit({ ...limit, application: "default", id: "l", name: "l", max: 1n });
      const key = { kind: "response", id: "r" } as const;
      const context = { useCase: "u", instance: "i", user: "x", limitIds: ["l"] };
      const event = newEvent({ ...context, latencyMs: 9, key, providerResponseId: "r" });
      await healthy.ingest([event]);
      await healthy.upsertEvents([{ ...event, cost: { input: 1n, output: 2n, total: 3n } }]);
    });
    afterAll(() => healthy.close());

    test("finds nothing in a healthy store", async () => {
      expect(await healthy.verify()).toEqual([]);
    });

    test.each([
      ["UPDATE rollup_hour SET cost_lo = cost_lo + 1", "rollup_hour = events"],
      ["UPDATE rollup_dim_day SET n = n + 1 WHERE dimension = 'user'", "rollup_dim_day of user = events"],
      ["UPDATE instance SET errors = errors + 1", "instance totals = events"],
      ["UPDATE limit_window SET used_lo = used_lo - 1", "limit window = its entries"],
      ["DELETE FROM cost_revision WHERE revision = 0", "cost of an event = its ledger entries"],
      ["UPDATE cost_revision SET delta_total = delta_total + 1", "cost of an event = its ledger entries"],
      ["DELETE FROM event_key", "every provider response id is kept"],
      ["UPDATE latency_hist_hour SET n = n + 1", "no latency is binned without an event"],
    ])("finds %s", async (damage, invariant) => {
      const findings = await healthy.verifyAfter(damage);
      expect(findings.map((finding) => finding.invariant)).toContain(invariant);
      expect(await healthy.verify()).toEqual([]);
    });
  });

  test("a closed store refuses instead of waiting for ever", async () => {
    const other = await openTestStore(engine);
    await other.close();
    await expect(other.lastSeq()).rejects.toThrow(StoreUnavailableError);
    await expect(other.ingest([newEvent()])).rejects.toThrow(StoreUnavailableError);
  });
});

test("a file that is no database is refused", async () => {
  const file = join(await mkdtemp(join(tmpdir(), "payi-store-")), "notes.txt");
  await writeFile(file, "this is no database, but a text of some length".repeat(40));
  await expect(openSqliteStore(file)).rejects.toThrow(/not a database/);
  await rm(dirname(file), { recursive: true });
});

test.each([
  [0, 0],
  [1, 0],
  [2, 8],
  [1000, 73],
])("a latency of %i ms is in bin %i", (latency, bin) => {
  expect(latencyBin(latency)).toBe(bin);
  expect(1.1 ** bin).toBeGreaterThanOrEqual(latency * 0.999);
});

test("a call that cannot cross to the writer's thread fails alone", async () => {
  const store = await openTestStore("sqlite");
  const request = (() => "no text") as unknown as string;
  const text = { request, reasoning: null, response: null, functionCalls: [] };
  const [poisoned, sound] = await Promise.allSettled([
    store.ingest([newEvent({ text })]),
    store.ingest([newEvent()]),
  ]);
  const reason = { message: expect.stringContaining("could not be cloned") as string };
  expect(poisoned).toMatchObject({ status: "rejected", reason });
  expect(sound).toMatchObject({ status: "fulfilled", value: [{ duplicate: false }] });
  await store.close();
});
