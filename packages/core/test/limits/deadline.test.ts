import { expect, test } from "vitest";

import { within } from "../../src/limits/deadline.ts";

/** Resolves after some turns of the event loop, as an answer does whose bytes have arrived. */
async function turns(count: number): Promise<string> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  return "answer";
}

test("an answer that waits behind a process that stood still is taken", async () => {
  const waited = within(2_000, turns(5));
  // As long again is granted, which is ample for five turns even on a busy machine.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_100);
  await expect(waited).resolves.toBe("answer");
});

test("work that takes longer is given up, and goes on", async () => {
  let finish: (result: string) => void = () => undefined;
  const work = new Promise<string>((resolve) => {
    finish = resolve;
  });
  await expect(within(5, work)).rejects.toMatchObject({ code: "limit_check_timeout" });
  finish("done all the same");
  await expect(work).resolves.toBe("done all the same");
});

test("a failure of the work is its own", async () => {
  await expect(within(1_000, Promise.reject(new TypeError("own")))).rejects.toThrow("own");
});
