/** Watches the answer of a call and settles the call from the bytes that the application itself reads. */
import { type Call } from "../call.ts";
import { NOTHING_TOLD, type Reading } from "../providers/provider.ts";
import { parse } from "../providers/read.ts";
import { hideUsage } from "./include-usage.ts";
import { passThrough } from "./pass-through.ts";
import { SseReader } from "./sse.ts";
import { watchInPlace } from "./watch-in-place.ts";
import { type Watcher } from "./watcher.ts";

const NO_BYTES = new Uint8Array(0);
/** An answer larger than this is passed on without being read for usage. */
const MAX_JSON_BYTES = 64 << 20;

export interface ObserveOptions {
  /** We asked for usage on the application's behalf, so what that adds is hidden. */
  readonly hide: boolean;
}

/** The answer for the application; the call is settled when it has been read, cancelled or dropped. */
export function observe(call: Call, response: Response, options: ObserveOptions): Response {
  if (response.status >= 400 || response.body === null) {
    call.settle({
      outcome: response.status >= 400 ? "error" : "ok",
      status: response.status,
      requestId: requestId(response.headers),
    });
    return response;
  }
  const type = response.headers.get("content-type") ?? "";
  const watcher = type.includes("text/event-stream")
    ? watchEvents(call, response, options.hide)
    : watchWhole(call, response, type.includes("json"));
  // Only where bytes have to be taken out does the application get another object than fetch gave.
  return options.hide ? passThrough(response, response.body, watcher) : watchInPlace(response, watcher);
}

/** The provider's own name for the exchange, where it gives one. */
export function requestId(headers: Headers): string | undefined {
  return headers.get("x-request-id") ?? headers.get("request-id") ?? undefined;
}

function watchEvents(call: Call, response: Response, hide: boolean): Watcher {
  const reader = new SseReader();
  const stream = call.match.provider.openStream(call.match, call.request);
  const encoder = new TextEncoder();
  call.startReading(response.status, () => stream.read());
  return {
    see(chunk) {
      call.noteRead();
      let kept = "";
      reader.feed(chunk, (event, text) => {
        if (event !== undefined) stream.event(event);
        if (hide) kept += hideUsage(text);
      });
      return hide ? encoder.encode(kept) : chunk;
    },
    end() {
      const rest = hide ? encoder.encode(reader.rest()) : NO_BYTES;
      // Bytes that end without the terminal event are a broken connection, not a short answer.
      call.finish("error");
      return rest;
    },
    // A stream that is read as one JSON value is none of a provider's.
    whole: () => call.finish("ok"),
    wholeText(text) {
      this.see(new TextEncoder().encode(text));
      this.end();
    },
    fail: (error) => call.finish(isAbort(error) ? "aborted" : "error", error),
    cancel: () => call.finish("aborted"),
  };
}

function watchWhole(call: Call, response: Response, isJson: boolean): Watcher {
  // The answer itself must not be held from here: fetch cleans up after one that nobody holds.
  const { headers } = response;
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  let reading: Reading = NOTHING_TOLD;
  call.startReading(response.status, () => reading);
  const whole = (json: unknown): void => {
    reading = call.match.provider.readUsage(call.match, call.request, json, headers);
    call.finish("ok");
  };
  return {
    see(chunk) {
      call.noteRead();
      bytes += chunk.byteLength;
      // Decoded here and now: handing a chunk on to a byte stream takes its memory away from us.
      if (isJson && bytes <= MAX_JSON_BYTES) text += decoder.decode(chunk, { stream: true });
      return chunk;
    },
    end() {
      whole(isJson && bytes <= MAX_JSON_BYTES ? parse(text + decoder.decode()) : undefined);
      return NO_BYTES;
    },
    whole(json) {
      call.noteRead();
      whole(json);
    },
    wholeText(all) {
      call.noteRead();
      whole(isJson && all.length <= MAX_JSON_BYTES ? parse(all) : undefined);
    },
    fail: (error) => call.finish(isAbort(error) ? "aborted" : "error", error),
    cancel: () => call.finish("aborted"),
  };
}

export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}
