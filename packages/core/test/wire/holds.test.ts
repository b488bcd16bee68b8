import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { USD, parseMoney } from "../../src/money.ts";
import { decodeLimit } from "../../src/wire/answers.ts";
import { readDecimal } from "../../src/wire/decimals.ts";
import {
  type GuardDefinitions,
  decodeGuardDefinitions,
  encodeGuardDefinitions,
} from "../../src/wire/guard.ts";
import {
  type HoldAnswer,
  type HoldEstimate,
  decodeHoldAnswer,
  decodeHoldRequest,
  decodeHoldSettlement,
  encodeHoldAnswer,
  encodeHoldRequest,
  encodeHoldSettlement,
} from "../../src/wire/holds.ts";
import {
  decodeLeaseAnswer,
  decodeLeaseRequest,
  encodeLeaseAnswer,
  encodeLeaseRequest,
} from "../../src/wire/leases.ts";
import { rollingMs } from "../../src/wire/limit-policy.ts";
import {
  decodeRaise,
  decodeSimulationRequest,
  decodeSimulationResult,
  decodeTopUp,
  decodeLimitWindow,
  encodeLimitWindow,
  encodeRaise,
  encodeSimulationRequest,
  encodeSimulationResult,
  encodeTopUp,
} from "../../src/wire/limit-windows.ts";
import { decodeLimitInput, decodeLimitUpdate, encodeLimitInput } from "../../src/wire/limits.ts";

/** What arrives on the other side. */
function sent(body: unknown): unknown {
  return JSON.parse(JSON.stringify(body));
}

const money = fc.bigInt({ min: 0n, max: 10n ** 24n });
const unknownMoney = fc.option(money, { nil: undefined });

const budget = {
  limitId: fc.stringMatching(/^[a-z]{1,8}$/),
  value: fc.stringMatching(/^[a-z]{0,8}$/),
  max: money,
  spent: money,
  held: money,
  windowStartMs: fc.option(fc.integer({ min: 0, max: 4e12 }), { nil: undefined }),
  windowEndMs: fc.option(fc.integer({ min: 0, max: 4e12 }), { nil: undefined }),
};

const estimates: fc.Arbitrary<HoldEstimate> = fc.record({
  upperBound: unknownMoney,
  worstCase: unknownMoney,
  expected: unknownMoney,
  priced: fc.boolean(),
  inputTokens: fc.option(fc.nat(), { nil: undefined }),
  outputTokens: fc.option(fc.nat(), { nil: undefined }),
});

const holdRequests = fc.record({
  holdId: fc.uuid(),
  limitIds: fc.option(fc.array(fc.stringMatching(/^[a-z]{1,8}$/)), { nil: undefined }),
  context: fc.record({
    category: fc.constant("system.openai"),
    resource: fc.option(fc.constant("gpt-5"), { nil: undefined }),
    useCaseName: fc.option(fc.constant("trails"), { nil: undefined }),
    userId: fc.option(fc.constant("jane"), { nil: undefined }),
    properties: fc.option(fc.constant({ tier: "gold" }), { nil: undefined }),
  }),
  estimate: estimates,
  ttlMs: fc.option(fc.integer({ min: 1_000, max: 3_600_000 }), { nil: undefined }),
});

const holdAnswer = {
  holdId: fc.uuid(),
  admitted: fc.boolean(),
  expiresInMs: fc.option(fc.nat(), { nil: undefined }),
  limits: fc.array(
    fc.record({
      ...budget,
      limitName: fc.stringMatching(/^[a-z]{1,8}$/),
      limitType: fc.constantFrom("allow" as const, "block" as const),
      automatic: fc.boolean(),
      hold: unknownMoney,
      typical: unknownMoney,
    }),
    { maxLength: 4 },
  ),
  refusedBy: fc.array(fc.stringMatching(/^[a-z]{1,8}$/)),
  unknownLimitIds: fc.array(fc.stringMatching(/^[a-z]{1,8}$/)),
};
const holdAnswers: fc.Arbitrary<HoldAnswer> = fc.record(holdAnswer);

