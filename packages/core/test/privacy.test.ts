/**
 * Marked prompts, answers and keys through every kind of provider's client, to a real platform: nothing of them stands in
 * spool, log, database or on the wire, except what was switched on.
 */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import Anthropic from "@anthropic-ai/sdk";
import { ConverseCommand, ConverseStreamCommand, InvokeModelCommand } from "@aws-sdk/client-bedrock-runtime";
import { GoogleGenAI } from "@google/genai";
import OpenAI, { AzureOpenAI } from "openai";
import { afterAll, beforeAll, expect, test } from "vitest";

import { createClient } from "../src/client/create-client.ts";
import { payiInstrument, uninstrument } from "../src/instrument/instrument.ts";
import { converseStream, event } from "./aws-frames.ts";
import { type RealServer, API_KEY, scratchFolder, startServer } from "./faults/harness.ts";
import { type Http2Loopback, clientOf, startHttp2 } from "./instrument/recorded/bedrock-loopback.ts";
import { drain, redirectTo } from "./instrument/recorded/replay.ts";
import { type Loopback, startLoopback } from "./support.ts";
import { CHAT_ANSWER, MESSAGE_ANSWER, chatStream, messageStream } from "./synthetic.ts";

const PROMPT = "canary-prompt-6b1d";
const ANSWER = "canary-answer-c07e";
const KEY = "canary-key-58fa";

let server: RealServer;
let provider: Loopback;
let bedrock: Http2Loopback;
let redirected: Disposable;

beforeAll(async () => {
  server = await startServer();
  provider = await startLoopback(({ url, body }, response) => {
    serial += 1;
    if (body.includes('"refuse"')) {
      response.writeHead(400, { "content-type": "application/json" });
      response.end(JSON.stringify({ error: { message: `${PROMPT} ${KEY}`, type: ANSWER, code: "bad" } }));
    } else if (body.includes('"stream":true') || url.includes("streamGenerateContent")) {
      response.writeHead(200, { "content-type": "text/event-stream", "set-cookie": `session=${KEY}` });
      const events = url.includes("/messages") ? messageStream(2) : chatStream(2, true);
      const chunks = url.includes("Generate") ? [`data: ${JSON.stringify(GEMINI)}\n\n`] : events;
      response.end(marked(chunks.join("")));
    } else {
      response.writeHead(200, { "content-type": "application/json", "set-cookie": `session=${KEY}` });
      const answer = url.includes("/messages") ? MESSAGE_ANSWER : url.includes("gemini") ? GEMINI : CHAT;
      response.end(marked(JSON.stringify(answer)));
    }
  });
  bedrock = await startHttp2(({ path }) => {
    serial += 1;
    const headers = { "content-type": "application/json", "x-amzn-requestid": `request-${serial}` };
    if (!path.endsWith("stream")) {
      const content = [{ text: ANSWER, toolUse: { name: "find", input: { q: ANSWER } } }];
      const answer = { output: { message: { role: "assistant", content } }, stopReason: "end_turn" };
      const body = Buffer.from(JSON.stringify({ ...answer, usage: { inputTokens: 2, outputTokens: 3 } }));
      return { status: 200, headers, body };
    }
    const delta = event("contentBlockDelta", { contentBlockIndex: 0, delta: { text: ANSWER } });
    const type = "application/vnd.amazon.eventstream";
    return {
      status: 200,
      headers: { ...headers, "content-type": type },
      body: [delta, ...converseStream(1)],
    };
  });
  redirected = redirectTo(provider);
});

