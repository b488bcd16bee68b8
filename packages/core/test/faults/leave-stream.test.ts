/** D18: the application leaves in the middle of a stream. */
import { createServer } from "node:http";
import { type AddressInfo } from "node:net";

import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import OpenAI from "openai";
import { expect, test } from "vitest";

import { createClient } from "../../src/client/create-client.ts";
import { payiInstrument, uninstrument } from "../../src/instrument/instrument.ts";
import { parseMoney } from "../../src/money.ts";
import { SILENT, until } from "../support.ts";
import { API_KEY, FULL, report, scratchFolder, startServer } from "./harness.ts";

const CUTS = FULL ? 100 : 4;
const AT_ONCE = 10;
const USER = [{ role: "user" as const, content: "hello" }];
const WORD = "forest ";

/** The events of a stream that never ends by itself, in each provider's words; one word each from the second on. */
const EVENTS: Readonly<Record<string, (id: string, index: number) => object>> = {
  "/v1/chat/completions": (id) => ({
    id,
    object: "chat.completion.chunk",
    created: 1,
    model: "gpt-5-2025-08-07",
    choices: [{ index: 0, delta: { content: WORD }, finish_reason: null }],
  }),
  "/v1/responses": (id, index) =>
    index === 0
      ? { type: "response.created", response: { id, status: "in_progress", model: "gpt-5", output: [] } }
      : { type: "response.output_text.delta", delta: WORD, item_id: "m", output_index: 0, content_index: 0 },
  "/v1/messages": (id, index) =>
    index === 0
      ? {
          type: "message_start",
          message: {
            id,
            type: "message",
            role: "assistant",
            model: "claude-sonnet-4-6",
            content: [],
            usage: { input_tokens: 25, output_tokens: 1 },
          },
        }
      : { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: WORD } },
  "/v1/models/gemini-2.5-flash:streamGenerateContent": (id, index) => ({
    responseId: id,
    candidates: [{ index: 0, content: { role: "model", parts: [{ text: WORD }] } }],
    usageMetadata: { promptTokenCount: 9, candidatesTokenCount: 2 * (index + 1) },
  }),
};

/** Streams until somebody leaves; `closedMs` by the request's header `x-cut`. */
async function startEndless(): Promise<
  AsyncDisposable & { readonly url: string; readonly closedMs: ReadonlyMap<string, number> }
