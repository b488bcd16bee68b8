import { expect, test } from "vitest";

import { matchProvider } from "../../src/providers/index.ts";

function seen(method: string, url: string): object | undefined {
  const match = matchProvider(method, new URL(url));
  if (match === undefined) return undefined;
  const { provider, api, listedHost, model, scope, dataResidency, asksForUsage, retrieval } = match;
  const told = { api, listedHost, model, scope, dataResidency, asksForUsage, retrieval };
  return {
    category: provider.category,
    ...Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined)),
  };
}

const VERTEX = "/v1/projects/p/locations";
const calls: Readonly<Record<string, object>> = {
  "https://api.openai.com/v1/chat/completions": {
    category: "system.openai",
    api: "chat",
    listedHost: true,
    asksForUsage: true,
  },
  "https://eu.api.openai.com/v1/responses": {
    category: "system.openai",
    api: "responses",
    listedHost: true,
    asksForUsage: true,
    dataResidency: "eu",
  },
  "https://gateway.example/v1/chat/completions": {
    category: "system.openai",
    api: "chat",
    listedHost: false,
  },
  "https://api.groq.com/openai/v1/chat/completions": {
    category: "system.groq",
    api: "chat",
    listedHost: true,
    asksForUsage: true,
  },
  "https://openrouter.ai/api/v1/chat/completions": {
    category: "system.openrouter",
    api: "chat",
    listedHost: true,
    asksForUsage: false,
  },
  "https://r.openai.azure.com/openai/deployments/my-gpt/chat/completions?api-version=2024-10-21": {
    category: "system.azureopenai",
    api: "chat",
    listedHost: true,
    model: "my-gpt",
    asksForUsage: true,
  },
  "https://r.openai.azure.com/openai/deployments/my-gpt/chat/completions?api-version=2023-05-15": {
    category: "system.azureopenai",
    api: "chat",
    listedHost: true,
    model: "my-gpt",
    asksForUsage: false,
  },
  "https://r.openai.azure.com/openai/v1/responses": {
    category: "system.azureopenai",
    api: "responses",
    listedHost: true,
    asksForUsage: true,
  },
  "https://r.services.ai.azure.com/models/chat/completions?api-version=2024-05-01-preview": {
    category: "system.azure",
    api: "chat",
    listedHost: true,
    asksForUsage: false,
  },
  "https://r.services.ai.azure.com/anthropic/v1/messages": {
    category: "system.azure",
    api: "messages",
    listedHost: true,
  },
  "https://gateway.example/openai/deployments/d/embeddings?api-version=2024-10-21": {
    category: "system.azureopenai",
    api: "embeddings",
    listedHost: false,
    model: "d",
    asksForUsage: true,
  },
  "https://api.anthropic.com/v1/messages?beta=true": {
    category: "system.anthropic",
    api: "messages",
    listedHost: true,
  },
  [`https://us-east5-aiplatform.googleapis.com${VERTEX}/us-east5/publishers/anthropic/models/claude-x@1:streamRawPredict`]:
    {
      category: "system.google.vertex",
      api: "messages-stream",
      listedHost: true,
      model: "claude-x@1",
      scope: "region.us-east5",
    },
  [`https://aiplatform.googleapis.com${VERTEX}/global/publishers/google/models/gemini-3:generateContent`]: {
    category: "system.google.vertex",
    api: "generate",
    listedHost: true,
    model: "gemini-3",
    scope: "global",
  },
  [`https://aiplatform.eu.rep.googleapis.com${VERTEX}/eu/publishers/google/models/gemini-3:predict`]: {
    category: "system.google.vertex",
    api: "predict",
    listedHost: true,
    model: "gemini-3",
    scope: "datazone.eu",
  },
  "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions": {
    category: "system.google.vertex",
    api: "chat",
    listedHost: true,
    asksForUsage: false,
  },
  "https://bedrock-runtime.eu-central-1.amazonaws.com/model/eu.anthropic.claude-x-v1%3A0/converse": {
    category: "system.aws.bedrock",
    api: "converse",
    listedHost: true,
    model: "eu.anthropic.claude-x-v1:0",
    scope: "datazone.eu",
  },
  "https://bedrock-runtime.us-east-1.amazonaws.com/model/amazon.nova-pro-v1:0/invoke": {
    category: "system.aws.bedrock",
    api: "invoke",
    listedHost: true,
    model: "amazon.nova-pro-v1:0",
    scope: "region.us-east-1",
  },
  "https://bedrock-runtime-fips.us-gov-west-1.amazonaws.com/model/global.amazon.nova-2-lite-v1:0/converse-stream":
    {
      category: "system.aws.bedrock",
      api: "converse-stream",
      listedHost: true,
      model: "global.amazon.nova-2-lite-v1:0",
      scope: "global",
    },
  "https://bedrock-runtime.us-east-1.amazonaws.com/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Aapplication-inference-profile%2Fabc/converse":
    {
      category: "system.aws.bedrock",
      api: "converse",
      listedHost: true,
      model: "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc",
    },
  "https://vpce-1.bedrock-runtime.us-east-1.vpce.amazonaws.com/model/meta.llama3-8b-instruct-v1:0/invoke": {
    category: "system.aws.bedrock",
    api: "invoke",
    listedHost: true,
    model: "meta.llama3-8b-instruct-v1:0",
    scope: "region.us-east-1",
  },
  "https://bedrock-mantle.us-west-2.api.aws/anthropic/v1/messages": {
    category: "system.aws.bedrock",
    api: "messages",
    listedHost: true,
    scope: "region.us-west-2",
  },
  "https://dbc-1.cloud.databricks.com/serving-endpoints/my-endpoint/invocations": {
    category: "system.databricks.aws",
    api: "chat",
    listedHost: true,
    model: "my-endpoint",
    asksForUsage: false,
  },
};

