/** Where the adapter contract is tested: a provider that can fall silent, a platform that keeps all it is told. */
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";

import { originalFetch } from "../src/instrument/original-fetch.ts";
import { type Guard } from "../src/limits/guard.ts";
import { type Runtime } from "../src/runtime.ts";
import { type IngestEvent, decodeIngestItem } from "../src/wire/ingest.ts";
import { type Loopback, type Metered, SILENT, getRuntime, meter, startLoopback, until } from "./support.ts";
import { CHAT_ANSWER, MESSAGE_ANSWER, chatStream, messageStream } from "./synthetic.ts";

/** The model as the application under an adapter asks it. */
export interface ContractModel {
  /** Asks once and reads the whole answer. */
  ask(prompt: string): Promise<void>;
  /** The texts of a streamed answer; the model is asked at the first `next`. */
  stream(prompt: string): AsyncIterator<string>;
}

export interface ContractHouse extends AsyncDisposable {
  /** Speaks OpenAI's chat completions and Anthropic's messages below `/v1`; every answer bills 25 tokens in, 40 out. */
  readonly provider: Loopback;
  /** For provider clients: metered by the transport, or seen by nobody where the adapter is tested alone. */
  readonly fetch: typeof globalThis.fetch;
  readonly runtime: Runtime;
  /** From now on every call is refused by this limit; whoever asks before there is a call is let in. */
  refuse(limitId: string): void;
  /** From now on a stream says a little and then nothing, until {@link ContractHouse.finish}. */
  holdStreams(): void;
  /** What was held goes on to its end. */
  finish(): void;
  /** Waits for `count` events and answers with all that were reported by then, repeated ones included. */
  events(count: number): Promise<readonly IngestEvent[]>;
  /** Waits for `count` scores of a KPI, over all instances. */
  scores(kpi: string, count: number): Promise<readonly ContractScore[]>;
  close(): Promise<unknown>;
}

export interface ContractScore {
  readonly useCaseId: string | undefined;
  readonly score: unknown;
}

export async function openContractHouse(transport: boolean): Promise<ContractHouse> {
  const streams = { held: undefined as Promise<void> | undefined, finish: (): void => undefined };
  const provider = await startProvider(() => streams.held);
  const metered = await meter([], "own", {
    config: { hostMappings: { [provider.host]: {} } },
    logger: { ...SILENT },
  });
  const runtime = getRuntime();
  if (runtime === undefined) throw new Error("payiInstrument() left no runtime.");
  return {
    provider,
    runtime,
    get fetch() {
      return transport ? globalThis.fetch : originalFetch();
    },
    refuse(limitId) {
      const guard: Guard = {
        authorize: ({ onEntry }) => ({
          refusal: onEntry === true ? undefined : { limitIds: [limitId] },
          settle: () => undefined,
        }),
      };
      Object.assign(runtime, { guard });
    },
    holdStreams() {
      streams.held = new Promise((resolve) => {
        streams.finish = resolve;
      });
    },
    finish: () => streams.finish(),
    events: (count) => arrived(metered, () => reported(metered), count, "events"),
    scores: (kpi, count) => arrived(metered, () => scoresOf(metered, kpi), count, `scores of ${kpi}`),
    close: () => metered.close({ timeoutMs: 30_000 }),
    async [Symbol.asyncDispose]() {
      streams.finish();
      await metered[Symbol.asyncDispose]();
      await provider[Symbol.asyncDispose]();
    },
  };
}

/** The official SDK as application code uses it; `signal` is the request's own, where the adapter gives one. */
export function sdkModel(house: ContractHouse, signal?: AbortSignal): ContractModel {
  const client = new OpenAI({
    apiKey: "sk-test",
    baseURL: `${house.provider.url}/v1`,
    fetch: house.fetch,
    maxRetries: 0,
  });
  const request = (content: string): { model: string; messages: { role: "user"; content: string }[] } => ({
    model: "gpt-5",
    messages: [{ role: "user", content }],
  });
  return {
    async ask(prompt) {
      await client.chat.completions.create(request(prompt), { signal });
    },
    async *stream(prompt) {
      const chunks = await client.chat.completions.create({ ...request(prompt), stream: true }, { signal });
      for await (const chunk of chunks) {
        const text = chunk.choices[0]?.delta.content;
        if (text !== undefined && text !== null && text !== "") yield text;
      }
    },
  };
}

