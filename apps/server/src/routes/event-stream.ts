import { once } from "node:events";
import { type ServerResponse } from "node:http";

import { type FastifyInstance } from "fastify";

import { accessOf } from "../http/auth.ts";
import { toRequestSummary } from "../http/encode-request.ts";
import { type StreamEntry } from "../store/query.ts";
import { type Store } from "../store/store.ts";

const HEARTBEAT_MS = 15_000;
/** Also finds what another process wrote, such as `payi import`. */
const POLL_MS = 1000;
const PART = 100;
/** A client that was away longer gets the latest ones and asks the lists for the rest. */
const MAX_BEHIND = 1000;

/**
 * `GET /events/stream`: every request and score as it is recorded, resumable with Last-Event-ID. Each client reads
 * from the store at its own pace, so that a slow one holds no memory here.
 */
export function registerEventStream(app: FastifyInstance, store: Store): void {
  const clients = new Set<ServerResponse>();
  app.addHook("preClose", async () => {
    for (const client of clients) client.end();
  });

  app.get("/events/stream", { config: { access: "dashboard" } }, async (request, reply) => {
    const { application } = accessOf(request);
    const last = await store.lastSeq();
    const given = Number(request.headers["last-event-id"] ?? Number.NaN);
    const start = Number.isInteger(given) && given >= 0 ? Math.max(given, last - MAX_BEHIND) : last;
    reply.hijack();
    const response = reply.raw;
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) response.setHeader(name, value);
    }
    response.writeHead(200, {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    });
    response.write(`retry: 1000\n: connected\n\n`);
    clients.add(response);
    try {
      await follow(store, application, Math.min(start, last), response);
    } catch (error) {
      request.log.error({ err: error }, "the event stream broke off");
    } finally {
      clients.delete(response);
      response.end();
    }
  });
}

/** Ends when the client has gone. */
async function follow(
  store: Store,
  application: string,
  start: number,
  response: ServerResponse,
): Promise<void> {
  let seq = start;
  let wake: () => void = () => undefined;
  let changed = false;
  const notice = (): void => {
    changed = true;
    wake();
  };
  const forget = store.onChange(notice);
  const poll = setInterval(notice, POLL_MS);
  const heartbeat = setInterval(() => response.write(": still here\n\n"), HEARTBEAT_MS);
  response.once("close", () => wake());
  try {
    while (!response.closed && !response.writableEnded) {
      const entries = await store.stream(application, seq, PART);
      for (const entry of entries) {
        seq = entry.seq;
        if (!response.write(encodeEntry(entry))) await drained(response);
      }
      if (entries.length === PART || changed) {
        changed = false;
        continue;
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (response.closed) resolve();
      });
    }
  } finally {
    forget();
    clearInterval(poll);
    clearInterval(heartbeat);
  }
}

async function drained(response: ServerResponse): Promise<void> {
  if (response.closed) return;
  await Promise.race([once(response, "drain"), once(response, "close")]);
}

function encodeEntry(entry: StreamEntry): string {
  const data =
    entry.kind === "request"
      ? toRequestSummary(entry.event)
      : {
          use_case_name: entry.useCase,
          use_case_id: entry.instance,
          kpi_name: entry.kpi,
          score: entry.score,
        };
  return `event: ${entry.kind}\nid: ${entry.seq}\ndata: ${JSON.stringify(data)}\n\n`;
}
