import { expect, test } from "vitest";

import { newId } from "../src/new-id.ts";

test("ids are UUIDv7, unlike each other, and sort in the order in which they were made", () => {
  const ids = Array.from({ length: 20_000 }, () => newId());
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.toSorted()).toEqual(ids);
});

test("a clock that jumps back does not break the order", () => {
  const before = newId(Date.now() + 60_000);
  expect(newId() > before).toBe(true);
});
