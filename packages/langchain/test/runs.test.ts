import { expect, test } from "vitest";

import { meter } from "../../core/test/support.ts";
import { PayiCallbackHandler } from "../src/index.ts";
import { runs } from "../src/runs.ts";

test("runs that never end are bounded: the oldest is given up, and its call is counted once, as abandoned", async () => {
  await using metered = await meter([], "own");
  const handler = new PayiCallbackHandler({ useCaseName: "leaky", kpis: false });
  const metadata = { ls_provider: "openai", ls_model_name: "gpt-5" };
  await handler.handleChatModelStart(undefined, [[]], "oldest", undefined, {}, [], metadata);
  const ids = Array.from({ length: 10_000 }, (_, index) => `run-${index}`);
  for (const id of ids) handler.handleChainStart(undefined, {}, id);
  expect(runs.size).toBe(10_000);
  for (const id of ids) handler.handleChainEnd({}, id);
  handler.handleLLMEnd({ generations: [] }, "oldest");
  await metered.flush({ timeoutMs: 30_000 });
  const told = metered.platform.events.map(({ properties }) => properties?.["system.outcome"]);
  expect(told).toEqual(["abandoned"]);
});
