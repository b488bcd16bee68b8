/** A provider and a platform on loopback, and an Express app between them. */
import { type RequestListener, type Server, type ServerResponse, createServer } from "node:http";
import { type AddressInfo } from "node:net";

import { createClient, payiInstrument, uninstrument, close as closePayi, flush } from "@payi/core";
import { type IngestEvent, decodeIngestItem } from "@payi/core/wire";

export interface Listening extends AsyncDisposable {
  readonly url: string;
  readonly host: string;
}

/** Serves `handler` on a free port. */
export async function listen(handler: RequestListener): Promise<Listening> {
  const server: Server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${host}`,
    host,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export interface House extends AsyncDisposable {
  readonly provider: Listening;
  readonly scores: { readonly instance: string; readonly kpi: string; readonly score: unknown }[];
  /** Everything reported so far. */
  events(): Promise<IngestEvent[]>;
}

/** Answers a provider request; the default is a small message with a fresh id. */
export type ProviderAnswer = (body: Record<string, unknown>, response: ServerResponse) => void;

export async function openHouse(answer: ProviderAnswer = answerMessage()): Promise<House> {
  const events: IngestEvent[] = [];
  const scores: { instance: string; kpi: string; score: unknown }[] = [];
  const provider = await listen((request, response) => {
    readBody(request, (body) => answer(JSON.parse(body) as Record<string, unknown>, response));
  });
  const platform = await listen((request, response) => {
    readBody(request, (body) => {
      response.setHeader("content-type", "application/json");
      const [, instance, kpi] = /instances\/(.+)\/kpis\/(.+)$/.exec(request.url ?? "") ?? [];
      if (instance !== undefined && kpi !== undefined) {
        scores.push({ instance, kpi, score: (JSON.parse(body) as { score: unknown }).score });
        response.end("{}");
        return;
      }
      if (request.url !== "/api/v1/ingest/bulk") {
        response.writeHead(404).end('{"xproxy_error":{"code":"not_found","message":"no route"}}');
        return;
      }
      const items = JSON.parse(body) as unknown[];
      events.push(...items.map((item) => decodeIngestItem(item)));
      response.end(JSON.stringify({ request_id: "b", results: items.map(() => ({ request_id: "r" })) }));
    });
  });
  const quiet = (): void => undefined;
  payiInstrument({
    payi: createClient({ apiKey: "test", baseUrl: platform.url }),
    config: { hostMappings: { [provider.host]: { priceAsCategory: "system.anthropic" } } },
    logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  });
  return {
    provider,
    scores,
    async events() {
      await flush({ timeoutMs: 30_000 });
      return events;
    },
    async [Symbol.asyncDispose]() {
      await closePayi({ timeoutMs: 500 });
      uninstrument();
      await provider[Symbol.asyncDispose]();
      await platform[Symbol.asyncDispose]();
    },
  };
}

/** Messages with ids of their own, 25 tokens in and 40 out. */
export function answerMessage(): ProviderAnswer {
  let answers = 0;
  return (body, response) => {
    response.setHeader("content-type", "application/json");
    response.end(
      JSON.stringify({
        id: `msg_${(answers += 1)}`,
        type: "message",
        role: "assistant",
        model: body["model"],
        content: [{ type: "text", text: "Go to Moab." }],
        stop_reason: "end_turn",
        usage: { input_tokens: 25, output_tokens: 40 },
      }),
    );
  };
}

/** A stream that says a little and then falls silent until the client leaves. */
export const answerHalfStream: ProviderAnswer = (body, response) => {
  const message = { id: "msg_half", type: "message", role: "assistant", model: body["model"], content: [] };
  const send = (name: string, data: object): void => {
    response.write(`event: ${name}\ndata: ${JSON.stringify({ type: name, ...data })}\n\n`);
  };
  response.writeHead(200, { "content-type": "text/event-stream" });
  send("message_start", { message: { ...message, usage: { input_tokens: 25, output_tokens: 1 } } });
  send("content_block_start", { index: 0, content_block: { type: "text", text: "" } });
  send("content_block_delta", {
    index: 0,
    delta: { type: "text_delta", text: "Go to Moab and look around." },
  });
};

function readBody(request: AsyncIterable<Buffer>, use: (body: string) => void): void {
  void (async () => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    use(Buffer.concat(chunks).toString());
  })();
}
