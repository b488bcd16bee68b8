import { type ServerResponse } from "node:http";

/** True while server-sent events are being sent, so that one more can be. */
export function isEventStream(response: ServerResponse): boolean {
  if (response.writableEnded) return false;
  const contentType = response.getHeader("content-type") ?? sentContentType(response);
  return /^\s*text\/event-stream/i.test(String(contentType));
}

/** Headers that `writeHead` alone was given are nowhere but in the head as it was sent. */
function sentContentType(response: ServerResponse & { readonly _header?: unknown }): string | undefined {
  // Node's own name; what is not text is no head.
  // oxlint-disable-next-line no-underscore-dangle
  const head = response._header;
  return typeof head === "string" ? /^content-type:(.*)$/im.exec(head)?.[1] : undefined;
}
