/** Takes out of an answer what our own question for usage added to it. */
import { hideUsage } from "./include-usage.ts";
import { passThrough } from "./pass-through.ts";
import { SseReader } from "./sse.ts";

/** Collects the text that goes on to the application. */
export class UsageFilter {
  readonly #encoder = new TextEncoder();
  #kept = "";

  /** The text of one event. */
  take(text: string): void {
    this.#kept += hideUsage(text);
  }

  /** Text that is no event. */
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
