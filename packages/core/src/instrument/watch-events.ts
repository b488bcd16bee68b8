/**
 * Watches an answer that is a stream of events. Two things must not hurt each other: taking out what our question added,
 * and reading usage. A fault in the second is logged, and the first goes on.
 */
import { type CallTimes } from "../call-times.ts";
import { type Call } from "../call.ts";
import { type StreamEvent, type StreamReader } from "../providers/provider.ts";
import { type ResultSlot } from "../results.ts";
import { report } from "./careful-watcher.ts";
import { RepeatedEvent } from "./repeated-event.ts";
import { type UsageFilter } from "./usage-filter.ts";
import { type Watcher } from "./watcher.ts";

/** Cuts an answer into events. */
export interface EventReader {
  feed(chunk: Uint8Array, take: (event: StreamEvent | undefined, text: string) => void): void;
  rest(): string;
  /** True where the next chunk begins with an event; left out where that cannot be told. */
  readonly between?: boolean;
}

const NO_BYTES = new Uint8Array(0);

/**
 * Once the call has ended, nothing but its result is held: SDKs and fetch keep an answer's object long after the application
 * has dropped it, and the collector moves about all that hangs on it.
 */
export class EventWatcher implements Watcher {
  readonly slot: ResultSlot;
  readonly times: CallTimes;
  readonly #reader: EventReader;
  readonly #filter: UsageFilter | undefined;
  /** Undefined once it has ended or failed. */
  #call: Call | undefined;
  #stream: StreamReader | undefined;
  /** Undefined where every event is wanted. */
  #repeated: RepeatedEvent | undefined;
  readonly #take = (event: StreamEvent | undefined, text: string): void => {
    this.#filter?.take(text);
    if (event !== undefined) this.#meter(event, text);
  };

  /** `headers` are those of the answer, which itself must not be held from here: fetch cleans up after one that nobody holds. */
  constructor(call: Call, status: number, headers: Headers, reader: EventReader, filter?: UsageFilter) {
    this.slot = call.slot;
    this.times = call.times;
    this.#call = call;
    this.#reader = reader;
    this.#filter = filter;
    try {
      const stream = call.match.provider.openStream(call.match, call.request, headers);
      this.#stream = stream;
      const everyEvent = filter !== undefined || call.recording !== undefined;
      if (stream.pass !== undefined && !everyEvent) this.#repeated = new RepeatedEvent();
      call.startReading(status, () => stream.read());
    } catch (error) {
      report(error);
    }
  }

  see(chunk: Uint8Array): Uint8Array {
    this.#noteRead();
    const start = this.#repeated !== undefined && this.#reader.between === true ? this.#passOver(chunk) : 0;
    if (start < chunk.length) this.#reader.feed(start === 0 ? chunk : chunk.subarray(start), this.#take);
    return this.#filter === undefined ? chunk : this.#filter.bytes();
  }

  end(): Uint8Array {
    this.#filter?.keep(this.#reader.rest());
    try {
      // Bytes that end without the terminal event are a broken connection, not a short answer.
      this.#release()?.finish("error");
    } catch (error) {
      report(error);
    }
    return this.#filter === undefined ? NO_BYTES : this.#filter.bytes();
  }

  /** A stream of JSON objects in one array may be read as that. */
  whole(json: unknown): void {
    for (const item of Array.isArray(json) ? json : [])
      this.#meter({ name: undefined, data: JSON.stringify(item) }, "");
    this.#release()?.finish("ok");
  }

  wholeText(text: string): void {
    this.see(new TextEncoder().encode(text));
    this.end();
  }

  fail(error: unknown, aborted: boolean): void {
    this.#release()?.fail(error, aborted);
  }

  cancel(): void {
    this.#release()?.finish("aborted");
  }

  /** The call, the first time. */
  #release(): Call | undefined {
    const call = this.#call;
    this.#call = this.#stream = this.#repeated = undefined;
    return call;
  }

  #noteRead(): void {
    try {
      this.#call?.noteRead();
    } catch (error) {
      report(error);
    }
  }

  /** Passes over the events that repeat an earlier one; answers with where the first other one begins. */
  #passOver(chunk: Uint8Array): number {
    let start = 0;
    try {
      while (this.#stream !== undefined && this.#repeated !== undefined && start < chunk.length) {
        const end = this.#repeated.endOf(chunk, start);
        if (end === -1) break;
        this.#stream.pass?.(this.#repeated.length);
        start = end;
      }
    } catch (error) {
      this.#repeated = undefined;
      report(error);
    }
    return start;
  }

  #meter(event: StreamEvent, text: string): void {
    const [call, stream] = [this.#call, this.#stream];
    if (call === undefined || stream === undefined) return;
    try {
      stream.event(event);
      if (stream.alike !== undefined) this.#repeated?.learn(text, stream.alike);
      call.recording?.chunk(event.data);
      const result = stream.result?.(event);
      if (result !== undefined) call.reportResult(result);
    } catch (error) {
      this.#stream = undefined;
      report(error);
    }
  }
}
