import OpenAI from "openai";
import { expect, test } from "vitest";

import { openCallScope } from "../../src/call-scope.ts";
import { LimitExceededError } from "../../src/errors.ts";
import { USD } from "../../src/money.ts";
import { startLoopback } from "../support.ts";
import { blockLimit, limited } from "./limited.ts";

const messages = [{ role: "user" as const, content: "Find me a trail near Moab, Utah." }];

async function startProvider(): ReturnType<typeof startLoopback> {
  return startLoopback((_request, response) => {
    response.setHeader("content-type", "application/json");
    const usage = { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 };
    response.end(
      JSON.stringify({ id: `chatcmpl-${crypto.randomUUID()}`, model: "gpt-5", choices: [], usage }),
    );
  });
}

test("a layer that authorises gets the error itself, before anything is sent, and the refusal is reported", async () => {
  await using process = await limited([blockLimit("daily", { max: 1n })], {});
  const scope = openCallScope({
    category: "system.openai",
    resource: "gpt-5",
    maxOutputTokens: 50,
    prompt: messages,
  });
  const asking = async (): Promise<void> => scope.authorize();
  const error: unknown = await asking().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(LimitExceededError);
  expect(error).toMatchObject({ limitIds: ["daily"], limitName: "The daily budget", spent: "0" });
  await process.flush({ timeoutMs: 30_000 });
  expect(process.platform.events.map(({ properties }) => properties)).toMatchObject([
    { "system.outcome": "refused", "system.refused_by": "daily" },
  ]);
});

test("the transport inside takes over what the layer held: one hold, one charge", async () => {
  await using provider = await startProvider();
  await using process = await limited([blockLimit("daily", { estimate: "strict" })], {
    [provider.host]: "system.openai",
  });
  const scope = openCallScope({
    category: "system.openai",
    resource: "gpt-5",
    maxOutputTokens: 50,
    prompt: messages,
  });
  await scope.authorize();
  const { book } = process.platform;
  // 50 tokens of output at $10 per million, and what the prompt may have.
  expect(book.held("daily")).toBeGreaterThan(USD / 2_000n);
  expect(book.held("daily")).toBeLessThan(USD / 1_000n);
  const client = new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1` });
  await scope.run(() =>
    client.chat.completions.create({ model: "gpt-5", messages, max_completion_tokens: 50 }),
  );
  scope.settle({ outcome: "ok" });
  await process.flush({ timeoutMs: 30_000 });
  expect(process.platform.asked(/\/holds$/)).toHaveLength(1);
  expect([book.held("daily"), book.used("daily")]).toEqual([0n, 112_500_000_000_000n]);
});

test("a layer that does not tell the prompt holds the worst case of its model, not nothing", async () => {
  await using process = await limited([blockLimit("daily", { max: 10n * USD, estimate: "strict" })], {});
  const scope = openCallScope({ category: "system.openai", resource: "gpt-5", maxOutputTokens: 1_000 });
  await scope.authorize();
  // 100,000 tokens of input at $1.25 and 1,000 of output at $10 per million.
  expect(process.platform.book.held("daily")).toBe((135n * USD) / 1_000n);
  scope.settle({ outcome: "ok", units: { text: { input: 10, output: 10 } } });
  await process.flush({ timeoutMs: 30_000 });
  expect(process.platform.book.held("daily")).toBe(0n);
});
