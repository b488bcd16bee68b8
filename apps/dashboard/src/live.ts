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
/** The platform speaks every fifteen seconds; a connection that is silent for longer is dead, as after a sleep. */
const SILENCE_MS = 40_000;

/** Follows the stream until the signal aborts; never rejects. */
export async function followEvents(listener: LiveListener, signal: AbortSignal): Promise<void> {
  let waitMs = FIRST_WAIT_MS;
  listener.onState("connecting");
  while (!signal.aborted) {
    try {
      // Connections come one after the other by nature.
      // oxlint-disable-next-line no-await-in-loop
      await readEvents(listener, signal, () => {
        waitMs = FIRST_WAIT_MS;
      });
    } catch (error) {
      if (error instanceof ApiFailure && error.status === 401) return;
    }
    if (!signal.aborted) listener.onState("connecting");
    // oxlint-disable-next-line no-await-in-loop
    await pause(waitMs, signal);
    waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
  }
}

async function readEvents(listener: LiveListener, signal: AbortSignal, onOpen: () => void): Promise<void> {
  const silence = new AbortController();
  const body = await openEventStream(AbortSignal.any([signal, silence.signal]));
  listener.onState("open");
  onOpen();
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  const watched = new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, controller) => {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MS);
      controller.enqueue(chunk);
    },
  });
  const reader = body
    .pipeThrough(watched)
    .pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>)
    .pipeThrough(new EventSourceParserStream())
    .getReader();
  try {
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop
      const { done, value } = await reader.read();
      if (done) return;
      if (value.event === "request") listener.onRequest(JSON.parse(value.data) as RequestSummary);
      if (value.event === "score") listener.onScore();
    }
  } finally {
    clearTimeout(timer);
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
