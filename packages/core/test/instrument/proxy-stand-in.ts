/** A stand-in for the platform's proxy: keeps every request, answers with a result, refuses when told to. */
import { createClient } from "../../src/client/create-client.ts";
import { type PayiInstrumentOptions } from "../../src/config.ts";
import { payiInstrument, uninstrument } from "../../src/instrument/instrument.ts";
import { type Loopback, type Received, startLoopback } from "../support.ts";
import { CHAT_ANSWER, MESSAGE_ANSWER, chatStream, messageStream } from "../synthetic.ts";

const RESULT = {
  request_id: "5673972",
  cost: {
    currency: "usd",
    input: { base: 0.00000275 },
    output: { base: 0.00002625 },
    total: { base: 0.000029 },
  },
  limits: { daily: { state: "ok" } },
};
const BLOCKED = {
  statusCode: 400,
  message: "Bad Request",
  xproxy_error: { code: "limit_reached", message: "Insufficient limit for the requested operation" },
  xproxy_result: { request_id: "1", limits: { daily: { state: "blocked" } }, blocked_limit_ids: ["daily"] },
};

export interface ProxyStandIn extends Loopback {
  blocked: boolean;
}

export async function startProxy(): Promise<ProxyStandIn> {
  const state = { blocked: false };
  const loopback = await startLoopback(({ url, body }, response) => {
    response.setHeader("content-type", "application/json");
    if (!url.startsWith("/api/v1/proxy/")) {
      response.end('{"request_id":"b","results":[]}');
      return;
    }
    if (state.blocked) {
      response.writeHead(400).end(JSON.stringify(BLOCKED));
      return;
    }
    const anthropic = url.includes("/v1/messages");
    if ((JSON.parse(body) as { stream?: boolean }).stream === true) {
      response.setHeader("content-type", "text/event-stream");
      const events = anthropic ? messageStream(3) : chatStream(3);
      const carrier = events.findIndex((event) => /"message_delta"|"finish_reason":"stop"/.test(event));
      const text = events[carrier] ?? "";
      events[carrier] = `${text.trimEnd().slice(0, -1)},"xproxy_result":${JSON.stringify(RESULT)}}\n\n`;
      response.end(events.join(""));
      return;
    }
    response.end(JSON.stringify({ ...(anthropic ? MESSAGE_ANSWER : CHAT_ANSWER), xproxy_result: RESULT }));
  });
  return Object.defineProperty(Object.assign(loopback, { blocked: false }), "blocked", {
    set: (blocked: boolean) => {
      state.blocked = blocked;
    },
  });
}

export function instrument(proxy: Loopback, options: PayiInstrumentOptions = {}): AsyncDisposable {
  const instrumentation = payiInstrument({
    ...options,
    payi: createClient({ apiKey: "payi-key", baseUrl: proxy.url }),
    config: { proxy: true, useCaseName: "tests", useCaseId: "run-1", ...options.config },
    logger: options.logger ?? console,
  });
  return {
    async [Symbol.asyncDispose]() {
      await instrumentation.close({ timeoutMs: 500 });
      uninstrument();
    },
  };
}

/** The Pay-i headers of a request, by lower-case name. */
export function ours(request: Received | undefined): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(request?.headers ?? {}).filter(([name]) => name.startsWith("xproxy")),
  );
}

export function decode(header: unknown): unknown {
  return JSON.parse(Buffer.from(String(header), "base64").toString()) as unknown;
}
