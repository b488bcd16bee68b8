import { Embeddings } from "@langchain/core/embeddings";
import { OpenAIEmbeddings } from "@langchain/openai";
import { ConfigurationError } from "@payi/core";
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

class LocalEmbeddings extends Embeddings {
  #dimensions = 1;

  constructor() {
    super({});
  }

  get dimensions(): number {
    return this.#dimensions;
  }

  set dimensions(dimensions: number) {
    this.#dimensions = dimensions;
  }

  zero(): number[] {
    return Array.from({ length: this.#dimensions }, () => 0);
  }

  async embedQuery(): Promise<number[]> {
    return this.zero();
  }

  async embedDocuments(texts: string[]): Promise<number[][]> {
    return Promise.all(texts.map(() => this.embedQuery()));
  }
}

test("methods, getters and setters of embeddings with private fields threw", async () => {
  await using metered = await meter([], "own");
  const own = new LocalEmbeddings();
  const tracked = trackEmbeddings(own, { category: "system.openai", resource: "text-embedding-3-small" });
  expect([tracked.dimensions, tracked.zero()]).toEqual([1, [0]]);
  tracked.dimensions = 2;
  expect([own.dimensions, await tracked.embedDocuments(["a"])]).toEqual([2, [[0, 0]]]);
  expect([tracked.zero === tracked.zero, tracked.constructor === LocalEmbeddings]).toEqual([true, true]);
  expect(
    trackEmbeddings(Object.freeze(Object.assign(new LocalEmbeddings(), { ask: (): number => 1 }))).ask(),
  ).toBe(1);
  expect(await settledEvents(metered)).toHaveLength(1);
});

test.for<readonly [unknown, string]>([
  [undefined, "undefined"],
  [null, "null"],
  ["text-embedding-3-small", '"text-embedding-3-small"'],
  [7n, "7"],
  [LocalEmbeddings, "the function LocalEmbeddings"],
  [{ embedQuery: () => [], apiKey: "sk-secret" }, "an object of Object without them"],
  [Object.create(null), "an object of no class without them"],
])("what is no embeddings model was answered with a raw TypeError: %s", ([given, named]) => {
  const track = (): unknown => trackEmbeddings(given as LocalEmbeddings);
  expect(track).toThrow(ConfigurationError);
  expect(track).toThrow(`embedQuery() and embedDocuments() such as new OpenAIEmbeddings(), got ${named}.`);
});
