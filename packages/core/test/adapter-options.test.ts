/** What adapters check of their options at start. */
import { expect, test } from "vitest";

import {
  EXCHANGE_READERS,
  REFUSAL_READERS,
  TRACKING_READERS,
  checkMilliseconds,
  checkOptions,
  kpiReader,
} from "../src/adapter-options.ts";

const READERS = { ...EXCHANGE_READERS, ...REFUSAL_READERS, ...TRACKING_READERS, waitMs: checkMilliseconds };

test.for([
  [{ useCasName: "a" }, "trackRequests.useCasName is not an option. Known here: trackRequests.useCaseName"],
  [null, "trackRequests must be an object, got null"],
  [{ userId: 42 }, "trackRequests.userId must be a string, got 42"],
  [{ useCaseVersion: "2" }, "trackRequests.useCaseVersion must be a whole number of at least 0"],
  [{ limitIds: "daily" }, "trackRequests.limitIds must be a list of non-empty strings"],
  [{ requestProperties: { n: 1 } }, "trackRequests.requestProperties.n must be a string"],
  [{ kpis: null }, 'trackRequests.kpis must be "all", false, or an object'],
  [{ kpis: "foo" }, 'trackRequests.kpis must be "all", false, or an object'],
  [{ kpis: { sucess: true } }, "trackRequests.kpis.sucess is not an option"],
  [{ kpis: { success: "" } }, "trackRequests.kpis.success must be true, false or a name of yours"],
  [{ skip: true }, "trackRequests.skip must be a function"],
  [{ exposeCost: "yes" }, "trackRequests.exposeCost must be true or false"],
  [{ blockStatus: "402" }, "trackRequests.blockStatus must be a status from 400 to 599"],
  [{ blockStatus: 1000 }, "trackRequests.blockStatus must be a status from 400 to 599"],
  [{ waitMs: -5 }, "trackRequests.waitMs must be a number above 0"],
  [{ waitMs: 1e12 }, "trackRequests.waitMs must be a number above 0 and up to 2147483647"],
] as const)("%o is refused: %s", ([given, message]) => {
  expect(() => checkOptions("trackRequests", given, READERS)).toThrow(message);
});

test("values, functions and what is left out are fine", () => {
  const resolver = (): string => "a";
  const kpis = { success: "resolved", latency_ms: false, retriever: true };
  const readers = { ...READERS, kpis: kpiReader(["retriever"]) };
  for (const given of [
    {},
    { useCaseName: resolver, userId: undefined, kpis, skip: () => false },
    { blockStatus: 402, waitMs: 1, kpis: "all", limitIds: [] },
    { blockStatus: () => 418, useCaseName: "", requestProperties: { k: null } },
  ]) {
    expect(() => checkOptions("trackRequests", given, readers)).not.toThrow();
  }
});
