import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

/** What the file and its suite have set up; undefined once it is taken down. */
let house: string[] | undefined;
let room: string[];
/** Set-ups without a taking down in between. */
let leaks = 0;
beforeAll(() => {
  if (house !== undefined) leaks += 1;
  house = [];
});
afterAll(() => {
  house = undefined;
});

describe("a suite", () => {
  beforeAll(() => {
    room = [];
  });
  beforeEach(() => {
    room.push("before each");
  });

  test("leaves something", () => {
    house?.push("left in the suite");
    room.push("left");
    expect(room).toEqual(["before each", "left"]);
  });
});

test("leaves something else", () => {
  house?.push("left outside");
  expect(house).toEqual(["left in the suite", "left outside"]);
});

describe("a test that is tried again", () => {
  test("finds what was left before it, and nothing of its first attempt", { retry: 1 }, ({ task }) => {
    expect([house, room, leaks]).toEqual([["left in the suite", "left outside"], ["before each", "left"], 0]);
    house?.push("left by the first attempt");
    room.push("left by the first attempt");
    if (task.result?.retryCount === 0) throw new Error("The first attempt fails on purpose.");
  });
});
