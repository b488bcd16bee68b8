import { expect, test } from "vitest";

import { newHoldId } from "../../src/limits/hold-id.ts";

test("ids of holds are UUIDs of version 7 that begin with the time, each another", () => {
  const before = Date.now();
  const ids = Array.from({ length: 1_000 }, newHoldId);
  const after = Date.now();
  expect(new Set(ids).size).toBe(1_000);
  for (const id of ids) {
    expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    const madeMs = Number.parseInt(id.replace("-", "").slice(0, 12), 16);
    expect(madeMs).toBeGreaterThanOrEqual(before);
    expect(madeMs).toBeLessThanOrEqual(after);
  }
});
