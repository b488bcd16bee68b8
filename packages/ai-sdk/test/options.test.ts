import { expect, test } from "vitest";

import { setBaseContext } from "../../core/src/context.ts";
import { originalFetch } from "../../core/src/instrument/original-fetch.ts";
import { getRuntime } from "../../core/test/support.ts";
import { chatStream } from "../../core/test/synthetic.ts";
import { trackModel } from "../src/index.ts";
import { setStage } from "./stage.ts";
import { VERSIONS } from "./support.ts";

test("other prices: by option, by model, by the SDK's name of the provider", async () => {
  await using on = await setStage();
  const version = VERSIONS["ai 7"];
  if (version === undefined) throw new Error("ai 7 is gone");
  const model = on.model(version, originalFetch());
  const ask = (options: Parameters<typeof trackModel>[1]): unknown =>
    version.sdk.generateText({ model: trackModel(model, options), prompt: "hi" });
  await ask({ category: "system.azureopenai", resource: "gpt-5-mini" });
  await ask({ modelMappings: { "gpt-5": { resource: "gpt-5-nano" } } });
  await ask({ modelMappings: { "openai.chat/gpt-5": { category: "own", resource: "mine" }, "gpt-5": {} } });
  expect((await on.events()).map(({ category, resource }) => [category, resource])).toEqual([
    ["system.azureopenai", "gpt-5-mini"],
    ["system.openai", "gpt-5-nano"],
    ["own", "mine"],
  ]);
});

test("a call that nobody has named is an instance of ai_sdk, unless the process has a use case", async () => {
  await using on = await setStage();
  const version = VERSIONS["ai 7"];
  if (version === undefined) throw new Error("ai 7 is gone");
  const model = trackModel(on.model(version));
  await version.sdk.generateText({ model, prompt: "hi" });
  setBaseContext({});
  await version.sdk.generateText({ model, prompt: "hi" });
  await version.sdk.generateText({ model, prompt: "hi" });
  const [first, ...others] = await on.events();
  expect(first?.useCaseName).toBe("tests");
  expect(others.map(({ useCaseName }) => useCaseName)).toEqual(["ai_sdk", "ai_sdk"]);
  expect(new Set(others.map(({ useCaseId }) => useCaseId)).size).toBe(2);
});

test("a skipped call is left to the transport", async () => {
  await using on = await setStage();
  const version = VERSIONS["ai 7"];
  if (version === undefined) throw new Error("ai 7 is gone");
  const model = trackModel(on.model(version), { userId: "jane", skip: ({ modelId }) => modelId === "gpt-5" });
  await version.sdk.generateText({ model, prompt: "hi" });
  expect((await on.events()).map(({ userId }) => userId)).toEqual([undefined]);
});

test("silence counts as abandonment after the time that the model's options give", async () => {
  await using on = await setStage((_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(chatStream(20).slice(0, 10).join("").replaceAll("chatcmpl-n2", crypto.randomUUID()));
  });
  const version = VERSIONS["ai 7"];
  if (version === undefined) throw new Error("ai 7 is gone");
  const bare = on.model(version, originalFetch());
  const openCalls = getRuntime()?.openCalls;
  for (const options of [{ idleTimeoutMs: 30_000, userId: "short" }, { userId: "long" }]) {
    const { textStream } = version.sdk.streamText({ model: trackModel(bare, options), prompt: "hi" });
    await textStream.getReader().read();
  }
  openCalls?.sweep(performance.now() + 60_000);
  const early = (await on.events()).map(({ userId }) => userId);
  openCalls?.sweep(performance.now() + 3_600_000);
  expect([early, (await on.events()).map(({ userId }) => userId)]).toEqual([["short"], ["short", "long"]]);
});
