/** Watches the answer of a call and settles the call from the bytes that the application itself reads. */
import { type Call } from "../call.ts";
import { type StreamEvent, type StreamReader } from "../providers/provider.ts";
import { isJson, parse } from "../providers/read.ts";
import { type ResultSlot } from "../results.ts";
import { carefully, faultless } from "./careful-watcher.ts";
import { EventStreamReader } from "./event-stream.ts";
import { hideUsage } from "./include-usage.ts";
import { JsonFrames } from "./json-frames.ts";
import { passThrough } from "./pass-through.ts";
import { SseReader } from "./sse.ts";
import { watchInPlace } from "./watch-in-place.ts";
import { type Watcher } from "./watcher.ts";

const NO_BYTES = new Uint8Array(0);
const NO_HEADERS = new Headers();
/** An answer larger than this is passed on without being read for usage. */
const MAX_JSON_BYTES = 64 << 20;
/** Of what a refusing provider says, no more is kept. */
const MAX_ERROR_LENGTH = 64 << 10;

export interface ObserveOptions {
  /** We asked for usage on the application's behalf, so what that adds is hidden. */
  readonly hide: boolean;
}

/** Cuts an answer into events. */
interface EventReader {
  feed(chunk: Uint8Array, take: (event: StreamEvent | undefined, text: string) => void): void;
  rest(): string;
}

/** The answer for the application; the call is settled when it has been read, cancelled or dropped. */
export function observe(call: Call, response: Response, options: ObserveOptions): Response {
  call.recording?.responseHeaders(response.headers);
  if (response.status >= 400 && response.body !== null && call.recording !== undefined) {
    return watchInPlace(response, carefully(new ErrorWatcher(call, response)));
  }
  if (response.status >= 400 || response.body === null) {
    call.settle({
      outcome: response.status >= 400 ? "error" : "ok",
      status: response.status,
      requestId: requestId(response.headers),
    });
    return response;
  }
  const type = response.headers.get("content-type") ?? "";
  const reader = openReader(call, type);
  const watcher = carefully(
    reader === undefined
      ? new WholeWatcher(call, response, type.includes("json"))
      : watchEvents(call, response, reader, options.hide),
  );
  if (!options.hide || reader === undefined) return watchInPlace(response, watcher, reader !== undefined);
  // Only where bytes have to be taken out does the application get another object than fetch gave.
  const filtered = passThrough(response, response.body, watcher);
  call.attach(filtered);
  return filtered;
}

/** How the answer is cut into events; undefined for one that is a single value. */
function openReader(call: Call, type: string): EventReader | undefined {
  if (type.includes("text/event-stream")) return new SseReader();
  if (type.includes("application/vnd.amazon.eventstream")) return new EventStreamReader();
  const { framing } = call.match;
  return framing === undefined ? undefined : new JsonFrames();
}

/** The provider's own name for the exchange, where it gives one. */
export function requestId(headers: Headers): string | undefined {
  return headers.get("x-request-id") ?? headers.get("request-id") ?? undefined;
}

/**
 * Two things that must not hurt each other: taking out what our question added, and reading usage. A fault in the
 * second is logged, and the first goes on.
 */
function watchEvents(call: Call, response: Response, reader: EventReader, hide: boolean): Watcher {
  const filter = hide ? new UsageFilter() : undefined;
  const { recording } = call;
  let stream: StreamReader | undefined;
  const meter = faultless((event: StreamEvent) => {
    stream?.event(event);
    recording?.chunk(event.data);
    const result = stream?.result?.(event);
    if (result !== undefined) call.reportResult(result);
  });
  const noteRead = faultless(() => call.noteRead());
  faultless(() => {
    const opened = call.match.provider.openStream(call.match, call.request, response.headers);
    stream = opened;
    call.startReading(response.status, () => opened.read());
  })();
  const take = (event: StreamEvent | undefined, text: string): void => {
    filter?.take(text);
    if (event !== undefined) meter(event);
  };
  return {
    slot: call.slot,
    see(chunk) {
      noteRead();
      reader.feed(chunk, take);
      return filter === undefined ? chunk : filter.bytes();
    },
    end() {
      filter?.keep(reader.rest());
      // Bytes that end without the terminal event are a broken connection, not a short answer.
      faultless(() => call.finish("error"))();
      return filter === undefined ? NO_BYTES : filter.bytes();
    },
    // A stream of JSON objects in one array may be read as that.
    whole(json) {
      for (const item of Array.isArray(json) ? json : [])
        meter({ name: undefined, data: JSON.stringify(item) });
      call.finish("ok");
    },
    wholeText(text) {
      this.see(new TextEncoder().encode(text));
      this.end();
    },
    fail: (error) => call.fail(error),
    cancel: () => call.finish("aborted"),
  };
}