/** Anthropic's SDK as application code uses it. */
export function anthropicModel(house: ContractHouse): ContractModel {
  const client = new Anthropic({
    apiKey: "sk-test",
    baseURL: house.provider.url,
    fetch: house.fetch,
    maxRetries: 0,
  });
  const request = (content: string): Anthropic.MessageCreateParamsNonStreaming => ({
    model: "claude-sonnet-4-6",
    max_tokens: 100,
    messages: [{ role: "user", content }],
  });
  return {
    async ask(prompt) {
      await client.messages.create(request(prompt));
    },
    async *stream(prompt) {
      for await (const event of client.messages.stream(request(prompt))) {
        if (event.type === "content_block_delta" && event.delta.type === "text_delta") yield event.delta.text;
      }
    },
  };
}

/** Answers name the prompt in their id, so that an event leads back to the request that asked. */
async function startProvider(held: () => Promise<void> | undefined): Promise<Loopback> {
  let answers = 0;
  return startLoopback(async ({ url, body }, response) => {
    const asked = JSON.parse(body) as { stream?: boolean; messages: { content: unknown }[] };
    const prompt = JSON.stringify(asked.messages.at(-1)?.content).replaceAll(/[^\w-]/g, "");
    const suffix = `${prompt}-${(answers += 1)}`;
    const anthropic = url.includes("/messages");
    if (asked.stream !== true) {
      response.setHeader("content-type", "application/json");
      const usage = { prompt_tokens: 25, completion_tokens: 40, total_tokens: 65 };
      const answer = anthropic
        ? { ...MESSAGE_ANSWER, id: `msg_${suffix}` }
        : { ...CHAT_ANSWER, id: `chatcmpl-n${suffix}`, usage };
      response.end(JSON.stringify(answer));
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    const events = anthropic ? messageStream(40) : chatStream(40, true);
    const named = events.map((event) =>
      event
        .replace('"msg_1"', `"msg_${suffix}"`)
        .replace('"chatcmpl-n2"', `"chatcmpl-n${suffix}"`)
        .replace('"prompt_tokens":9,', '"prompt_tokens":25,'),
    );
    // Enough for whoever reads ahead to have a first word, too little for anybody to call it complete.
    for (const event of named.slice(0, 6)) response.write(event);
    await held();
    for (const event of named.slice(6)) response.write(event);
    response.end();
  });
}

/** Straight from the requests: the stand-in itself keeps each id once, which would hide a call counted twice. */
function reported({ platform }: Metered): readonly IngestEvent[] {
  return platform.received
    .filter(({ url }) => url.endsWith("/ingest/bulk"))
    .flatMap(({ body }) => (JSON.parse(body) as unknown[]).map((item) => decodeIngestItem(item)));
}

function scoresOf({ platform }: Metered, kpi: string): readonly ContractScore[] {
  return platform.scores
    .filter(({ path }) => path.endsWith(`/kpis/${kpi}`))
    .map(({ path, score }) => ({ useCaseId: path.split("/").at(-3), score }));
}

async function arrived<Item>(
  metered: Metered,
  read: () => readonly Item[],
  count: number,
  what: string,
): Promise<readonly Item[]> {
  const told = (): boolean => {
    // A flush that ran out of time would break off what is under way, and have it sent again.
    void metered.flush({ timeoutMs: 30_000 });
    return read().length >= count;
  };
  await until(told, `${count} ${what}`);
  await metered.flush({ timeoutMs: 30_000 });
  return read();
}
