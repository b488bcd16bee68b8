import { assert, property, string } from "fast-check";
import { expect, test } from "vitest";

import { formatPico } from "../../src/simulator/ledger.ts";
import { createPace, parseSpeed } from "../../src/simulator/pace.ts";
import { PromptCache } from "../../src/simulator/prompt-cache.ts";
import { tokenize } from "../../src/simulator/tokens.ts";

test("tokens joined are the text", () => {
  const text = string({ unit: "binary" });
  assert(
    property(text, (given) => {
      expect(tokenize(given).join("")).toBe(given);
    }),
  );
});

test.each([
  ["", 0],
  ["Moab", 1],
  ["Find trails", 2],
  ["recommendation", 3],
  ["2,500 tokens", 4],
])("%j has %i tokens", (text, count) => {
  expect(tokenize(text)).toHaveLength(count);
});

test.each([
  [0n, "0"],
  [1n, "0.000000000001"],
  [25_500_000_000n, "0.0255"],
  [3_000_000_000_000n, "3"],
])("%i pico-dollars are %s", (pico, text) => {
  expect(formatPico(pico)).toBe(text);
});

test("a cached prefix is forgotten after five minutes, one marked for an hour is not", () => {
  let now = 0;
  const cache = new PromptCache(() => now);
  const tokens = Array.from({ length: 1200 }, (_, index) => `t${index}`);
  const short = [{ prefix: "a", tokens: 2000, hour: false }];
  const long = [{ prefix: "b", tokens: 2000, hour: true }];
  expect(cache.readAutomatic("m", tokens)).toBe(0);
  expect(cache.readBreakpoints("m", short)).toEqual({ read: 0, write: 2000, writeHour: 0 });
  expect(cache.readBreakpoints("m", long)).toEqual({ read: 0, write: 0, writeHour: 2000 });
  now = 4 * 60_000;
  expect(cache.readAutomatic("m", tokens)).toBe(1152);
  expect(cache.readAutomatic("other", tokens)).toBe(0);
  now = 10 * 60_000;
  expect(cache.readAutomatic("m", tokens)).toBe(0);
  expect(cache.readBreakpoints("m", short)).toEqual({ read: 0, write: 2000, writeHour: 0 });
  expect(cache.readBreakpoints("m", long)).toEqual({ read: 2000, write: 0, writeHour: 0 });
});

test("what follows a known breakpoint is written, what is too short is not cached", () => {
  const cache = new PromptCache(() => 0);
  const first = { prefix: "a", tokens: 1500, hour: false };
  cache.readBreakpoints("m", [first]);
  expect(cache.readBreakpoints("m", [first, { prefix: "ab", tokens: 1800, hour: false }])).toEqual({
    read: 1500,
    write: 300,
    writeHour: 0,
  });
  expect(cache.readBreakpoints("m", [{ prefix: "c", tokens: 1023, hour: false }]).write).toBe(0);
});

test.each(["fast", "0", "-1"])("SIMULATOR_SPEED=%s is refused by name", (text) => {
  expect(() => parseSpeed(text)).toThrow("SIMULATOR_SPEED");
});

test("every wait ends when its signal aborts", async () => {
  const signal = AbortSignal.abort();
  await expect(createPace(1).firstToken(signal)).rejects.toThrow("aborted");
  await expect(createPace("instant").generate(1, signal)).rejects.toThrow("aborted");
});
