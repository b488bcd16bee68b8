/** Watchers of answers that are read for one value. */
import { type CallTimes } from "../call-times.ts";
import { type Call } from "../call.ts";
import { type Reading } from "../providers/provider.ts";
import { isJson, parse } from "../providers/read.ts";
import { type ResultSlot } from "../results.ts";
import { requestId } from "./request-id.ts";
import { type Watcher } from "./watcher.ts";

const NO_BYTES = new Uint8Array(0);
/** An answer larger than this is passed on without being read for usage. */
const MAX_JSON_BYTES = 64 << 20;
/** Of what a refusing provider says, no more is kept. */
const MAX_ERROR_LENGTH = 64 << 10;

/**
 * Reads an answer that is a single value: JSON, sound, text. Once it is read, nothing but the result is held: fetch keeps
 * an answer's object long after the application has dropped it.
 */
export class WholeWatcher implements Watcher {
  readonly slot: ResultSlot;
  readonly times: CallTimes;
  #call: Call | undefined;
  // The answer itself must not be held from here: fetch cleans up after one that nobody holds.
  #headers: Headers | undefined;
  readonly #isJson: boolean;
  #decoder: InstanceType<typeof TextDecoder> | undefined;
  #text = "";
  #bytes = 0;

  constructor(call: Call, response: Response, isJsonType: boolean) {
    this.slot = call.slot;
    this.times = call.times;
    this.#call = call;
    this.#headers = response.headers;
    this.#isJson = isJsonType;
    call.startReading(
      response.status,
      call.match.toldByRequest === true ? () => toldByRequest(call) : undefined,
    );
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

  fail(error: unknown, aborted: boolean): void {
    this.#release()?.fail(error, aborted);
  }

  cancel(): void {
    this.#release()?.finish("aborted");
  }

  #read(json: unknown): void {
    const headers = this.#headers;
    const call = this.#release();
    if (call === undefined || headers === undefined) return;
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

/** What is known of an answer that nobody reads to its end. */
function toldByRequest({ match, request }: Call): Reading {
  return { ...match.provider.readUsage(match, request, undefined, new Headers()), complete: false };
}

/** Reads what a refusing provider says, where words are recorded; the call is settled when it was read or dropped. */
export class ErrorWatcher implements Watcher {
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
