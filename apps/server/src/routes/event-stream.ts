/* oxlint-disable no-await-in-loop -- a stream is read in order, each part after the one before */
import { once } from "node:events";
import { type ServerResponse } from "node:http";

import { type FastifyInstance } from "fastify";
import { Type } from "typebox";

import { operation } from "../http/api/operation.ts";
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
  const stopping = new AbortController();
  app.addHook("preClose", async () => stopping.abort());

  app.get(
    "/events/stream",
    {
      ...operation({
        access: "dashboard",
        tag: "Analytics",
        ours: true,
        summary: "Every request and score as it is recorded",
        description:
          "Server-sent events, resumed with Last-Event-ID. Requests that were recorded together have one id, which comes with the last of them: whoever breaks off among them gets them again.",
        answers: { 200: Type.String() },
      }),
      exposeHeadRoute: false,
    },
    async (request, reply) => {
      const { application } = accessOf(request);
      const given = Number(request.headers["last-event-id"] ?? Number.NaN);
      const seen = Number.isSafeInteger(given) && given >= 0 ? given : undefined;
      const start = await store.streamStart(application, seen, MAX_BEHIND);
      reply.hijack();
      const response = reply.raw;
      response.writeHead(200, {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
        // Otherwise a stop would wait for the connection to be used again.
        connection: "close",
        "x-content-type-options": "nosniff",
        "x-request-id": request.id,
      });
      response.write("retry: 1000\n: connected\n\n");
      const gone = new AbortController();
      response.once("close", () => gone.abort());
      try {
        const signal = AbortSignal.any([gone.signal, stopping.signal]);
        await follow(store, application, start, response, signal);
      } catch (error) {
        request.log.error({ err: error }, "the event stream broke off");
      }
      response.end();
    },
  );
}

/** Writes entries as they come; ends with the signal. */
async function follow(
  store: Store,
  application: string,
  start: number,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const news = new EventTarget();
  const tell = (): boolean => news.dispatchEvent(new Event("news"));
  const forget = store.onChange(tell);
  const poll = setInterval(tell, POLL_MS);
  const heartbeat = setInterval(() => response.write(": still here\n\n"), HEARTBEAT_MS);
  try {
    let seq = start;
    while (!signal.aborted) {
      // Listened for before reading: what is recorded meanwhile must not wait for the next poll.
      const next = once(news, "news", { signal });
      next.catch(() => undefined);
      const { entries, toSeq, isEnd } = await store.stream(application, seq, PART);
      for (const [index, entry] of entries.entries()) {
        // Whoever breaks off among entries of one number gets them again: what has been told twice is known by its id.
        const isLast = entries[index + 1]?.seq !== entry.seq;
        if (!response.write(encodeEntry(entry, isLast))) await once(response, "drain", { signal });
      }
      seq = toSeq;
      if (isEnd) await next;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    forget();
    clearInterval(poll);
    clearInterval(heartbeat);
  }
}

function encodeEntry(entry: StreamEntry, endsNumber: boolean): string {
  const data =
    entry.kind === "request"
      ? toRequestSummary(entry.event)
      : {
          use_case_name: entry.useCase,
          use_case_id: entry.instance,
          kpi_name: entry.kpi,
          score: entry.score,
        };
  const id = endsNumber ? `id: ${entry.seq}\n` : "";
  return `event: ${entry.kind}\n${id}data: ${JSON.stringify(data)}\n\n`;
}
