import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

let open: string[];
let house: string[] | undefined;
beforeAll(() => {
  expect(house).toBeUndefined();
  house = [];
});
afterAll(() => {
  house = undefined;
});

describe("a suite", () => {
  beforeAll(() => {
    open = [];
  });
  beforeEach(() => {
    open.push("before each");
  });

  test("leaves something", () => {
    house?.push("left in the suite");
    open.push("left");
  });
});

test("leaves something else", () => {
  house?.push("left outside");
});

describe("a test that is tried again", () => {
  test("finds what was left before it, and nothing of its first attempt", { retry: 1 }, ({ task }) => {
    expect(house).toEqual(["left in the suite", "left outside"]);
    expect(open).toEqual(["before each", "left"]);
    house?.push("left by the first attempt");
    open.push("left by the first attempt");
    if (task.result?.retryCount === 0) throw new Error("The first attempt fails on purpose.");
  });
});
