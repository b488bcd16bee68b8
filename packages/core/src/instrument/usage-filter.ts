/** Takes out of an answer what our own question for usage added to it. */
import { hideUsage } from "./include-usage.ts";
import { passReadable } from "./pass-readable.ts";
import { isWebStream, passThrough } from "./pass-through.ts";
import { SseReader } from "./sse.ts";
import { type Watcher } from "./watcher.ts";

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

/** The answer without what our question added, where it could not be observed; as it is where nothing can be taken out. */
export function hideAnswerToQuestion(response: Response): Response {
  try {
    const type = response.headers.get("content-type") ?? "";
    if (!type.includes("text/event-stream")) return response;
    return isWebStream(response.body)
      ? passThrough(response, response.body, filtering())
      : (passReadable(response, filtering(), undefined) ?? response);
  } catch {
    return response;
  }
}

/** Filters and meters nothing. */
function filtering(): Watcher {
  const reader = new SseReader();
  const filter = new UsageFilter();
  return {
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
  };
}

function nothing(): void {
  // Filtered only, not metered.
}