afterAll(async () => {
  redirected[Symbol.dispose]();
  await provider[Symbol.asyncDispose]();
  await bedrock[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

let serial = 0;

/** An answer with an id of its own and the mark for its words. */
function marked(answer: string): string {
  return answer
    .replaceAll(/chatcmpl-n\d/g, `chatcmpl-p${serial}`)
    .replaceAll("msg_1", `msg_p${serial}`)
    .replaceAll(/Go to Moab\.|word \d/g, ANSWER);
}

const TOOL = { id: "c", type: "function", function: { name: "find", arguments: `{"q":"${ANSWER}"}` } };
const CHAT = {
  ...CHAT_ANSWER,
  choices: [{ index: 0, message: { role: "assistant", content: ANSWER, tool_calls: [TOOL] } }],
};
const GEMINI = {
  modelVersion: "gemini-2.5-flash",
  candidates: [{ content: { role: "model", parts: [{ text: ANSWER }] }, finishReason: "STOP" }],
  usageMetadata: { promptTokenCount: 9, candidatesTokenCount: 12, totalTokenCount: 21 },
};

const user = [{ role: "user" as const, content: PROMPT }];
const refused = [{ role: "user" as const, content: `"refuse" ${PROMPT}`, name: "refuse" }];

/** Whole answers, streams and refusals. */
async function askEverybody(): Promise<void> {
  const gpt = new OpenAI({ apiKey: KEY, maxRetries: 0 });
  await gpt.chat.completions.create({ model: "gpt-5", messages: user });
  await drain(await gpt.chat.completions.create({ model: "gpt-5", messages: user, stream: true }));
  const refusal = await gpt.chat.completions
    .create({ model: "gpt-5", messages: refused })
    .catch((error: unknown) => String(error));
  expect(refusal).toContain(PROMPT);
  const azure = new AzureOpenAI({ apiKey: KEY, endpoint: "https://payi.openai.azure.com", apiVersion: "1" });
  await azure.chat.completions.create({ model: "gpt-5", messages: user });
  const claude = new Anthropic({ apiKey: KEY, maxRetries: 0 });
  await claude.messages.create({ model: "claude-sonnet-4-6", max_tokens: 9, messages: user });
  await claude.messages
    .stream({ model: "claude-sonnet-4-6", max_tokens: 9, system: PROMPT, messages: user })
    .finalMessage();
  const gemini = new GoogleGenAI({ apiKey: KEY });
  const request = { model: "gemini-2.5-flash", contents: PROMPT };
  await gemini.models.generateContent(request);
  await drain(await gemini.models.generateContentStream(request));
  const credentials = { accessKeyId: `AKID${KEY}`, secretAccessKey: KEY, sessionToken: KEY };
  const aws = clientOf(bedrock.url, { credentials });
  const messages = [{ role: "user" as const, content: [{ text: PROMPT }] }];
  const modelId = "us.amazon.nova-micro-v1:0";
  await aws.send(new ConverseCommand({ modelId, messages }));
  await aws.send(new InvokeModelCommand({ modelId, body: JSON.stringify({ prompt: PROMPT }) }));
  await drain((await aws.send(new ConverseStreamCommand({ modelId, messages }))).stream);
  aws.destroy();
}

const CALLS = 11;

/** Everything that can hold a word afterwards, by place. */
interface Places {
  readonly spool: string;
  readonly log: string;
  readonly wire: string;
  readonly database: string;
}

async function placesAfter(logPromptAndResponse: boolean): Promise<Places> {
  using folder = scratchFolder();
  const log: string[] = [];
  const wire: string[] = [];
  const note = (message: string): void => void log.push(message);
  const instrumentation = payiInstrument({
    logPromptAndResponse,
    payi: createClient({
      apiKey: API_KEY,
      baseUrl: server.url,
      fetch: (input, init) => {
        wire.push(JSON.stringify([input, init?.headers, init?.body]).replaceAll("\\", ""));
        return fetch(input, init);
      },
    }),
    config: {
      useCaseName: "privacy",
      debug: true,
      captureStackTrace: true,
      hostMappings: { [bedrock.host]: { priceAsCategory: "system.aws.bedrock" } },
      spool: { mode: "sync", directory: folder.path },
      // Nothing leaves before the spool was looked at.
      ingestRetry: { queueInterval: 60 },
    },
    logger: { debug: note, info: note, warn: note, error: note },
  });
  try {
    const before = await server.count();
    await askEverybody();
    const spool = contentOf(folder.path);
    await instrumentation.flush({ timeoutMs: 30_000 });
    expect(instrumentation.stats()).toMatchObject({ produced: CALLS, delivered: CALLS, pending: 0 });
    expect(await server.count()).toBe(before + CALLS);
    return {
      spool,
      log: log.join("\n") + server.output(),
      wire: wire.join("\n"),
      database: contentOf(server.folder),
    };
  } finally {
    await instrumentation.close({ timeoutMs: 500 });
    uninstrument();
  }
}

function contentOf(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"))
    .join("\n");
}

/** `place: mark` of every mark that stands where it must not. */
function hits(places: Places, marks: readonly string[]): readonly string[] {
  return Object.entries(places).flatMap(([place, content]: [string, string]) =>
    marks.filter((mark) => content.includes(mark)).map((mark) => `${place}: ${mark}`),
  );
}

test("by default no prompt, answer or key stands anywhere, and every call does", async () => {
  const places = await placesAfter(false);
  expect(hits(places, [PROMPT, ANSWER, KEY])).toEqual([]);
  // The search would have found them: what may be told is there.
  for (const content of [places.spool, places.wire, places.database]) expect(content).toContain("gpt-5");
  expect(places.log).toContain("recognised");
  expect(hits({ ...places, wire: "" }, [API_KEY])).toEqual([]);
});

test("words that only the application switched on travel, and are kept nowhere by a platform that was not told to", async () => {
  const places = await placesAfter(true);
  expect(hits(places, [PROMPT, ANSWER]).toSorted()).toEqual([
    `spool: ${ANSWER}`,
    `spool: ${PROMPT}`,
    `wire: ${ANSWER}`,
    `wire: ${PROMPT}`,
  ]);
  // Not even where the provider quotes it.
  expect(hits(places, [KEY])).toEqual([]);
});
