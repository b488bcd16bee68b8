import { describe, expect, it } from "vitest";

import { mapInTurns } from "../../src/in-turns.ts";

const LONG = Array.from({ length: 500 }, (_, index) => index);

/** Long enough for many turns. */
function slowly<Item>(item: Item): Item {
  const untilMs = performance.now() + 0.1;
  while (performance.now() < untilMs);
  return item;
}

describe("a long list", () => {
  it("comes out in its order", async () => {
    expect(await mapInTurns(LONG, (item) => item * 2)).toEqual(LONG.map((item) => item * 2));
    expect(await mapInTurns([], slowly)).toEqual([]);
  });

  it("lets others get between its items", async () => {
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);
    await mapInTurns(LONG, slowly);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(1);
  });

  it("is done before the next one begins", async () => {
    const seen: string[] = [];
    const note = (name: string) => (item: number) => void (seen.push(name), slowly(item));
    await Promise.all([mapInTurns(LONG, note("first")), mapInTurns(LONG, note("second"))]);
    expect(seen.lastIndexOf("first")).toBe(499);
    expect(seen.indexOf("second")).toBe(500);
  });

  it("keeps no short one waiting", async () => {
    const ended: string[] = [];
    await Promise.all([
      mapInTurns(LONG, slowly).then(() => ended.push("long")),
      mapInTurns([1], slowly).then(() => ended.push("short")),
    ]);
    expect(ended).toEqual(["short", "long"]);
  });

  it("that fails fails alone", async () => {
    const broken = mapInTurns(LONG, (item) => {
      if (item === 100) throw new Error("broken");
      return item;
    });
    const next = mapInTurns(LONG, (item) => item);
    await expect(broken).rejects.toThrow("broken");
    expect(await next).toEqual(LONG);
  });
});