/** The answer without what our question added, where it could not be observed. */
export function hideAnswerToQuestion(response: Response): Response {
  const type = response.headers.get("content-type") ?? "";
  if (response.body === null || !type.includes("text/event-stream")) return response;
  const reader = new SseReader();
  const filter = new UsageFilter();
  return passThrough(response, response.body, {
    see(chunk) {
      reader.feed(chunk, (_event, text) => filter.take(text));
      return filter.bytes();
    },
    end() {
      filter.keep(reader.rest());
      return filter.bytes();
    },
    whole: nothing,
    wholeText: nothing,
    fail: nothing,
    cancel: nothing,
  });
}

function nothing(): void {
  // Filtered only, not metered.
}

/** Collects the text that goes on to the application. */
class UsageFilter {
  readonly #encoder = new TextEncoder();
  #kept = "";

  take(text: string): void {
    this.#kept += hideUsage(text);
  }

  keep(text: string): void {
    this.#kept += text;
  }

  /** What was collected since the last time. */
  bytes(): Uint8Array {
    const bytes = this.#encoder.encode(this.#kept);
    this.#kept = "";
    return bytes;
  }
}

/**
 * Reads an answer that is a single value: JSON, sound, text. Once it is read, nothing but the result is held: fetch keeps
 * an answer's object long after the application has dropped it.
 */
class WholeWatcher implements Watcher {
  readonly slot: ResultSlot;
  #call: Call | undefined;
  // The answer itself must not be held from here: fetch cleans up after one that nobody holds.
  #headers: Headers | undefined;
  readonly #isJson: boolean;
  #decoder: InstanceType<typeof TextDecoder> | undefined;
  #text = "";
  #bytes = 0;

  constructor(call: Call, response: Response, isJsonType: boolean) {
    this.slot = call.slot;
    this.#call = call;
    this.#headers = response.headers;
    this.#isJson = isJsonType;
    call.startReading(response.status);
  }

  see(chunk: Uint8Array): Uint8Array {
    this.#call?.noteRead();
    this.#bytes += chunk.byteLength;
    // Decoded here and now: handing a chunk on to a byte stream takes its memory away from us.
    if (this.#isJson && this.#bytes <= MAX_JSON_BYTES) {
      this.#text += (this.#decoder ??= new TextDecoder()).decode(chunk, { stream: true });
    }
    return chunk;
  }

  end(): Uint8Array {
    const told = this.#isJson && this.#bytes <= MAX_JSON_BYTES;
    this.#read(told ? parse(this.#text + (this.#decoder?.decode() ?? "")) : undefined);
    return NO_BYTES;
  }

  whole(json: unknown): void {
    this.#call?.noteRead();
    this.#read(json);
  }

  wholeText(text: string): void {
    this.#call?.noteRead();
    if (!this.#isJson) this.#call?.recording?.answer(text);
    this.#read(this.#isJson && text.length <= MAX_JSON_BYTES ? parse(text) : undefined);
  }

  fail(error: unknown): void {
    this.#release()?.fail(error);
  }

  cancel(): void {
    this.#release()?.finish("aborted");
  }

  #read(json: unknown): void {
    const headers = this.#headers ?? NO_HEADERS;
    const call = this.#release();
    if (call === undefined) return;
    if (json !== undefined) call.recording?.answer(json);
    const reading = call.match.provider.readUsage(call.match, call.request, json, headers);
    // An answer with an id leads to its result by that.
    if (reading.responseId === undefined && isJson(json)) call.attach(json);
    call.finish("ok", undefined, reading);
  }

  /** The call, the first time. */
  #release(): Call | undefined {
    const call = this.#call;
    this.#call = this.#headers = undefined;
    this.#text = "";
    return call;
  }
}

/** Reads what a refusing provider says, where words are recorded; the call is settled when it was read or dropped. */
class ErrorWatcher implements Watcher {
  readonly #call: Call;
  readonly #status: number;
  readonly #requestId: string | undefined;
  readonly #decoder = new TextDecoder();
  #text = "";

  constructor(call: Call, response: Response) {
    this.#call = call;
    this.#status = response.status;
    this.#requestId = requestId(response.headers);
    call.startReading(response.status);
  }

  see(chunk: Uint8Array): Uint8Array {
    if (this.#text.length < MAX_ERROR_LENGTH) this.#text += this.#decoder.decode(chunk, { stream: true });
    return chunk;
  }

  end(): Uint8Array {
    this.#settle(this.#text);
    return NO_BYTES;
  }

  whole(json: unknown): void {
    this.#settle(json);
  }

  wholeText(text: string): void {
    this.#settle(text);
  }

  fail(error: unknown): void {
    this.#settle(this.#text, error);
  }

  cancel(): void {
    this.#settle(this.#text);
  }

  #settle(answer: unknown, error?: unknown): void {
    if (answer !== "") this.#call.recording?.answer(answer);
    this.#call.settle({ outcome: "error", status: this.#status, requestId: this.#requestId, error });
  }
}

export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}
