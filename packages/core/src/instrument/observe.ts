/** Watches the answer of a call and settles the call from the bytes that the application itself reads. */
import { type Call } from "../call.ts";
import { getRuntime } from "../runtime.ts";
import { carefully } from "./careful-watcher.ts";
import { EventStreamReader } from "./event-stream.ts";
import { rememberObjection } from "./include-usage.ts";
import { JsonFrames } from "./json-frames.ts";
import { passReadable } from "./pass-readable.ts";
import { isWebStream, passThrough } from "./pass-through.ts";
import { requestId } from "./request-id.ts";
import { SseReader } from "./sse.ts";
import { UsageFilter } from "./usage-filter.ts";
import { type EventReader, EventWatcher } from "./watch-events.ts";
import { watchInPlace } from "./watch-in-place.ts";
import { ErrorWatcher, WholeWatcher } from "./watch-whole.ts";

export interface ObserveOptions {
  /** Whom we asked for usage on the application's behalf: what that adds is hidden. */
  readonly asked: URL | undefined;
  /** What the request may be aborted by. */
  readonly signal: AbortSignal | undefined;
}

/** The answer for the application; the call is settled when it has been read, cancelled or dropped. */
export function observe(call: Call, response: Response, { asked, signal }: ObserveOptions): Response {
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
    if (isHandmade(response)) return leaveUnseen(call, response);
    // Whoever drops a single value has had nothing of it: the collector need not be asked.
    watchInPlace(response, carefully(new WholeWatcher(call, response, type.includes("json"))), signal);
    return response;
  }
  if (!isWebStream(body)) return observeForeign(call, response, { asked, signal }, reader);
  const filter = asked !== undefined ? new UsageFilter() : undefined;
  const watcher = carefully(new EventWatcher(call, status, headers, reader, filter));
  if (filter === undefined) {
    if (isHandmade(response)) return leaveUnseen(call, response);
    call.keepWatch(watchInPlace(response, watcher, signal));
    return response;
  }
  // Only where bytes have to be taken out does the application get another object than fetch gave.
  const filtered = passThrough(response, body, watcher, signal);
  call.attach(filtered);
  return filtered;
}

/**
 * A stream of a fetch with a class of its own, such as node-fetch: how it is read cannot be seen. Where our question has to be
 * taken out again, it passes through us all the same.
 */
function observeForeign(
  call: Call,
  response: Response,
  { asked, signal }: ObserveOptions,
  reader: EventReader,
): Response {
  const { status, headers } = response;
  if (asked !== undefined) {
    const watcher = carefully(new EventWatcher(call, status, headers, reader, new UsageFilter()));
    const filtered = passReadable(response, watcher, signal);
    if (filtered !== undefined) {
      call.attach(filtered);
      if (filtered.body !== null) call.keepWatch(filtered.body);
      return filtered;
    }
    rememberObjection(asked, call.request.model);
  }
  return leaveUnseen(call, response);
}

/** True for an answer put together by hand: none of its methods is looked up in a prototype. */
function isHandmade(response: Response): boolean {
  const prototype = Object.getPrototypeOf(response) as Partial<Response> | null;
  return typeof prototype?.json !== "function" && typeof prototype?.text !== "function";
}

function leaveUnseen(call: Call, response: Response): Response {
  getRuntime()?.log.warn(
    "unseen_answer",
    `An answer of ${call.match.provider.category} came from a fetch whose answers cannot be watched, as node-fetch's streams cannot: its usage is unknown. Use the runtime's own fetch to have it counted.`,
  );
  const { status, headers } = response;
  call.settle({ outcome: "ok", status, requestId: requestId(headers) });
  return response;
}

/** How the answer is cut into events; undefined for one that is a single value. */
function openReader(call: Call, type: string): EventReader | undefined {
  if (type.includes("text/event-stream")) return new SseReader();
  if (type.includes("application/vnd.amazon.eventstream")) return new EventStreamReader();
  return call.match.framing === undefined ? undefined : new JsonFrames();
}
