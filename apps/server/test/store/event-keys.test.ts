/** A key belongs to the first event that was recorded under it, whoever asked for it before. */
import { afterAll, beforeAll, expect, test } from "vitest";

import { type NewEvent } from "../../src/store/event.ts";
import { type TestStore, newEvent, onEachEngine, openTestStore } from "./support.ts";

onEachEngine("the key of an event", (engine) => {
  let store: TestStore;
  beforeAll(async () => {
    store = await openTestStore(engine);
  });
  afterAll(() => store.close());

  function keyed(id: string, fields: Partial<NewEvent> = {}): NewEvent {
    return newEvent({ providerResponseId: id, key: { kind: "response", id }, ...fields });
  }

  async function said(...events: readonly NewEvent[]): Promise<readonly string[]> {
    return (await store.ingest(events)).map((outcome) => {
      if ("error" in outcome) return outcome.error.code;
      return outcome.duplicate ? `repeat of ${outcome.event.id}` : `recorded ${outcome.event.id}`;
    });
  }

  test("is not taken by an event that was refused", async () => {
    const id = crypto.randomUUID();
    const [refused, later] = [keyed(id, { limitIds: ["unknown"] }), keyed(id)];
    expect(await said(refused)).toEqual(["invalid_limit_ids"]);
    expect(await said(later)).toEqual([`recorded ${later.id}`]);
    expect(await said(refused)).toEqual([`repeat of ${later.id}`]);
    expect(await store.verify()).toEqual([]);
  });

  test("goes to the next of the same batch where the first was refused, and to nobody where all were", async () => {
    const [one, two] = [crypto.randomUUID(), crypto.randomUUID()];
    const [recorded, late] = [keyed(one), keyed(two)];
    expect(
      await said(
        keyed(one, { limitIds: ["unknown"] }),
        recorded,
        keyed(one),
        keyed(two, { limitIds: ["unknown"] }),
        keyed(two, { limitIds: ["unknown"] }),
      ),
    ).toEqual([
      "invalid_limit_ids",
      `recorded ${recorded.id}`,
      `repeat of ${recorded.id}`,
      "invalid_limit_ids",
      "invalid_limit_ids",
    ]);
    expect(await said(keyed(one), late)).toEqual([`repeat of ${recorded.id}`, `recorded ${late.id}`]);
    expect(await store.verify()).toEqual([]);
  });

  test("is one per application, category and kind", async () => {
    const id = crypto.randomUUID();
    const events = [
      keyed(id),
      keyed(id, { category: "system.anthropic" }),
      newEvent({ key: { kind: "event", id } }),
    ];
    expect(await said(...events)).toEqual(events.map((event) => `recorded ${event.id}`));
    expect(await said(...events)).toEqual(events.map((event) => `repeat of ${event.id}`));
  });
});
