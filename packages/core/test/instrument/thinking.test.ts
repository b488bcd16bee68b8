/** A model that thinks for long, in an answer that outlives the instance it was asked in. */
import OpenAI from "openai";
import { expect, test } from "vitest";

import { startInstance } from "../../src/instance.ts";
import { getRuntime } from "../../src/runtime.ts";
import { meter, settledEvents, startLoopback } from "../support.ts";
import { chatStream } from "../synthetic.ts";

const LATER_MS = 60_000;

test("a stream was billed as left while somebody waited for its next part: five seconds of thought were enough", async () => {
  const thinking = { end: (): void => undefined };
  await using provider = await startLoopback(async (_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    const [first, ...rest] = chatStream(5, true);
    response.write(first);
    await new Promise<void>((resolve) => {
      thinking.end = resolve;
    });
    response.end(rest.join(""));
  });
  await using metered = await meter([provider], "system.openai");
  const client = new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1`, maxRetries: 0 });
  const instance = startInstance({ name: "request", kpis: false });
  const reading = instance.run(async () => {
    const stream = await client.chat.completions.create({
      model: "gpt-5",
      messages: [{ role: "user", content: "hi" }],
      stream: true,
    });
    let parts = 0;
    for await (const _part of stream) parts += 1;
    return parts;
  });
  // The answer of the request is out; its work goes on.
  instance.end();
  await expect.poll(() => getRuntime()?.openCalls.size).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 50));
  getRuntime()?.openCalls.sweep(performance.now() + LATER_MS);
  thinking.end();
  expect(await reading).toBeGreaterThan(5);
  expect(await settledEvents(metered)).toMatchObject([
    { units: { text: { input: 9, output: 5 } }, properties: { "system.outcome": "ok" } },
  ]);
});
