/** Whether what one layer has asked of the limits holds for the next. */
import OpenAI from "openai";
import { expect, test } from "vitest";

import { startInstance } from "../src/instance.ts";
import { openCallScope } from "../src/layers.ts";
import { isAskedAlike } from "../src/limits/asked-alike.ts";
import { type Permit } from "../src/limits/guard.ts";
import { getRuntime } from "../src/runtime.ts";
import { inTurn, meter, startLoopback } from "./support.ts";
import { CHAT_ANSWER } from "./synthetic.ts";

const UNITS = { text: { input: 9, output: 12 } };
const USER = [{ role: "user" as const, content: "hello" }];

test("whom and what limits look at is compared by what it holds", () => {
  const values = { userId: "jane", limitIds: ["a"], requestProperties: { k: "v" } };
  expect(isAskedAlike(values, { ...values, limitIds: ["a"], requestProperties: { k: "v" } })).toBe(true);
  // What limits do not look at.
  expect(isAskedAlike(values, { ...values, useCaseStep: "plan", useCaseVersion: 2 })).toBe(true);
  for (const other of [
    { userId: "omar" },
    { limitIds: ["a", "b"] },
    { limitIds: undefined },
    { requestProperties: { k: "w" } },
    { requestProperties: {} },
    { useCaseProperties: { k: "v" } },
  ]) {
    expect(isAskedAlike(values, { ...values, ...other })).toBe(false);
  }
});

test("a limit that only the call's own headers name is asked: the layer around had been asked without it", async () => {
  await using provider = await startLoopback(inTurn([CHAT_ANSWER]));
  await using _metered = await meter([provider], "system.openai");
  const asked: unknown[] = [];
  const permit: Permit = { free: true, settle: () => undefined };
  const authorize = ({ context }: { context: { limitIds?: readonly string[] } }): Permit => {
    asked.push(context.limitIds);
    return permit;
  };
  Object.assign(getRuntime() ?? {}, { guard: { authorize } });
  const client = new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1` });
  const ask = async (headers: Record<string, string>): Promise<void> => {
    const scope = openCallScope({ category: "system.openai", resource: "gpt-5" });
    await scope.authorize();
    await scope.run(() => client.chat.completions.create({ model: "gpt-5", messages: USER }, { headers }));
    scope.settle({ outcome: "ok", units: UNITS });
  };
  await startInstance({ name: "a", useCaseProperties: { k: "v" } }).run(async () => ask({}));
  expect(asked).toEqual([undefined]);
  await ask({ "xProxy-Limit-IDs": "daily" });
  expect(asked).toEqual([undefined, undefined, ["daily"]]);
});