test.for(Object.entries(calls))("%s is recognised", ([url, expected]) => {
  expect(seen("POST", url)).toEqual(expected);
});

test.for([
  "POST https://api.openai.com/v1/responses/input_tokens",
  "POST https://api.openai.com/v1/files",
  "GET https://api.openai.com/v1/models",
  "GET https://api.openai.com/v1/batches",
  "POST https://api.anthropic.com/v1/messages/count_tokens",
  "GET https://api.anthropic.com/v1/messages/batches/b",
  `POST https://us-east5-aiplatform.googleapis.com${VERTEX}/us-east5/publishers/anthropic/models/count-tokens:rawPredict`,
  "POST https://generativelanguage.googleapis.com/v1beta/models/gemini-3:countTokens",
  "POST https://bedrock-runtime.us-east-1.amazonaws.com/model/m/count-tokens",
  "GET https://api.openai.com/v1/responses/resp_1/cancel",
  "POST https://generativelanguage.googleapis.com/v1beta/interactions/i",
  "POST https://example.com/graphql",
])("%s is nobody's bill", (call) => {
  const [method = "", url = ""] = call.split(" ");
  expect(seen(method, url)).toBeUndefined();
});

test.for([
  "POST https://example.com/v1/videos",
  "POST https://example.com/v1/batches",
  "POST https://example.com/v1/interactions",
  "POST https://example.com/v1/interactions/i/cancel",
])("%s is a bill only where the application has mapped the host", (call) => {
  const [method = "", url = ""] = call.split(" ");
  expect(matchProvider(method, new URL(url))).toMatchObject({ listedHost: false, onlyIfMapped: true });
});

test.for([
  ["GET https://api.openai.com/v1/responses/resp_1", "responses"],
  ["POST https://api.openai.com/v1/responses/resp_1/cancel", "responses"],
  ["POST https://r.openai.azure.com/openai/v1/responses/resp_1/cancel", "responses"],
  ["GET https://api.openai.com/v1/batches/batch_1", "batch"],
  ["GET https://api.anthropic.com/v1/messages/batches/b/results", "batch-results"],
  ["GET https://generativelanguage.googleapis.com/v1beta/interactions/i", "interactions"],
  ["POST https://generativelanguage.googleapis.com/v1beta/interactions/i/cancel", "interactions"],
] as const)("%s reads the outcome of an earlier call", ([call, api]) => {
  const [method = "", url = ""] = call.split(" ");
  expect(seen(method, url)).toMatchObject({ api, retrieval: true });
});
