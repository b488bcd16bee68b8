/** One HTTP call to the platform, through the fetch that was there before instrumentation. */
import { ApiError, NetworkError, TimeoutError } from "../errors.ts";
import { decodeApiError } from "../wire/errors.ts";
import { LIMITS_VERSION_HEADER } from "../wire/guard.ts";
import { HEADER } from "../wire/headers.ts";
import { isObject } from "../wire/parse.ts";
import { watchSilence } from "./silence.ts";

export interface Transport {
  readonly apiKey: string;
  /** Without a trailing slash. */
  readonly baseUrl: string;
  readonly timeoutMs: number;
  readonly fetch: typeof globalThis.fetch;
  /** Sent with every call, for what stands between us and the platform; ours count where names are the same. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Ends every call that is under way. Set for work in the background, which is also given up where nothing else keeps
   * the process alive.
   */
  readonly stop?: AbortSignal;
  /** Who is told which version of the limits is in force, with every answer that says it. */
  readonly limitsVersion?: { listener: ((version: string) => void) | undefined };
}

export interface ApiRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below `/api/v1`, with encoded segments. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** An error status whose body is an answer all the same (bulk ingest's 400). */
  readonly answeredBy?: number;
}

/**
 * The parsed JSON of a 2xx answer; `undefined` for an empty body.
 *
 * @throws {ApiError | NetworkError | TimeoutError}
 */
export async function request(transport: Transport, call: ApiRequest): Promise<unknown> {
  const url = `${transport.baseUrl}/api/v1${call.path}${queryText(call.query)}`;
  const { answer, text } = await send(transport, call, url);
  const version = answer.headers.get(LIMITS_VERSION_HEADER);
  if (version !== null) transport.limitsVersion?.listener?.(version);
  const body = parseJson(text);
  if (answer.ok || (answer.status === call.answeredBy && isObject(body) && "results" in body)) return body;
  const { code, message } = decodeApiError(body);
  const retryAfter = Number(answer.headers.get("retry-after"));
  throw new ApiError(
    answer.status,
    code,
    `${call.method} ${call.path} → ${answer.status} ${code}: ${message}`,
    {
      requestId: answer.headers.get("x-request-id") ?? undefined,
      retryAfterSeconds: Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : undefined,
      ...(answer.headers.get("x-should-retry") === "false" ? { retryable: false } : {}),
    },
  );
}

/** The whole answer: a connection can also break in the middle of it. */
async function send(
  transport: Transport,
  call: ApiRequest,
  url: string,
): Promise<{ readonly answer: Response; readonly text: string }> {
  const timeout = AbortSignal.timeout(transport.timeoutMs);
  const { stop } = transport;
  const silence = stop === undefined ? undefined : new AbortController();
  const endWatch = silence && watchSilence(() => silence.abort());
  const signal =
    stop === undefined || silence === undefined ? timeout : AbortSignal.any([timeout, stop, silence.signal]);
  let answered = false;
  try {
    const answer = await transport.fetch(url, {
      method: call.method,
      headers: {
        ...transport.headers,
        [HEADER.apiKey]: transport.apiKey,
        accept: "application/json",
        ...(call.body === undefined ? {} : { "content-type": "application/json" }),
        ...call.headers,
      },
      ...(call.body === undefined
        ? {}
        : { body: typeof call.body === "string" ? call.body : JSON.stringify(call.body) }),
      signal,
    });
    const text = await answer.text();
    answered = true;
    return { answer, text };
  } catch (error) {
    if (timeout.aborted) throw new TimeoutError(transport.timeoutMs, url);
    throw new NetworkError(url, error);
  } finally {
    endWatch?.(answered);
  }
}

/** A path segment: ids and names may hold dots, slashes and colons. */
export function segment(text: string): string {
  return encodeURIComponent(text);
}

function queryText(query: ApiRequest["query"]): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  return parameters.size === 0 ? "" : `?${parameters.toString()}`;
}

function parseJson(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
