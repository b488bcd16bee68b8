/** Events of one moment are told apart by their ids, which no index of theirs holds. */
import { afterAll, beforeAll, expect, test } from "vitest";

import { type PageRequest } from "../../src/store/query.ts";
import { type TestStore, newEvent, onEachEngine, openTestStore } from "./support.ts";

onEachEngine("events of one moment", (engine) => {
  let store: TestStore;
  let ids: readonly string[];
  beforeAll(async () => {
    store = await openTestStore(engine);
    const moments = [1000, 2000, 2000, 2000, 2000, 2000, 2000, 2000, 3000];
    const events = moments.map((timeMs, index) =>
      newEvent({ timeMs, useCase: `u${index % 2}`, instance: "i" }),
    );
    await store.ingest(events.toReversed());
    ids = events.map(({ id }) => id);
  });
  afterAll(() => store.close());

  test.each([true, false])("are paged in the order of their ids, ascending: %s", async (ascending) => {
    for (const useCase of [undefined, "u0"]) {
      const span = {
        application: "default",
        fromMs: 0,
        toMs: 9000,
        filter: useCase === undefined ? {} : { useCase },
      };
      const seen: string[] = [];
      let after: PageRequest["after"];
      do {
        // oxlint-disable-next-line no-await-in-loop -- each page begins where the one before ended
        const page = await store.events(span, { limit: 2, ascending, after });
        seen.push(...page.items.map(({ id }) => id));
        after = page.next;
      } while (after !== undefined);
      const wanted = ids.filter((_, index) => useCase === undefined || index % 2 === 0);
      expect(seen).toEqual(ascending ? wanted : wanted.toReversed());
    }
  });

  test("stand in an instance in the order of their ids", async () => {
    const name = { application: "default", useCase: "u1", id: "i" };
    const found = await store.instanceEvents(name, 10);
    expect(found.map(({ id }) => id)).toEqual(ids.filter((_, index) => index % 2 === 1));
  });
});
