import { FakeListChatModel } from "@langchain/core/utils/testing";
import { startInstance } from "@payi/core";
import { expect, test } from "vitest";

import { meter, settledEvents } from "../../core/test/support.ts";
import { PayiCallbackHandler, payiMetadata } from "../src/index.ts";

test("a run whose metadata names the use case around it is part of it, as written or as Pay-i writes it", async () => {
  await using metered = await meter([], "own");
  const model = new FakeListChatModel({ responses: ["Moab"] });
  const callbacks = [new PayiCallbackHandler({ useCaseName: "unused" })];
  const instance = startInstance({ name: "customer chat" });
  const ask = (useCaseName: string): Promise<unknown> =>
    model.invoke("hello", { callbacks, metadata: payiMetadata({ useCaseName }) });
  await instance.run(async () => {
    await ask("customer chat");
    await ask("customer_chat");
    await ask("doc summary");
  });
  instance.end();
  const events = await settledEvents(metered);
  expect(events.map(({ useCaseName, useCaseId }) => [useCaseName, useCaseId === instance.id])).toEqual([
    ["customer_chat", true],
    ["customer_chat", true],
    ["doc_summary", false],
  ]);
});
