import Anthropic from "@anthropic-ai/sdk";
import { startInstance } from "@payi/core";
import { expect, test } from "vitest";

import { startLoopback } from "../../../packages/core/test/support.ts";
import { Judge, readJudgeModel } from "../src/judge/judge.ts";
import { isPassed, readVerdict } from "../src/judge/verdict.ts";
import { type Providers } from "../src/providers.ts";
import { eventually, startProviders } from "./support.ts";

const EXHIBIT = { question: "A trail near Moab?", answer: "Gemini Bridges {easy}, 13 miles." };

function judgeOne(judge: Judge, useCaseId: string): void {
  startInstance({ name: "trail_finder", useCaseId }).run(() => judge.consider(EXHIBIT));
}

test.each(["claude-haiku-4-5", "gpt-5-mini"] as const)("%s scores an answer", async (model) => {
  await using providers = await startProviders();
  const judge = new Judge(providers, model);
  judgeOne(judge, "one");
  const judgement = await eventually(() => {
    const found = judge.find("one");
    return found?.state === "judging" ? undefined : found;
  });
  expect(judgement).toMatchObject({ state: "judged", verdict: { reason: expect.any(String) as string } });
  expect(providers.simulator.ledger().entries.map((entry) => entry.model.startsWith(model))).toEqual([true]);
});

test("a judge that cannot be reached comes to no verdict, and nobody hears of it", async () => {
  const providers = await startProviders();
  await providers.simulator.close();
  const judge = new Judge(providers, "claude-haiku-4-5");
  judgeOne(judge, "one");
  const judgement = await eventually(() => {
    const found = judge.find("one");
    return found?.state === "judging" ? undefined : found;
  });
  expect(judgement).toEqual({ state: "failed" });
});

test("nobody judges where no model does", async () => {
  await using providers = await startProviders();
  const judge = new Judge(providers, undefined);
  judgeOne(judge, "one");
  expect(judge.find("one")).toBeUndefined();
});

test("four answers are judged at once, further ones not at all, and closing stops them", async () => {
  await using silent = await startLoopback(() => undefined);
  const anthropic = new Anthropic({ apiKey: "test", baseURL: silent.url });
  const judge = new Judge({ anthropic, openai: undefined }, "claude-haiku-4-5");
  for (const id of ["1", "2", "3", "4", "5"]) judgeOne(judge, id);
  await eventually(() => (silent.received.length === 4 ? true : undefined));
  await judge.close();
  expect(["1", "4", "5"].map((id) => judge.find(id)?.state)).toEqual(["failed", "failed", undefined]);
  judgeOne(judge, "6");
  expect(judge.find("6")).toBeUndefined();
});

test.each([
  [{ accuracy: 5, safety: 4, helpfulness: 3 }, true],
  [{ accuracy: 5, safety: 3, helpfulness: 5 }, false],
  [{ accuracy: 2, safety: 5, helpfulness: 5 }, false],
])("the scores %j pass: %s", (scores, passed) => {
  expect(isPassed(readVerdict({ ...scores, reason: "So." }))).toBe(passed);
});

test.each([{ accuracy: 6 }, { safety: 0 }, { helpfulness: "much" }, { reason: undefined }])(
  "a verdict with %j is none",
  (change) => {
    const verdict = { accuracy: 5, safety: 5, helpfulness: 5, reason: "So.", ...change };
    expect(() => readVerdict(verdict)).toThrow(Object.keys(change)[0]);
  },
);

test("TRAILBLAZER_JUDGE names a model that has a key, or off", async () => {
  await using providers = await startProviders();
  const onlyClaude: Providers = { anthropic: providers.anthropic, openai: undefined };
  expect(readJudgeModel(providers, undefined)).toBe("claude-haiku-4-5");
  expect(readJudgeModel(providers, "gpt-5-mini")).toBe("gpt-5-mini");
  expect(readJudgeModel(providers, "off")).toBeUndefined();
  expect(() => readJudgeModel(onlyClaude, "gpt-5-mini")).toThrow(
    'TRAILBLAZER_JUDGE is "gpt-5-mini"; write claude-haiku-4-5 or off.',
  );
});
