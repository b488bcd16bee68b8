/** Calls whose arguments are a single Request: its body is looked at without being taken from the application's fetch. */

/** A longer body is handed on unread: what a call's model and limits need is not worth a second copy of it. */
const MAX_BYTES = 8 << 20;
/** A body that is still being made is not waited for any longer, and neither is one whose call was aborted. */
const MAX_WAIT_MS = 100;

/**
 * The body of a Request: text, or the fields of a form; undefined for one that is used, long, slow, broken, or not going
 * to be sent since `signal` is aborted. A copy is read, so that the Request itself stays as good as unread. Never rejects.
 */
export async function readBodyOf(
  request: Request,
  signal: AbortSignal | undefined,
): Promise<string | FormData | undefined> {
  if (signal?.aborted === true || Number(request.headers.get("content-length")) > MAX_BYTES) return undefined;
  try {
    const chunks = await readAll(request.clone().body, signal);
    if (chunks === undefined) return undefined;
    const type = request.headers.get("content-type") ?? "";
    if (type.startsWith("multipart/form-data")) {
      return await new Response(new Blob(chunks), { headers: { "content-type": type } }).formData();
    }
    const decoder = new TextDecoder();
    return chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join("") + decoder.decode();
  } catch {
    return undefined;
  }
}

type Chunk = Uint8Array<ArrayBuffer>;

/** Undefined where it is given up; what was read by then is the other copy's alone. */
async function readAll(
  body: ReadableStream<Chunk> | null,
  signal: AbortSignal | undefined,
): Promise<Chunk[] | undefined> {
  if (body === null) return undefined;
  const reader = body.getReader();
  let givenUp = false;
  const giveUp = (): void => {
    givenUp = true;
    // Settled only once the other copy is cancelled as well.
    reader.cancel().catch(() => undefined);
  };
  // The call stands still until then: a timer that let the process end would let it end without the request.
  const timer = setTimeout(giveUp, MAX_WAIT_MS);
  signal?.addEventListener("abort", giveUp);
  const chunks: Chunk[] = [];
  let length = 0;
  try {
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- one chunk after the other
      const { value, done } = await reader.read();
      if (done) break;
      chunks.push(value);
      length += value.byteLength;
      if (length > MAX_BYTES) giveUp();
    }
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", giveUp);
  }
  return givenUp ? undefined : chunks;
}

/** What a Request says, for a call that leaves for another address. */
export function initOf(request: Request): RequestInit {
  const { method, headers, body, signal, mode, credentials, cache, redirect, referrer } = request;
  const { referrerPolicy, integrity, keepalive } = request;
  const asked = { method, headers, body, signal, mode, credentials, cache, redirect, referrer };
  const init: RequestInit = { ...asked, referrerPolicy, integrity, keepalive };
  if (body !== null) init.duplex = "half";
  return init;
}
