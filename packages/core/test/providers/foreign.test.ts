/** Requests that merely have the path of a provider's API. */
import { expect, test } from "vitest";

import { matchProvider } from "../../src/providers/index.ts";
import { type Match } from "../../src/providers/provider.ts";
import { type Json } from "../../src/providers/read.ts";

function matched(url: string): Match {
  const match = matchProvider("POST", new URL(url));
  if (match === undefined) throw new Error(`${url} is nobody's.`);
  return match;
}

function isForeign(url: string, body: Json | undefined): boolean {
  const match = matched(url);
  return match.provider.readRequest(match, body).foreign === true;
}

test.for<readonly [string, Json | undefined]>([
  [
    "https://api.nexmo.com/v1/messages",
    { message_type: "text", text: "Your code is 1234", to: "4477", channel: "sms" },
  ],
  ["https://chat.corp.example/api/v1/messages", { to: "bob", text: "hello", model: "blue" }],
  ["https://sms.corp.example/v1/messages/batches", { messages: [] }],
  ["https://surveys.corp.example/v1/responses", { answers: [1, 2] }],
  ["https://surveys.corp.example/v1/responses", undefined],
  ["https://mail.corp.example/v1/embeddings", {}],
  ["https://maps.corp.example/v1/embeddings", { model: { id: 1 }, input: "x" }],
  ["https://courses.corp.example/v1/completions", { course: 4, learner: "ann" }],
  ["https://forum.corp.example/v1/moderations", { post: 4 }],
  ["https://radio.corp.example/v1/audio/speech", { text: "hello" }],
  ["http://serving.corp.example/v1/models/words:embedContent", { instances: [] }],
])("words to another API were taken for a prompt: %s", ([url, body]) => {
  expect(isForeign(url, body)).toBe(true);
});

test("a model server of the application's own was taken for Vertex, whose form its requests have", () => {
  expect(matched("http://tfserving:8501/v1/models/resnet:predict")).toMatchObject({ onlyIfMapped: true });
  const gateway = "https://gateway.example/v1/projects/p/locations/global/publishers/google/models/m:predict";
  expect(matched(gateway).onlyIfMapped).toBeUndefined();
});

test("a model server of the application's own was taken for Bedrock, whose paths it has", () => {
  expect(matched("http://models.corp.example/model/churn/invoke")).toMatchObject({ onlyIfMapped: true });
  const gateway = "https://gateway.example/model/meta.llama3-8b-instruct-v1:0/invoke";
  expect(matched(gateway).onlyIfMapped).toBeUndefined();
  expect(matched("https://gateway.example/model/m/converse").onlyIfMapped).toBeUndefined();
});

const ASKED: Readonly<Record<string, Json>> = {
  "/v1/chat/completions": {},
  "/v1/messages": { model: "claude", messages: [], max_tokens: 10 },
  "/v1/messages/batches": { requests: [] },
  "/v1/responses": { model: "gpt-5", input: "hello" },
  "/v1/completions": { prompt: "hello" },
  "/v1/embeddings": { model: "text-embedding-3-small", input: "hello" },
  "/v1/images/generations": { prompt: "a trail" },
  "/v1/audio/transcriptions": { model: "whisper-1" },
  "/v1/audio/speech": { model: "tts-1", input: "hello", voice: "alloy" },
  "/v1/moderations": { model: "omni-moderation-latest", input: "hello" },
  "/v1beta/models/gemini-3:generateContent": {},
  "/v1beta/models/gemini-embedding-001:embedContent": { content: { parts: [{ text: "hello" }] } },
  "/v1beta/models/gemini-embedding-001:batchEmbedContents": { requests: [] },
  "/openai/deployments/d/embeddings": { input: "hello" },
};

test.for(Object.entries(ASKED))("%s is metered on a host that nobody mapped", ([path, body]) => {
  const url = `https://gateway.example${path}`;
  expect(matched(url)).toMatchObject({ listedHost: false });
  expect(matched(url).onlyIfMapped).not.toBe(true);
  expect(isForeign(url, body)).toBe(false);
  // The first look at a long text knows the name of a value, and nothing else of it.
  const atTop = Object.entries(body).map(([name, value]) => [name, name === "model" ? value : undefined]);
  expect(isForeign(url, Object.fromEntries(atTop) as Json)).toBe(false);
});

test.for([
  "https://api.openai.com/v1/responses",
  "https://api.anthropic.com/v1/messages",
  "https://api.groq.com/openai/v1/embeddings",
  "https://generativelanguage.googleapis.com/v1beta/models/m:embedContent",
])("on a provider's own host every request is its own: %s", (url) => {
  expect(isForeign(url, undefined)).toBe(false);
});

test.for<Json>([
  { prompt: { id: "pmpt_1" } },
  { model: "gpt-5", previous_response_id: "resp_1" },
  { model: "gpt-5", conversation: "conv_1" },
])("a response needs no input, nor a model where its prompt is kept at the provider: %j", (body) => {
  expect(isForeign("https://gateway.example/v1/responses", body)).toBe(false);
});
