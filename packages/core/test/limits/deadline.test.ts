import { expect, test } from "vitest";

import { within } from "../../src/limits/deadline.ts";

/** Resolves after some turns of the event loop, as an answer does whose bytes have arrived. */
async function turns(count: number): Promise<string> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  return "answer";
}

test("an answer that waits behind a process that stood still is taken", async () => {
  const waited = within(30, turns(5));
  const untilMs = performance.now() + 80;
  while (performance.now() < untilMs);
  await expect(waited).resolves.toBe("answer");
});

test("work that takes longer is given up, and goes on", async () => {
  let done = false;
  const work = new Promise<void>((resolve) => {
    setTimeout(() => {
      done = true;
      resolve();
    }, 40);
  });
  await expect(within(5, work)).rejects.toMatchObject({ code: "limit_check_timeout" });
  expect(done).toBe(false);
  await work;
  expect(done).toBe(true);
});

test("a failure of the work is its own", async () => {
  await expect(within(1_000, Promise.reject(new TypeError("own")))).rejects.toThrow("own");
});
