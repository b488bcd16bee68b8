import { once } from "node:events";
import { type ServerResponse } from "node:http";
import { setTimeout } from "node:timers/promises";

import { type Call, type StreamEvent } from "./call.ts";
import { type Faults } from "./faults.ts";
import { type Ledger } from "./ledger.ts";
import { type Pace } from "./pace.ts";
import { NO_USAGE, addUsage } from "./usage.ts";

/** Where a call is delivered to. */
export interface Delivery {
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly faults: Faults;
  readonly pace: Pace;
  readonly ledger: Ledger;
}

/**
 * Generates an answer and sends it, at its pace. It is in the ledger once, before its last byte is out, with what was
 * generated until then; when the client leaves, generating stops.
 */
export async function deliver(call: Call, delivery: Delivery): Promise<void> {
  const { response, faults, pace } = delivery;
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  let usage = addUsage(NO_USAGE, call.promptUsage);
  let sent = 0;
  let finished = false;
  try {
    if (faults.slowMs > 0) await setTimeout(faults.slowMs, undefined, { signal: gone.signal });
    await pace.firstToken(gone.signal);
    if (call.streamed) response.writeHead(200, { ...delivery.headers, ...STREAM_HEADERS });
    /* oxlint-disable no-await-in-loop -- tokens come one after the other, that is the point */
    for (const { adds, event } of call.steps()) {
      if (sent === faults.cutAfterEvents) return await flushed(response);
      const waits = (adds?.output ?? 0) + (adds?.webSearches ?? 0) * TOKENS_PER_SEARCH;
      if (waits > 0) await pace.generate(waits, gone.signal);
      usage = addUsage(usage, adds ?? {});
      if (call.streamed) await send(response, event, gone.signal);
      sent += 1;
    }
    /* oxlint-enable no-await-in-loop */
    finished = faults.cutAfterEvents === undefined || sent < faults.cutAfterEvents;
  } catch (error) {
    if (!gone.signal.aborted) throw error;
  } finally {
    const { api, streamed, model } = call;
    const id = call.id ?? delivery.requestId;
    delivery.ledger.book(model, {
      id,
      requestId: delivery.requestId,
      api,
      streamed,
      status: 200,
      finished,
      usage,
    });
    if (!finished) response.destroy();
    else if (call.streamed) response.end();
    else sendJson(response, 200, call.body(), delivery.headers);
  }
}

/** Resolves when everything written is with the operating system: what is destroyed before that is never sent. */
async function flushed(response: ServerResponse): Promise<void> {
  await new Promise<void>((resolve) => response.write("", () => resolve()));
}

/** Answers with JSON and ends the response. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { ...headers, "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

/** A web search takes as long as generating so many tokens. */
const TOKENS_PER_SEARCH = 30;

const STREAM_HEADERS = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-cache",
} as const;

async function send(response: ServerResponse, { name, data }: StreamEvent, gone: AbortSignal): Promise<void> {
  const text = typeof data === "string" ? data : JSON.stringify(data);
  const flowing = response.write(`${name === undefined ? "" : `event: ${name}\n`}data: ${text}\n\n`);
  if (!flowing) await once(response, "drain", { signal: gone });
}
