import { OpenAIEmbeddings } from "@langchain/openai";
import { expect, test } from "vitest";

import { meter, settledEvents, startLoopback } from "../../core/test/support.ts";
import { trackEmbeddings } from "../src/index.ts";

async function openProvider(status = 200): ReturnType<typeof startLoopback> {
  return startLoopback((_request, response) => {
    response.writeHead(status, { "content-type": "application/json" });
    const data = [{ object: "embedding", index: 0, embedding: [0.5, 0.25] }];
    response.end(JSON.stringify({ object: "list", data, usage: { prompt_tokens: 7, total_tokens: 7 } }));
  });
}

function embeddings(url: string): OpenAIEmbeddings {
  return new OpenAIEmbeddings({
    model: "text-embedding-3-small",
    apiKey: "sk-test",
    maxRetries: 0,
    configuration: { baseURL: `${url}/v1` },
  });
}

test.for(["transport", "adapter", "twice"])("a call is one event by %s", async (word) => {
  await using provider = await openProvider();
  const instruments = word === "adapter" ? [] : undefined;
  await using metered = await meter([provider], "system.openai", { instruments });
  const once = trackEmbeddings(embeddings(provider.url), { useCaseStep: "index" });
  const tracked = word === "twice" ? trackEmbeddings(once) : once;
  expect(await tracked.embedQuery("Trails near Moab")).toEqual([0.5, 0.25]);
  expect(tracked).toBeInstanceOf(OpenAIEmbeddings);
  const [event, ...more] = await settledEvents(metered);
  expect(more).toEqual([]);
  expect(event).toMatchObject({
    category: "system.openai",
    resource: "text-embedding-3-small",
    useCaseStep: "index",
    units: { text: { input: word === "adapter" ? 4 : 7, output: 0 } },
  });
  expect(event?.properties?.["system.usage_source"]).toBe(word === "adapter" ? "estimated" : "provider");
});

test("documents go through as they are, and their failure arrives unchanged and once", async () => {
  await using provider = await openProvider(401);
  await using metered = await meter([provider], "system.openai", { instruments: [] });
  const tracked = trackEmbeddings(embeddings(provider.url));
  await expect(tracked.embedDocuments(["a", "b"])).rejects.toMatchObject({ status: 401 });
  expect(await settledEvents(metered)).toMatchObject([{ httpStatusCode: 401, units: {} }]);
});
