/**
 * A Response that hands on the bytes of another one and lets us see them go by.
 *
 * Invariants:
 * - one upstream chunk per pull: nothing is read before the application reads, nothing is buffered;
 * - cancel and errors pass through unchanged; no clone and no tee, which would defeat both;
 * - the application gets the same bytes, unless `see` returns others.
 */

export interface Watcher {
  /** The bytes that go on to the application; empty for none. Never throws. */
  see(chunk: Uint8Array): Uint8Array;
  /** The bytes ended. Returns what is still to be handed on. */
  end(): Uint8Array;
  fail(error: unknown): void;
  cancel(): void;
}

const abandoned = new FinalizationRegistry<() => void>((release) => release());

export function passThrough(
  response: Response,
  body: ReadableStream<Uint8Array>,
  watcher: Watcher,
): Response {
  // The lock is taken at once: otherwise the runtime may collect the inner response while the outer one lives on.
  const reader = body.getReader();
  const stream = new ReadableStream({
    type: "bytes",
    async pull(controller) {
      for (;;) {
        let part;
        try {
          // oxlint-disable-next-line no-await-in-loop
          part = await reader.read();
        } catch (error) {
          watcher.fail(error);
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
  const copy = new Response(stream, {
    status: response.status,
    statusText: response.statusText,
    headers: response.headers,
  });
  for (const name of ["url", "redirected", "type"] as const) {
    Object.defineProperty(copy, name, { value: response[name], configurable: true });
  }
  return copy;
}
