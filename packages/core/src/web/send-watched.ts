import { bindContext } from "../context.ts";
import { type InstanceOutcome } from "../instance.ts";
import { createPassThrough } from "../instrument/pass-through.ts";

const NO_BYTES = new Uint8Array(0);

/**
 * `response` with `headers` added; `end` is told when its body has been sent (the status), was cancelled (`aborted`) or
 * broke (`error`), and at once where nothing is sent. Call it in the request's context. Never throws.
 */
export function sendWatched(
  response: Response,
  headers: readonly (readonly [name: string, value: string])[],
  method: string,
  end: (outcome: InstanceOutcome) => void,
): Response {
  // The body of an answer to HEAD is dropped unread; one that is locked is somebody else's. A library may have its own kind.
  if (!isReadable(response.body) || method === "HEAD") {
    end(response.status);
    return withHeaders(response, headers);
  }
  const reader = response.body.getReader();
  // A body may be made while it is read, and whoever reads it does so outside of the request's context.
  const bound = {
    read: bindContext(() => reader.read()),
    cancel: bindContext((reason: unknown) => reader.cancel(reason)),
  };
  const body = createPassThrough(bound, {
    see: (chunk) => chunk,
    end() {
      end(response.status);
      return NO_BYTES;
    },
    whole: unused,
    wholeText: unused,
    fail: () => end("error"),
    cancel: () => end("aborted"),
  });
  return withHeaders(new Response(body, response), headers);
}

function isReadable(body: unknown): body is ReadableStream<Uint8Array<ArrayBuffer>> {
  if (typeof body !== "object" || body === null || !("getReader" in body)) return false;
  return Reflect.get(body, "locked") !== true;
}

function withHeaders(
  response: Response,
  headers: readonly (readonly [name: string, value: string])[],
): Response {
  if (headers.length === 0) return response;
  try {
    for (const [name, value] of headers) response.headers.append(name, value);
    return response;
  } catch {
    // What fetch answered with, and redirects, have headers that cannot be changed.
    return copyWithHeaders(response, headers);
  }
}

function copyWithHeaders(
  response: Response,
  headers: readonly (readonly [name: string, value: string])[],
): Response {
  try {
    const copy = new Response(response.body, response);
    for (const [name, value] of headers) copy.headers.append(name, value);
    return copy;
  } catch {
    // A status below 200 cannot be copied.
    return response;
  }
}

function unused(): void {
  // Only an answer that is watched in place is ever read as a whole.
}
