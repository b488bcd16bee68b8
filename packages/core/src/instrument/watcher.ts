import { type CallTimes } from "../call-times.ts";
import { type ResultSlot } from "../results.ts";

/** Looks at the bytes of an answer as the application reads them. Never throws. */
export interface Watcher {
  /** Where the result of the call will stand, for whoever holds the answer. */
  readonly slot?: ResultSlot | undefined;
  /** Told directly when the application asks for the next part: this is once for every part. */
  readonly times?: Pick<CallTimes, "noteWait"> | undefined;
  /** Returns the bytes that go on to the application; only {@link passThrough} heeds that. */
  see(chunk: Uint8Array): Uint8Array;
  /** The bytes ended. Returns what is still to be handed on; only {@link passThrough} heeds that. */
  end(): Uint8Array;
  /** The whole answer was read as JSON, parsed once for the application and for us. */
  whole(json: unknown): void;
  /** The whole answer was read as text. */
  wholeText(text: string): void;
  /** `aborted`: the application had aborted the request by then, whatever reason it gave for that. */
  fail(error: unknown, aborted: boolean): void;
  cancel(): void;
  /** Tells the log of a fault of ours beside the watcher. */
  fault?(error: unknown): void;
}
