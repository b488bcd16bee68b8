import { describe, expect, test } from "vitest";

import { currentInstance } from "../../src/context.ts";
import { LimitExceededError } from "../../src/errors.ts";
import { type TrackHandlerOptions, trackHandler } from "../../src/web/index.ts";
import { openContractHouse } from "../contract-house.ts";

const URL = "http://app.test/trails/17";

/** What one request comes to, the error that was thrown included, and whether the platform was told that it is over. */
async function run(
  answer: () => Response | Promise<Response>,
  options: TrackHandlerOptions,
): Promise<{ readonly outcome: unknown; readonly waits: Promise<unknown>[] }> {
  const waits: Promise<unknown>[] = [];
  const handler = trackHandler(
    () => {
      currentInstance()?.recordKpi("seen", true);
      return answer();
    },
    { useCaseName: "web_case", ...options, waitUntil: (work) => void waits.push(work) },
  );
  const outcome = await handler(new Request(URL)).catch((error: unknown) => error);
  return { outcome, waits };
}

describe("the instance ends once, as a failure, and the platform waits no longer:", () => {
  const gone = new Error("REDIRECT;/pricing");
  const broken = new Error("the database is down");
  const refuse = (): never => {
    throw new LimitExceededError({ limitIds: ["daily"] });
  };
  const throwing = (error: unknown) => (): never => {
    throw error;
  };
  // JavaScript may give back what the types rule out.
  const nothing = (() => undefined) as unknown as () => Response;
  const data = { trails: 3 };
  const itself = (expected: unknown) => (outcome: unknown) => outcome === expected;
  const isRangeError = (outcome: unknown): boolean => outcome instanceof RangeError;
  test.for<[string, () => Response, TrackHandlerOptions, (outcome: unknown) => boolean]>([
    [
      "onLimit throws the framework's control flow",
      refuse,
      { onLimit: throwing(gone), isControlFlow: (error) => error === gone },
      itself(gone),
    ],
    ["onLimit rejects", refuse, { onLimit: () => Promise.reject(broken) }, itself(broken)],
    ["onLimit answers nothing", refuse, { onLimit: nothing }, itself(undefined)],
    ["blockStatus throws", refuse, { blockStatus: throwing(broken) }, itself(broken)],
    ["blockStatus is no status", refuse, { blockStatus: () => 1000 }, isRangeError],
    ["the handler answers nothing", nothing, {}, itself(undefined)],
    ["the handler answers with something else", (() => data) as unknown as () => Response, {}, itself(data)],
    ["isControlFlow throws", throwing(broken), { isControlFlow: throwing(gone) }, itself(broken)],
  ])("%s", async ([, answer, options, expected]) => {
    await using house = await openContractHouse(true);
    const { outcome, waits } = await run(answer, options);
    expect(outcome).toSatisfy(expected);
    await Promise.all(waits);
    expect(waits).toHaveLength(1);
    expect((await house.scores("success", 1)).map(({ score }) => score)).toEqual([false]);
    expect(await house.scores("latency_ms", 1)).toHaveLength(1);
  });
});

describe("an id that no header carries is left out of the answer, which arrives", () => {
  const answers: [string, () => Response, number][] = [
    ["an answer", () => new Response("done"), 200],
    ["an answer without a body", () => new Response(null, { status: 204 }), 204],
    ["a redirect, whose headers nobody may change", () => Response.redirect(URL, 307), 307],
  ];
  test.for(answers)("%s", async ([, answer, status]) => {
    await using house = await openContractHouse(true);
    for (const useCaseId of [() => "旅", async () => "a\nb"]) {
      const { outcome, waits } = await run(answer, { useCaseId });
      expect(outcome).toMatchObject({ status });
      const response = outcome as Response;
      expect(response.headers.get("x-payi-use-case-id") ?? "").toMatch(/^[\x20-\x7e]*$/);
      await response.text();
      await Promise.all(waits);
    }
    expect((await house.scores("success", 2)).map(({ score }) => score)).toEqual([true, true]);
  });
});

test.for([{ pipe: () => undefined }, "text", undefined])(
  "a body that is no web stream broke the answer: %o",
  async (body) => {
    await using house = await openContractHouse(true);
    const foreign = { status: 200, headers: new Headers(), body };
    const { outcome } = await run(() => foreign as unknown as Response, {});
    expect(outcome).toBe(foreign);
    expect((await house.scores("success", 1)).map(({ score }) => score)).toEqual([true]);
  },
);
