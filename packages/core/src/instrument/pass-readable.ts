/**
 * What {@link passThrough} does, for a fetch that answers with streams of Node instead of the web's, such as node-fetch: the
 * application gets a response of the same class, whose bytes pass through us. Cancel and errors pass as well.
 */
import { type Watcher } from "./watcher.ts";

type ResponseClass = new (
  body: unknown,
  init: Pick<Response, "url" | "status" | "statusText" | "headers">,
) => Response;

/** Undefined, with nothing touched, where the answer is no such thing. */
export function passReadable(
  response: Response,
  watcher: Watcher,
  signal: AbortSignal | undefined,
): Response | undefined {
  try {
    const body = response.body as unknown;
    const { Readable } = globalThis.process.getBuiltinModule("node:stream");
    if (!(body instanceof Readable)) return undefined;
    const stream = Readable.from(pass(body, watcher, signal), { objectMode: false });
    const { url, status, statusText, headers } = response;
    const copy = new (response.constructor as ResponseClass)(stream, { url, status, statusText, headers });
    if ((copy.body as unknown) !== stream) return undefined;
    for (const name of ["url", "redirected", "type"] as const) {
      if (copy[name] === response[name]) continue;
      Object.defineProperty(copy, name, { value: response[name], configurable: true });
    }
    return copy;
  } catch {
    return undefined;
  }
}

async function* pass(
  body: AsyncIterable<Uint8Array>,
  watcher: Watcher,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body) {
      const bytes = watcher.see(chunk);
      if (bytes.byteLength > 0) yield bytes;
    }
    const rest = watcher.end();
    if (rest.byteLength > 0) yield rest;
  } catch (error) {
    watcher.fail(error, signal?.aborted === true);
    throw error;
  } finally {
    // Heeded only where the application has broken off.
    watcher.cancel();
  }
}
