import { expect, test } from "vitest";

import { onEachEngine, openTestStore } from "../store/support.ts";
import { SIZED_TIMEOUT, sized } from "../test-size.ts";
import { makeDeeds, outcomeOf, shuffled } from "./disorder.ts";

const COUNT = sized(120, 10_000);

onEachEngine("events and scores in any order", (engine) => {
  test(
    "add up to the same as in the order of their times",
    async () => {
      const deeds = makeDeeds(COUNT);
      const [sorted, mixed] = [await openTestStore(engine), await openTestStore(engine)];
      try {
        const expected = await outcomeOf(sorted, deeds);
        expect(await outcomeOf(mixed, shuffled(deeds, 1))).toBe(expected);
        expect(expected).toContain(`"requests":${COUNT * 0.9}`);
        expect(expected.endsWith(",[]]")).toBe(true);
      } finally {
        await sorted.close();
        await mixed.close();
      }
    },
    SIZED_TIMEOUT,
  );
});
