import { type Outgoing } from "./outgoing.ts";

/** What a library may ask for when it is given a `fetch` of ours. */
export interface FetchOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal | null;
}

const MOST_BYTES = 512 * 1024;
/** Statuses whose answer may have no body. */
const EMPTY: ReadonlySet<number> = new Set([101, 204, 205, 304]);

/**
 * A `fetch` for libraries that speak HTTP themselves: every address goes the way of {@link Outgoing}, redirects are
 * answers. Rejects with `forbidden_target` before anything is sent there.
 */
export function fetchThrough(outgoing: Outgoing) {
  return async (url: string, options: FetchOptions): Promise<Response> => {
    const { method = "GET", headers = {}, body, signal } = options;
    const answer = await outgoing.send(url, {
      method: readMethod(method),
      headers,
      ...(body === undefined || body === null ? {} : { body: readBody(body) }),
      signal: signal ?? undefined,
      mostBytes: MOST_BYTES,
      followRedirects: false,
    });
    const told = Object.entries(answer.headers).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, [value].flat().join(", ")]],
    );
    return new Response(EMPTY.has(answer.status) ? null : answer.body, {
      status: answer.status,
      headers: told,
    });
  };
}

function readMethod(method: string): "GET" | "POST" {
  if (method === "GET" || method === "POST") return method;
  throw new Error(`${method} is sent nowhere; only GET and POST are.`);
}

function readBody(body: unknown): string {
  if (typeof body === "string") return body;
  if (body instanceof URLSearchParams) return body.toString();
  throw new Error("Only text and forms are sent.");
}
