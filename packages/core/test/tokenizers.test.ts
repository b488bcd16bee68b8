import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from "@aws-sdk/client-bedrock-runtime";
import { afterAll, expect, test } from "vitest";

import { resolveConfig } from "../src/config.ts";
import { type ModelConfig } from "../src/tokenizers.ts";
import { event } from "./aws-frames.ts";
import { clientOf, startHttp2 } from "./instrument/recorded/bedrock-loopback.ts";
import { meterEverything } from "./instrument/recorded/replay.ts";
import { settledEvents } from "./support.ts";

const MODEL = "my.imported-model-v1";
const folder = mkdtempSync(join(tmpdir(), "payi-tokenizer-"));
const tokenizerPath = join(folder, "tokenizer.json");
/** One token per word. */
writeFileSync(
  tokenizerPath,
  JSON.stringify({
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: { type: "WhitespaceSplit" },
    post_processor: null,
    decoder: null,
    model: { type: "WordLevel", vocab: { "[UNK]": 0, trails: 1, near: 2, Moab: 3 }, unk_token: "[UNK]" },
  }),
);
afterAll(() => rmSync(folder, { recursive: true }));

const HEADERS = { "content-type": "application/json", "x-amzn-requestid": "request-1" };
const chunk = (body: object): Buffer =>
  event("chunk", { bytes: Buffer.from(JSON.stringify(body)).toString("base64") });

function configOf(modelConfig: Readonly<Record<string, ModelConfig>>): object {
  return { awsConfig: { modelConfig } };
}

test("an answer that tells no tokens is counted by the model's own tokenizer, and says that it was", async () => {
  const body = Buffer.from(JSON.stringify({ outputs: [{ text: "Go to Moab and hike" }] }));
  await using provider = await startHttp2(() => ({ status: 200, headers: HEADERS, body }));
  await using metered = await meterEverything({
    ...configOf({ [MODEL]: { tokenizerPath } }),
    hostMappings: { [provider.host]: { priceAsCategory: "system.aws.bedrock" } },
  });
  const client = clientOf(provider.url);
  const prompt = JSON.stringify({ prompt: "trails near Moab" });
  await client.send(new InvokeModelCommand({ modelId: MODEL, body: prompt }));
  client.destroy();
  const [counted] = await settledEvents(metered);
  expect(counted?.units).toEqual({ text: { input: 3, output: 5 } });
  expect(counted?.properties?.["system.usage_source"]).toBe("estimated");
});

test("a stream that tells no tokens is counted whole, however it was cut", async () => {
  const frames = [chunk({ outputText: "Go to Mo" }), chunk({ outputText: "ab and hike" })];
  await using provider = await startHttp2(() => ({
    status: 200,
    headers: { ...HEADERS, "content-type": "application/vnd.amazon.eventstream" },
    body: frames,
  }));
  await using metered = await meterEverything({
    ...configOf({ [MODEL]: { tokenizerPath } }),
    hostMappings: { [provider.host]: { priceAsCategory: "system.aws.bedrock" } },
  });
  const client = clientOf(provider.url);
  const prompt = JSON.stringify({ prompt: "trails near Moab" });
  const answer = await client.send(
    new InvokeModelWithResponseStreamCommand({ modelId: MODEL, body: prompt }),
  );
  for await (const _part of answer.body ?? []);
  client.destroy();
  const [counted] = await settledEvents(metered);
  expect(counted?.units).toEqual({ text: { input: 3, output: 5 } });
});

test("what the model tells counts more than what was counted", async () => {
  const frames = [
    event("contentBlockDelta", { contentBlockIndex: 0, delta: { text: "Go to Moab" } }),
    event("metadata", { usage: { inputTokens: 20, outputTokens: 30, totalTokens: 50 } }),
  ];
  await using provider = await startHttp2(() => ({
    status: 200,
    headers: { ...HEADERS, "content-type": "application/vnd.amazon.eventstream" },
    body: frames,
  }));
  await using metered = await meterEverything({
    ...configOf({ [MODEL]: { tokenizerPath } }),
    hostMappings: { [provider.host]: { priceAsCategory: "system.aws.bedrock" } },
  });
  const client = clientOf(provider.url);
  const messages = [{ role: "user" as const, content: [{ text: "trails" }] }];
  const answer = await client.send(new ConverseStreamCommand({ modelId: MODEL, messages }));
  for await (const _part of answer.stream ?? []);
  client.destroy();
  expect((await settledEvents(metered))[0]?.units).toEqual({ text: { input: 20, output: 30 } });
});

test("a file that is none, or no tokenizer, is an error at start that names model, path and library", () => {
  const resolve = (path: unknown): unknown =>
    resolveConfig({ config: configOf({ m: { tokenizerPath: path as string } }) }, undefined);
  expect(() => resolve(join(folder, "absent.json"))).toThrow(
    /config\.awsConfig\.modelConfig\["m"\]\.tokenizerPath is .*absent\.json.*@huggingface\/tokenizers/s,
  );
  const broken = join(folder, "broken.json");
  writeFileSync(broken, '{"hello": 1}');
  expect(() => resolve(broken)).toThrow(/no tokenizer\.json/);
  expect(() => resolve(7)).toThrow(/must be a string, got 7/);
  expect(() =>
    resolveConfig({ config: configOf({ m: { tokeniserPath: "x" } as never }) }, undefined),
  ).toThrow(/modelConfig\["m"\]\.tokeniserPath is not an option/);
});
