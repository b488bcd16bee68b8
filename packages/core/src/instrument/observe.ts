/** Watches the answer of a call and settles the call from the bytes that the application itself reads. */
import { type Call } from "../call.ts";
import { carefully } from "./careful-watcher.ts";
import { EventStreamReader } from "./event-stream.ts";
import { JsonFrames } from "./json-frames.ts";
import { passThrough } from "./pass-through.ts";
import { requestId } from "./request-id.ts";
import { SseReader } from "./sse.ts";
import { UsageFilter } from "./usage-filter.ts";
import { type EventReader, EventWatcher } from "./watch-events.ts";
import { watchInPlace } from "./watch-in-place.ts";
import { ErrorWatcher, WholeWatcher } from "./watch-whole.ts";

export interface ObserveOptions {
  /** We asked for usage on the application's behalf, so what that adds is hidden. */
  readonly hide: boolean;
  /** What the request may be aborted by. */
  readonly signal: AbortSignal | undefined;
}

/** The answer for the application; the call is settled when it has been read, cancelled or dropped. */
export function observe(call: Call, response: Response, { hide, signal }: ObserveOptions): Response {
  const { status, headers, body } = response;
  call.recording?.responseHeaders(headers);
  if (status >= 400 && body !== null && call.recording !== undefined) {
    watchInPlace(response, carefully(new ErrorWatcher(call, response)), signal);
    return response;
  }
  if (status >= 400 || body === null) {
    call.settle({ outcome: status >= 400 ? "error" : "ok", status, requestId: requestId(headers) });
    return response;
  }
  const type = headers.get("content-type") ?? "";
  const reader = openReader(call, type);
  if (reader === undefined) {
    // Whoever drops a single value has had nothing of it: the collector need not be asked.
    watchInPlace(response, carefully(new WholeWatcher(call, response, type.includes("json"))), signal);
    return response;
  }
  const filter = hide ? new UsageFilter() : undefined;
  const watcher = carefully(new EventWatcher(call, status, headers, reader, filter));
  if (filter === undefined) {
    call.keepWatch(watchInPlace(response, watcher, signal));
    return response;
  }
  // Only where bytes have to be taken out does the application get another object than fetch gave.
  const filtered = passThrough(response, body, watcher, signal);
  call.attach(filtered);
  return filtered;
}

/** How the answer is cut into events; undefined for one that is a single value. */
function openReader(call: Call, type: string): EventReader | undefined {
  if (type.includes("text/event-stream")) return new SseReader();
  if (type.includes("application/vnd.amazon.eventstream")) return new EventStreamReader();
  return call.match.framing === undefined ? undefined : new JsonFrames();
}
