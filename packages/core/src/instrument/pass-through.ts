/**
 * A stream that hands on the bytes of another one and lets us see them go by.
 *
 * Invariants:
 * - one upstream chunk per pull: nothing is read before the application reads, nothing is buffered;
 * - cancel and errors pass through unchanged; no clone and no tee, which would defeat both;
 * - the application gets the same bytes, unless the watcher returns others.
 */
import { type Watcher } from "./watcher.ts";

/** True for a web stream of whatever class or realm: the body of a fetch that is not the runtime's may be something else. */
export function isWebStream(body: unknown): body is ReadableStream<Uint8Array> {
  return typeof (body as { getReader?: unknown } | null | undefined)?.getReader === "function";
}

const abandoned = new FinalizationRegistry<() => void>((release) => release());

/** A Response with the bytes that `watcher` lets pass; everything else is the original's. `signal` is the request's. */
export function passThrough(
  response: Response,
  body: ReadableStream<Uint8Array>,
  watcher: Watcher,
  signal?: AbortSignal,
): Response {
  const copy = new Response(createPassThrough(body.getReader(), watcher, signal), {
    status: response.status,
    statusText: response.statusText,
    headers: response.headers,
  });
  for (const name of ["url", "redirected", "type"] as const) {
    Object.defineProperty(copy, name, { value: response[name], configurable: true });
  }
  return copy;
}

/** The bytes of `reader` as a stream of their own, seen by `watcher` as they go by. */
export function createPassThrough(
  reader: Pick<ReadableStreamDefaultReader<Uint8Array>, "read" | "cancel">,
  watcher: Watcher,
  signal?: AbortSignal,
): ReadableStream<Uint8Array> {
  const stream = new ReadableStream({
    type: "bytes",
    async pull(controller) {
      for (;;) {
        watcher.times?.noteWait();
        let part;
        try {
          // oxlint-disable-next-line no-await-in-loop
          part = await reader.read();
        } catch (error) {
          watcher.fail(error, signal?.aborted === true);
          throw error;
        }
        const bytes = part.done ? watcher.end() : watcher.see(part.value);
        if (bytes.byteLength > 0) controller.enqueue(bytes);
        if (part.done) {
          controller.close();
          // A pending read into the reader's own buffer is answered, or it would wait for ever.
          controller.byobRequest?.respond(0);
          return;
        }
        if (bytes.byteLength > 0) return;
      }
    },
    cancel(reason) {
      watcher.cancel();
      return reader.cancel(reason);
    },
  });
  // A stream that the application dropped unread: close the connection, which plain fetch would do as well.
  abandoned.register(stream, () => {
    watcher.cancel();
    reader.cancel().catch(() => undefined);
  });
  return stream;
}