> {
  const closedMs = new Map<string, number>();
  const server = createServer((request, response) => {
    request.resume();
    const cut = String(request.headers["x-cut"]);
    const make = EVENTS[(request.url ?? "").split("?")[0] ?? ""];
    if (make === undefined) {
      response.writeHead(404).end(`nothing is streamed at ${request.url}`);
      return;
    }
    let index = 0;
    response.writeHead(200, { "content-type": "text/event-stream" });
    const timer = setInterval(() => {
      const event = make(cut, index++) as { type?: string };
      const name = event.type === undefined ? "" : `event: ${event.type}\n`;
      response.write(`${name}data: ${JSON.stringify(event)}\n\n`);
    }, 2);
    response.once("close", () => {
      clearInterval(timer);
      closedMs.set(cut, performance.now());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    closedMs,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type Open = (
  url: string,
  headers: Record<string, string>,
  signal: AbortSignal,
) => PromiseLike<AsyncIterable<unknown>>;

const STREAMS: readonly (readonly [name: string, open: Open, leaving: readonly ("break" | "abort")[]])[] = [
  [
    "chat",
    (url, headers, signal) =>
      new OpenAI({ apiKey: "k", baseURL: `${url}/v1`, maxRetries: 0 }).chat.completions.create(
        { model: "gpt-5", messages: USER, stream: true, max_completion_tokens: 1_000 },
        { headers, signal },
      ),
    ["break", "abort"],
  ],
  [
    "responses",
    (url, headers, signal) =>
      new OpenAI({ apiKey: "k", baseURL: `${url}/v1`, maxRetries: 0 }).responses.create(
        { model: "gpt-5", input: "hello", stream: true, max_output_tokens: 1_000 },
        { headers, signal },
      ),
    ["break", "abort"],
  ],
  [
    "messages",
    (url, headers, signal) =>
      new Anthropic({ apiKey: "k", baseURL: url, maxRetries: 0 }).messages.create(
        { model: "claude-sonnet-4-6", max_tokens: 1_000, messages: USER, stream: true },
        { headers, signal },
      ),
    ["break", "abort"],
  ],
  [
    "gemini",
    (baseUrl, headers, signal) =>
      new GoogleGenAI({ apiKey: "k" }).models.generateContentStream({
        model: "gemini-2.5-flash",
        contents: "hello",
        config: { maxOutputTokens: 1_000, abortSignal: signal, httpOptions: { baseUrl, headers } },
      }),
    // Its SDK leaves the connection open where the application breaks off, with us and without.
    ["abort"],
  ],
];

test(
  "whoever leaves a stream stops the provider, is reported once with at least what was delivered, and holds nothing",
  { timeout: 300_000 },
  async () => {
    await using server = await startServer();
    await using provider = await startEndless();
    using folder = scratchFolder();
    const platform = createClient({ apiKey: API_KEY, baseUrl: server.url });
    const limitId = `leaving_${crypto.randomUUID()}`;
    await platform.limits.create({
      limitId,
      limitName: limitId,
      max: parseMoney("1000"),
      limitType: "block",
    });
    const earlier = await server.count();
    const outputs = new Map<string, number>();
    const told: string[] = [];
    const payi = payiInstrument({
      payi: platform,
      logger: SILENT,
      onResult: ({ cost }, { source, responseId }) => {
        if (source !== "local") return;
        told.push(responseId);
        const written = cost?.lines?.filter(({ direction }) => direction === "output") ?? [];
        outputs.set(
          responseId,
          written.reduce((sum, { count }) => sum + count, 0),
        );
      },
      config: {
        useCaseName: "leaving",
        limitIds: [limitId],
        limitCheckTimeoutMs: 60_000,
        hostMappings: { [new URL(provider.url).host]: {} },
        spool: { directory: folder.path },
      },
    });
    const leftMs = new Map<string, number>();
    const words = new Map<string, number>();
    const leave = async (name: string, open: Open, how: "break" | "abort", at: number): Promise<void> => {
      const cut = `${name}-${how}-${at}`;
      const abort = new AbortController();
      let seen = 0;
      try {
        for await (const _event of await open(provider.url, { "x-cut": cut }, abort.signal)) {
          seen += 1;
          if (seen < at) continue;
          leftMs.set(cut, performance.now());
          // The first event of some streams has no word.
          words.set(cut, at - 1);
          if (how === "break") break;
          abort.abort();
        }
      } catch (error) {
        if (!abort.signal.aborted) throw error;
      }
    };
    try {
      for (const [name, open, leaving] of STREAMS) {
        for (const how of leaving) {
          for (let at = 1; at <= CUTS; at += AT_ONCE) {
            const points = Array.from({ length: Math.min(AT_ONCE, CUTS - at + 1) }, (_, index) => at + index);
            // oxlint-disable-next-line no-await-in-loop -- some at a time
            await Promise.all(points.map((point) => leave(name, open, how, point)));
          }
        }
      }
      await until(() => provider.closedMs.size === leftMs.size, "every stream to be stopped");
      expect(told.toSorted()).toEqual([...leftMs.keys()].toSorted());
      const short = [...words].filter(([cut, delivered]) => (outputs.get(cut) ?? 0) < delivered);
      expect(short).toEqual([]);
      await payi.flush({ timeoutMs: 60_000 });
      expect((await server.count()) - earlier).toBe(leftMs.size);
      const { held, cost } = await totalsOf(server.url, limitId);
      expect({ held, spent: cost.total.base > 0 }).toEqual({ held: "0", spent: true });
      const stops = [...leftMs].map(([cut, ms]) => (provider.closedMs.get(cut) ?? Number.NaN) - ms);
      const sorted = stops.toSorted((left, right) => left - right);
      report("D18 streams left", {
        cuts: stops.length,
        providerStoppedMs: { p50: sorted[sorted.length >> 1], max: sorted.at(-1) },
        held,
        spent: cost.total.base,
      });
    } finally {
      uninstrument();
    }
  },
);

interface Totals {
  readonly held: string;
  readonly cost: { readonly total: { readonly base: number } };
}

async function totalsOf(url: string, limitId: string): Promise<Totals> {
  const answer = await fetch(`${url}/api/v1/limits/${limitId}`, { headers: { "xProxy-api-key": API_KEY } });
  return ((await answer.json()) as { limit: { totals: Totals } }).limit.totals;
}
