import { expect, test } from "vitest";

import { billedBy } from "../src/category.ts";

test.for([
  ["openai.chat", "gpt-5", "system.openai", "gpt-5"],
  ["openai.responses", "gpt-5", "system.openai", "gpt-5"],
  ["anthropic.messages", "claude-sonnet-4-6", "system.anthropic", "claude-sonnet-4-6"],
  ["google.generative-ai", "gemini-2.5-pro", "system.google.vertex", "gemini-2.5-pro"],
  ["google.vertex.chat", "gemini-2.5-pro", "system.google.vertex", "gemini-2.5-pro"],
  ["vertex.anthropic.messages", "claude-sonnet-4-6", "system.google.vertex", "anthropic.claude-sonnet-4-6"],
  ["amazon-bedrock", "us.amazon.nova-pro-v1:0", "system.aws.bedrock", "us.amazon.nova-pro-v1:0"],
  ["bedrock.anthropic.messages", "anthropic.claude-x", "system.aws.bedrock", "anthropic.claude-x"],
  ["bedrock-mantle.chat", "openai.gpt-oss", "system.aws.bedrock", "openai.gpt-oss"],
  ["azure.chat", "our-deployment", "system.azureopenai", "our-deployment"],
  ["azure-openai.chat", "our-deployment", "system.azureopenai", "our-deployment"],
  ["gateway", "anthropic/claude-sonnet-4.5", "system.anthropic", "claude-sonnet-4-5"],
  ["gateway", "openai/gpt-5.4", "system.openai", "gpt-5.4"],
  ["gateway", "mistral/large", undefined, "large"],
  ["openai-compatible.chat", "llama", undefined, "llama"],
  ["ollama", "llama", undefined, "llama"],
] as const)("%s %s is billed by %s", ([provider, modelId, category, resource]) => {
  expect(billedBy(provider, modelId)).toEqual({ category, resource, gateway: provider === "gateway" });
});
