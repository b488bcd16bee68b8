/**
 * The platform's event stream, read through `fetch` so that it can carry the API key.
 *
 * Invariant: the stream comes back by itself after any failure until it is told to stop; a refused key stops it.
 */
import { type RequestSummary } from "@payi/core/wire";
import { EventSourceParserStream } from "eventsource-parser/stream";

import { ApiFailure } from "./api-failure.ts";
import { openEventStream } from "./api.ts";

/** `connecting` also while it comes back after a failure. */
export type LiveState = "connecting" | "open";

export interface LiveListener {
  readonly onState: (state: LiveState) => void;
  readonly onRequest: (request: RequestSummary) => void;
  readonly onScore: () => void;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8000;

/** Follows the stream until the signal aborts; never rejects. */
export async function followEvents(listener: LiveListener, signal: AbortSignal): Promise<void> {
  let waitMs = FIRST_WAIT_MS;
  while (!signal.aborted) {
    listener.onState("connecting");
    try {
      // Connections come one after the other by nature.
      // oxlint-disable-next-line no-await-in-loop
      await readEvents(listener, signal, () => {
        waitMs = FIRST_WAIT_MS;
      });
    } catch (error) {
      if (error instanceof ApiFailure && error.status === 401) return;
    }
    // oxlint-disable-next-line no-await-in-loop
    await pause(waitMs, signal);
    waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
  }
}

async function readEvents(listener: LiveListener, signal: AbortSignal, onOpen: () => void): Promise<void> {
  const body = await openEventStream(signal);
  listener.onState("open");
  onOpen();
  const reader = body
    .pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>)
    .pipeThrough(new EventSourceParserStream())
    .getReader();
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop
    const { done, value } = await reader.read();
    if (done) return;
    if (value.event === "request") listener.onRequest(JSON.parse(value.data) as RequestSummary);
    if (value.event === "score") listener.onScore();
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
