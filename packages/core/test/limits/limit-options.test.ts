import { expect, test } from "vitest";

import { resolveConfig } from "../../src/config.ts";
import { ConfigurationError } from "../../src/errors.ts";

function readTimeout(limitCheckTimeoutMs: number | undefined): number {
  return resolveConfig({ config: { limitCheckTimeoutMs } }, undefined).limitCheckTimeoutMs;
}

test.for([1e10, 2_147_483_648, Number.POSITIVE_INFINITY, Number.NaN, -1, "200" as unknown as number])(
  "a timeout that no timer can wait ended every check at once, and refused every call: %s",
  (limitCheckTimeoutMs) => {
    const read = (): unknown => readTimeout(limitCheckTimeoutMs);
    expect(read).toThrow(ConfigurationError);
    expect(read).toThrow(/config\.limitCheckTimeoutMs must be a number from 0 to 2147483647/);
    const shown = typeof limitCheckTimeoutMs === "string" ? '"200"' : String(limitCheckTimeoutMs);
    expect(read).toThrow(shown);
  },
);

test.for([
  [undefined, 200],
  [0, 0],
  [2_147_483_647, 2_147_483_647],
] as const)("a timeout of %s is %s", ([given, expected]) => {
  expect(readTimeout(given)).toBe(expected);
});
