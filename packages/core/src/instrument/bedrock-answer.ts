/** Watches what the AWS client answers: objects that the SDK has parsed already, and streams of them. */
import { type Call } from "../call.ts";
import { type Reading, type StreamEvent, type StreamReader } from "../providers/provider.ts";
import { parse } from "../providers/read.ts";
import { getRuntime } from "../runtime.ts";
import { type AwsMetadata, type AwsResult } from "./aws-client.ts";

type Events = AsyncIterable<unknown>;

/** Streams that were dropped unread or halfway. */
const abandoned = new FinalizationRegistry<Call>((call) => call.abandon());

/** Settles the call from the result, or from its stream as the application reads it. */
export function observeResult(call: Call, { output, response }: AwsResult, addResult: boolean): void {
  call.attach(output);
  const metadata = output.$metadata ?? {};
  const headers = readHeaders(response?.headers ?? {}, metadata.requestId);
  const status = metadata.httpStatusCode ?? 200;
  const { provider } = call.match;
  const events = [output["stream"], output["body"]].find(isEvents);
  if (events !== undefined) {
    const stream = provider.openStream(call.match, call.request, headers);
    call.startReading(status, () => withAttempts(stream.read(), metadata));
    watch(call, events, stream, addResult);
    return;
  }
  const { body } = output;
  // The SDK has collected the body; the application gets the same bytes, which are only looked at.
  const json = body instanceof Uint8Array ? parse(new TextDecoder().decode(body)) : withoutMetadata(output);
  if (json !== undefined) call.recording?.answer(json);
  const reading = provider.readUsage(call.match, call.request, json, headers);
  call.settle({ outcome: "ok", status, reading: withAttempts(reading, metadata) });
}

/** Settles the call as failed; the SDK's own retries lie behind it. */
export function observeFailure(call: Call, error: unknown): void {
  const { $metadata: metadata, name } = (error ?? {}) as { $metadata?: AwsMetadata; name?: unknown };
  const outcome = isAbort(error) ? "aborted" : name === "TimeoutError" ? "timeout" : "error";
  call.settle({ outcome, status: metadata?.httpStatusCode, requestId: metadata?.requestId, error });
}

/** HTTP/2 has pseudo headers, which are none. */
function readHeaders(raw: Readonly<Record<string, string>>, requestId: string | undefined): Headers {
  const headers = new Headers(Object.entries(raw).filter(([name]) => !name.startsWith(":")));
  if (requestId !== undefined) headers.set("x-amzn-requestid", requestId);
  return headers;
}

function isEvents(value: unknown): value is Events {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

/** Sent more than once, only the last attempt told its usage. */
function withAttempts(reading: Reading, { attempts }: AwsMetadata): Reading {
  if (attempts === undefined || attempts < 2) return reading;
  return { ...reading, notes: { ...reading.notes, "system.attempt": String(attempts) } };
}

function withoutMetadata(output: AwsResult["output"]): Readonly<Record<string, unknown>> {
  const { $metadata: _metadata, ...rest } = output;
  return rest;
}

/** The stream stays the SDK's own object; only how it is iterated is seen by us. */
function watch(call: Call, events: Events, stream: StreamReader, addResult: boolean): void {
  const iterate = events[Symbol.asyncIterator].bind(events);
  Object.defineProperty(events, Symbol.asyncIterator, {
    configurable: true,
    writable: true,
    value: () => watchIterator(call, iterate(), (event) => look(call, stream, event, addResult)),
  });
  call.attach(events);
  abandoned.register(events, call);
}

/** A fault of ours must not become one of the application's stream. */
function look(call: Call, stream: StreamReader, event: unknown, addResult: boolean): void {
  try {
    see(call, stream, event, addResult);
  } catch (error) {
    getRuntime()?.log.warn("stream", `An event could not be read: ${String(error)}`);
  }
}

function watchIterator(
  call: Call,
  inner: AsyncIterator<unknown>,
  seen: (event: unknown) => void,
): AsyncIterableIterator<unknown> {
  const observed = async (step: Promise<IteratorResult<unknown>>): Promise<IteratorResult<unknown>> => {
    try {
      const part = await step;
      // Events that end without the terminal one are a broken connection, not a short answer.
      if (part.done === true) call.finish("error");
      else seen(part.value);
      return part;
    } catch (error) {
      call.finish(isAbort(error) ? "aborted" : "error", error);
      throw error;
    }
  };
  return {
    next: () => observed(inner.next()),
    return(value?: unknown) {
      call.finish("aborted");
      return inner.return?.(value) ?? Promise.resolve({ done: true, value });
    },
    async throw(error?: unknown) {
      call.finish("error", error);
      if (inner.throw === undefined) throw error;
      return inner.throw(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** The key under which Pay-i's SDKs leave the result on a stream's last event (contract 8.2). */
const RESULT = "xproxy_result";

function see(call: Call, stream: StreamReader, event: unknown, addResult: boolean): void {
  call.noteRead();
  const told = toStreamEvent(event);
  if (told === undefined) return;
  stream.event(told);
  call.recording?.chunk(told.data);
  if (!addResult || typeof event !== "object" || event === null || !stream.read().complete) return;
  call.finish("ok");
  Object.defineProperty(event, RESULT, {
    value: call.slot.result,
    configurable: true,
    enumerable: true,
    writable: true,
  });
}

/** `{ metadata: {…} }` → its name and data; a model's own chunk has no name. */
function toStreamEvent(event: unknown): StreamEvent | undefined {
  const [entry] = Object.entries(event ?? {});
  if (entry === undefined) return undefined;
  const [name, value] = entry as [string, unknown];
  if (name === "chunk") {
    const { bytes } = value as { bytes?: Uint8Array };
    return { name: undefined, data: new TextDecoder().decode(bytes) };
  }
  if (name.endsWith("Exception")) return { name: "error", data: JSON.stringify({ type: name }) };
  // Bytes inside, such as encrypted thoughts, say nothing to us and are large as text.
  const data = JSON.stringify(value, (_key, inner: unknown) =>
    inner instanceof Uint8Array ? undefined : inner,
  );
  return { name, data };
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}