describe("what one side writes the other reads", () => {
  test("holds and their answers", () => {
    fc.assert(
      fc.property(holdRequests, holdAnswers, (request, answer) => {
        expect(decodeHoldRequest(sent(encodeHoldRequest(request)))).toEqual(request);
        expect(decodeHoldAnswer(sent(encodeHoldAnswer(answer)))).toEqual(answer);
      }),
    );
  });

  test("leases and their answers", () => {
    const report = fc.record({
      limitId: fc.constant("a"),
      value: fc.constantFrom("", "jane"),
      returned: money,
      spent: money,
      more: fc.boolean(),
    });
    const line = fc.record({ ...budget, granted: money, settled: money, drain: fc.boolean() });
    const call = fc.record({ ...holdAnswer, fromLease: fc.boolean() });
    fc.assert(
      fc.property(
        fc.record({
          leaseId: fc.uuid(),
          lines: fc.array(report, { maxLength: 3 }),
          call: fc.option(holdRequests, { nil: undefined }),
        }),
        fc.record({
          leaseId: fc.uuid(),
          expiresInMs: fc.nat(),
          lines: fc.array(line, { maxLength: 3 }),
          call: fc.option(call, { nil: undefined }),
        }),
        (request, answer) => {
          expect(decodeLeaseRequest(sent(encodeLeaseRequest(request)))).toEqual(request);
          expect(decodeLeaseAnswer(sent(encodeLeaseAnswer(answer)))).toEqual(answer);
        },
      ),
    );
  });

  test("definitions with selectors, ladders and instances' own limits", () => {
    const definitions: GuardDefinitions = {
      version: "7",
      limits: [
        {
          limitId: "team",
          limitName: "Team",
          limitType: "block",
          max: 5n * USD,
          selector: { accountName: "acme", properties: { tier: "gold" } },
          per: "property:region",
          estimate: "strict",
          onUnpriced: "hold_dearest",
          onUnreachable: "allow",
          levels: [0.5, 0.9],
          ladder: [
            { at: 0.5, action: "warn" },
            { at: 0.7, action: "switch_model", model: "gpt-5-mini", from: "gpt-5" },
            { at: 0.8, action: "cap_output", maxOutputTokens: 500 },
            { at: 1, action: "block" },
          ],
        },
        { limitId: "all", limitName: "", limitType: "allow", max: 1n, selector: {} },
      ],
      automatic: [{ useCaseName: "trails", limitType: "block", max: USD, estimate: "upper_bound" }],
    };
    const read = decodeGuardDefinitions(sent(encodeGuardDefinitions(definitions)));
    expect(read).toEqual(definitions);
    // An absent selector is for named calls only, an empty one for all of them.
    expect([read.limits[0]?.selector, read.limits[1]?.selector]).toMatchObject([{ accountName: "acme" }, {}]);
  });

  test("limits with a policy", () => {
    const input = {
      limitName: "Daily",
      limitType: "block" as const,
      max: 10n * USD,
      selector: { useCaseName: "trails" },
      per: "user_id" as const,
      period: "month" as const,
      timeZone: "America/Denver",
      anchor: "31",
    };
    expect(decodeLimitInput(sent(encodeLimitInput(input)))).toEqual(input);
  });

  test("windows, top-ups, raises, simulations and settlements", () => {
    const state = { limitId: "a", value: "jane", max: USD, spent: 1n, held: 2n };
    const window = { ...state, windowStartMs: 0, windowEndMs: 86_400_000, requests: { ok: 3, total: 3 } };
    expect(decodeLimitWindow(sent(encodeLimitWindow(window)))).toEqual({ ...window, closedMs: undefined });
    const topUp = { amount: parseMoney("0.000001"), value: "jane", reason: "launch" };
    expect(decodeTopUp(sent(encodeTopUp(topUp)))).toEqual(topUp);
    const raise = { max: 9n * USD, untilMs: 1_800_000_000_000, author: "ann", reason: undefined };
    expect(decodeRaise(sent(encodeRaise(raise)))).toEqual(raise);
    const limit = { limitName: "a", limitType: "block" as const, max: USD };
    const request = { limit, fromMs: 0, untilMs: undefined };
    expect(decodeSimulationRequest(sent(encodeSimulationRequest(request)))).toEqual(request);
    const result = {
      calls: 3,
      refusedCalls: 1,
      unpricedCalls: 0,
      spent: USD,
      refused: 1n,
      windows: [
        { value: "", windowStartMs: 0, windowEndMs: undefined, spent: 2n, refused: 1n, refusedCalls: 1 },
      ],
    };
    expect(decodeSimulationResult(sent(encodeSimulationResult(result)))).toEqual(result);
    expect(decodeHoldSettlement(sent(encodeHoldSettlement(undefined)))).toBeUndefined();
    expect(decodeHoldSettlement(sent(encodeHoldSettlement(3n)))).toBe(3n);
  });
});

