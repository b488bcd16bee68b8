import { fork } from "node:child_process";
import { once } from "node:events";

import { expect, test } from "vitest";

import { USD } from "../../src/money.ts";
import { type Loopback, startLoopback, until } from "../support.ts";
import { type LimitPlatform, startLimitPlatform } from "./limit-platform.ts";
import { blockLimit } from "./limited.ts";

const HOLDER = new URL("./lease-holder.ts", import.meta.url);

function start(platform: LimitPlatform, provider: Loopback): ReturnType<typeof fork> {
  return fork(HOLDER, [platform.url, provider.url], {
    execArgv: ["--conditions=@payi/source"],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
}

test("what a killed process held is free once its lease has run out, and nothing of it was spent", async () => {
  await using platform = await startLimitPlatform();
  platform.book.put(blockLimit("daily", { max: 100n * USD }));
  let nowMs = 0;
  platform.book.now = () => nowMs;
  // The provider never answers.
  await using provider = await startLoopback(() => undefined);
  const child = start(platform, provider);
  await until(() => provider.received.length === 1, "the call is at the provider");
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(platform.book.held("daily")).toBe(USD);
  nowMs = 10_000;
  expect([platform.book.held("daily"), platform.book.used("daily")]).toEqual([0n, 0n]);
});

test("a process that ends by itself leaves nothing held, and no lease keeps it alive", async () => {
  await using platform = await startLimitPlatform();
  platform.book.put(blockLimit("daily", { max: 100n * USD }));
  await using provider = await startLoopback((_request, response) => {
    response.setHeader("content-type", "application/json");
    const usage = { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 };
    response.end(JSON.stringify({ id: "chatcmpl-n1", model: "gpt-5", choices: [], usage }));
  });
  const child = start(platform, provider);
  child.disconnect();
  expect(await once(child, "exit")).toEqual([0, null]);
  expect(platform.events).toHaveLength(1);
  expect([platform.book.held("daily"), platform.book.used("daily")]).toEqual([0n, 112_500_000_000_000n]);
});
