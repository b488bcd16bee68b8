import OpenAI from "openai";
import { expect, test } from "vitest";

import { trackContext } from "../../src/context.ts";
import { startLoopback } from "../support.ts";
import { blockLimit, limited } from "./limited.ts";

test("an event that was not held for loses only the limit that refuses it, is never lost, and says so", async () => {
  await using provider = await startLoopback((_request, response) => {
    response.setHeader("content-type", "application/json");
    const usage = { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 };
    response.end(JSON.stringify({ id: "chatcmpl-n1", model: "gpt-5", choices: [], usage }));
  });
  const limits = [
    blockLimit("hard", { selector: undefined }),
    blockLimit("soft", { selector: undefined, limitType: "allow" }),
  ];
  await using process = await limited(limits, { [provider.host]: "system.openai" }, { checkLimits: false });
  const client = new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1` });
  const messages = [{ role: "user" as const, content: "hello" }];
  await trackContext({ limitIds: ["hard", "soft"] }, () =>
    client.chat.completions.create({ model: "gpt-5", messages }),
  );
  expect(await process.flush({ timeoutMs: 30_000 })).toMatchObject({ sent: 1, dropped: 0 });
  const [event] = process.platform.events;
  expect(event?.limitIds).toEqual(["soft"]);
  expect(event?.properties?.["system.uncounted_limits"]).toBe("hard");
  const { book } = process.platform;
  expect([book.used("hard"), book.used("soft")]).toEqual([0n, 112_500_000_000_000n]);
});