test("a limit's answer tells what is held in which window, and nothing where the platform has no holds", () => {
  const pay_i = { limit_id: "a", limit_name: "A", limit_type: "block", max: 10 };
  const totals = { held: "0.5", window_start: "2026-11-01T00:00:00Z", window_end: null, value: "jane" };
  expect(decodeLimit({ ...pay_i, totals, period: "day" })).toMatchObject({
    held: USD / 2n,
    windowStartMs: Date.UTC(2026, 10, 1),
    windowEndMs: undefined,
    value: "jane",
    period: "day",
  });
  expect(decodeLimit(pay_i)).toMatchObject({ held: undefined, period: undefined });
});

test("an update says apart what stays, what changes and what is the default again", () => {
  expect(decodeLimitUpdate({ estimate: "strict", ladder: null })).toMatchObject({
    policy: { estimate: "strict", period: undefined },
    cleared: ["ladder"],
  });
});

test.for([-1, "1e3", "-1", " 1", "1.", "0.1234567890123456789", {}, Number.NaN, Number.POSITIVE_INFINITY])(
  "%s is no amount",
  (value) => {
    expect(() => readDecimal(value, "amount")).toThrow(/amount must be an amount in USD as decimal text/);
  },
);

test("an amount that is null is unknown, not zero", () => {
  expect([readDecimal(null, "a"), readDecimal("0", "a"), readDecimal(1e-7, "a")]).toEqual([
    undefined,
    0n,
    10n ** 11n,
  ]);
});

test.for([
  ["rolling:90m", 5_400_000],
  ["rolling:30d", 2_592_000_000],
  ["month", undefined],
] as const)("the period %s is %s ms long", ([period, length]) => {
  expect(rollingMs(period)).toBe(length);
});

test.for([
  [{ selector: { user: "jane" } }, /selector has the part "user"/],
  [{ per: "user" }, /per must be "user_id"/],
  [{ period: "rolling:30s" }, /period must be "none"/],
  [{ period: "year" }, /period must be "none"/],
  [{ time_zone: "Mars/Base" }, /time_zone must be an IANA name/],
  [{ period: "day", anchor: "15" }, /anchor "15" is no start of the period "day"/],
  [{ anchor: "15" }, /anchor "15" is no start of the period "none"/],
  [{ levels: [1.5] }, /levels\[0\] must be a fraction of max/],
  [{ estimate: "guess" }, /estimate must be one of/],
  [{ ladder: [{ at: 0.5, action: "sleep" }] }, /ladder\[0\].action must be/],
  [
    { ladder: [{ at: 0.5, action: "switch_model", model: "gpt-5-mini" }] },
    /needs model, and from or category/,
  ],
  [{ ladder: [{ at: 0.5, action: "cap_output" }] }, /max_output_tokens must be a whole number above 0/],
] as const)("the limit with %o is refused by name, value and rule", ([fields, message]) => {
  expect(() => decodeLimitInput({ limit_name: "a", max: 1, ...fields })).toThrow(message);
});
