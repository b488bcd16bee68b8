import OpenAI, { AzureOpenAI } from "openai";
import { expect, test } from "vitest";

import { type PayiInstrumentConfig, resolveConfig } from "../src/config.ts";
import { PayiCategories } from "../src/instruments.ts";
import { meterEverything, redirectTo } from "./instrument/recorded/replay.ts";
import { settledEvents, startLoopback } from "./support.ts";

const CHAT = {
  id: "chatcmpl-n1",
  model: "gpt-5-mini-2025-08-07",
  choices: [],
  usage: { prompt_tokens: 9, completion_tokens: 12 },
};

test("an unknown option of a provider is named with those that exist", () => {
  const config = { awsConfig: { guardrailTraces: true } } as never;
  expect(() => resolveConfig({ config }, undefined)).toThrow(
    /config\.awsConfig\.guardrailTraces is not an option/,
  );
  const wrong = { awsConfig: { guardrailTrace: "yes" } } as never;
  expect(() => resolveConfig({ config: wrong }, undefined)).toThrow(/config\.awsConfig\.guardrailTrace/);
});

test("guardrails are traced and streams left alone unless the configuration says otherwise", () => {
  expect(resolveConfig({}, undefined)).toMatchObject({
    guardrailTrace: true,
    addStreamingXproxyResult: false,
  });
});

test("azure stands for everything that Azure hosts, databricks for every cloud", () => {
  const metered = (instruments: readonly string[]): unknown =>
    resolveConfig({ instruments }, undefined).instruments;
  expect(metered([PayiCategories.azure])).toEqual(new Set(["system.azure", "system.azureopenai"]));
  expect(metered([PayiCategories.databricks])).toContain("system.databricks.google");
  expect(metered([PayiCategories.awsBedrock, "*"])).toBe("all");
  expect(() => metered(["system.bedrock"])).toThrow(/system\.aws\.bedrock/);
});

test.for([
  { mappings: [], resource: "gpt-5-mini-2025-08-07", category: "system.azureopenai" },
  {
    mappings: [{ model: "my-gpt", priceAsResource: "gpt-5-nano" }],
    resource: "gpt-5-nano",
    category: "system.azureopenai",
  },
  {
    mappings: [{ model: "my-gpt", priceAsCategory: "system.openai" }],
    resource: "my-gpt",
    category: "system.openai",
  },
])("a deployment is priced by its mapping, else by the model that answered: $resource", async (expected) => {
  await using provider = await startLoopback((_request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(CHAT));
  });
  using _redirected = redirectTo(provider);
  await using metered = await meterEverything({ azureOpenaiConfig: { modelMappings: expected.mappings } });
  const client = new AzureOpenAI({
    apiKey: "test",
    endpoint: "https://example.openai.azure.com",
    apiVersion: "2024-10-21",
    deployment: "my-gpt",
  });
  await client.chat.completions.create({ model: "ignored", messages: [{ role: "user", content: "hello" }] });
  const [event] = await settledEvents(metered);
  expect(event).toMatchObject({ category: expected.category, resource: expected.resource });
});

test.for([
  { url: "https://w.cloud.databricks.com/serving-endpoints", category: "system.databricks.aws" },
  { url: "https://r.services.ai.azure.com/models", category: "system.azure" },
  { url: "https://r.openai.azure.com/openai/v1", category: "system.azureopenai" },
])(
  "openaiConfig maps what OpenAI's client asks at $url, after the host's own section",
  async ({ url, category }) => {
    await using provider = await startLoopback((_request, response) => {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ ...CHAT, id: `chatcmpl-n${provider.received.length}` }));
    });
    using _redirected = redirectTo(provider);
    const to = (priceAsResource: string, model: string): PayiInstrumentConfig["openaiConfig"] => ({
      modelMappings: [{ model, priceAsResource }],
    });
    await using metered = await meterEverything({
      openaiConfig: { modelMappings: ["one", "two"].map((model) => ({ model, priceAsResource: "by-sdk" })) },
      azureOpenaiConfig: to("by-host", "two"),
      databricksConfig: to("by-host", "two"),
    });
    const client = new OpenAI({ apiKey: "test", baseURL: url });
    for (const model of ["one", "two", "three"]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await client.chat.completions.create({ model, messages: [{ role: "user", content: "hello" }] });
    }
    const events = await settledEvents(metered);
    expect(events.map((event) => event.resource).slice(0, 2)).toEqual(["by-sdk", "by-host"]);
    expect(events[2]?.resource).not.toMatch(/^by-/);
    expect(new Set(events.map((event) => event.category))).toEqual(new Set([category]));
  },
);
