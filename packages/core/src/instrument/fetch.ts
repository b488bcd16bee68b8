/**
 * The observer of the transport: recognises a provider's billable call, meters it, and is invisible otherwise.
 *
 * Invariants:
 * - the application gets what fetch would have given it: the same status, headers, bytes, errors and timing;
 * - a fault of ours is logged and the call goes out as if we were not there;
 * - our own traffic never passes through here.
 */
import { Call } from "../call.ts";
import { currentScope, currentValues } from "../context.ts";
import { type LimitRefusal } from "../errors.ts";
import { findHostMapping } from "../mappings.ts";
import { matchProvider } from "../providers/index.ts";
import { type Json, isJson } from "../providers/read.ts";
import { type Runtime, getRuntime } from "../runtime.ts";
import { takeCallHeaders } from "./call-headers.ts";
import { askForUsage, objectsToQuestion } from "./include-usage.ts";
import { isAbort, observe } from "./observe.ts";
import { type Fetch, WRAPPED, isWrapped } from "./original-fetch.ts";
import { refuse } from "./refusal.ts";

/** A call that was recognised, with the arguments it leaves with. */
interface Metered {
  readonly call: Call;
  readonly input: Parameters<Fetch>[0];
  readonly init: RequestInit | undefined;
  /** The application's own body, when ours differs. */
  readonly originalBody: string | undefined;
  readonly timeoutMs: number | undefined;
}

/** Hosts and models that object to being asked for usage are not asked again. */
const refusedUsage = new Set<string>();

/** `fetch` with provider calls metered; everything else goes straight through. Wrapping twice is wrapping once. */
export function wrapFetch(fetch: Fetch): Fetch {
  if (isWrapped(fetch)) return fetch;
  const payiFetch = function payiFetch(input: Parameters<Fetch>[0], init?: RequestInit): Promise<Response> {
    const runtime = getRuntime();
    const metered = runtime === undefined ? undefined : recognise(runtime, input, init);
    return metered === undefined ? fetch(input, init) : run(fetch, metered);
  };
  Object.defineProperty(payiFetch, WRAPPED, { value: fetch });
  return payiFetch;
}

function recognise(
  runtime: Runtime,
  input: Parameters<Fetch>[0],
  init: RequestInit | undefined,
): Metered | undefined {
  try {
    return open(runtime, input, init);
  } catch (error) {
    runtime.log.warn("recognise", `A request could not be metered: ${String(error)}`);
    return undefined;
  }
}

function open(
  runtime: Runtime,
  input: Parameters<Fetch>[0],
  init: RequestInit | undefined,
): Metered | undefined {
  const request = input instanceof Request ? input : undefined;
  const url = new URL(input instanceof Request ? input.url : input);
  const match = matchProvider((init?.method ?? request?.method ?? "GET").toUpperCase(), url);
  if (match === undefined || url.href.startsWith(runtime.client.baseUrl)) return undefined;
  const { instruments, globalInstrumentation } = runtime.config;
  if (instruments !== "all" && !instruments.has(match.provider.category)) return undefined;
  const scope = currentScope();
  if (scope === undefined && !globalInstrumentation) return undefined;

  const body = parseBody(init?.body);
  const given = readHeaders(init?.headers ?? request?.headers);
  const values = currentValues(scope);
  const stripped = takeCallHeaders(given, values);
  const headers = stripped?.headers ?? given;
  const call = new Call(runtime, {
    match,
    url,
    request: match.provider.readRequest(match, body),
    context: stripped?.context ?? values,
    instance: scope?.instance,
    attempt: 1 + (Number(headers.get("x-stainless-retry-count")) || 0),
  });
  // Unknown hosts may refuse what they do not know: they are asked for usage only once somebody mapped them.
  const signed = headers.get("authorization")?.startsWith("AWS4-HMAC-SHA256") ?? false;
  const mayAsk =
    !signed && (match.listedHost || findHostMapping(runtime.config.hostMappings, url) !== undefined);
  const question = mayAsk ? askForUsage(match, body, refusedUsage) : undefined;
  const timeout = Number(headers.get("x-stainless-timeout"));
  return {
    call,
    input,
    init: rewrite(init, stripped === undefined ? undefined : headers, question, given),
    originalBody: question === undefined ? undefined : (init?.body as string),
    timeoutMs: timeout > 0 ? timeout * 1000 : undefined,
  };
}

/** SDKs give a Headers object, which need not be copied to be read. */
function readHeaders(headers: RequestInit["headers"]): Headers {
  return headers instanceof Headers ? headers : new Headers(headers);
}

/** The caller's own `init` wherever nothing has to change. */
function rewrite(
  init: RequestInit | undefined,
  headers: Headers | undefined,
  body: string | undefined,
  given: Headers,
): RequestInit | undefined {
  if (headers === undefined && body === undefined) return init;
  const changed: RequestInit = { ...init };
  if (headers !== undefined) changed.headers = headers;
  if (body !== undefined) {
    changed.body = body;
    // A length that the caller counted would no longer be true.
    if (given.has("content-length")) {
      const counted = new Headers(changed.headers);
      counted.delete("content-length");
      changed.headers = counted;
    }
  }
  return changed;
}

function run(fetch: Fetch, metered: Metered): Promise<Response> {
  const refusal = authorize(metered.call);
  if (refusal instanceof Promise) {
    return refusal.then((refused) => (refused === undefined ? send(fetch, metered) : refuse(refused)));
  }
  return refusal === undefined ? send(fetch, metered) : Promise.resolve(refuse(refusal));
}

function authorize(call: Call): LimitRefusal | undefined | Promise<LimitRefusal | undefined> {
  try {
    const refusal = call.authorize();
    return refusal instanceof Promise ? refusal.catch(() => undefined) : refusal;
  } catch {
    return undefined;
  }
}

function send(fetch: Fetch, metered: Metered): Promise<Response> {
  const startedMs = performance.now();
  return fetch(metered.input, metered.init).then(
    (response) => receive(fetch, metered, response),
    (error: unknown) => {
      const elapsedMs = performance.now() - startedMs;
      // SDKs abort both for their own timeout and for the application; only the time tells which it was.
      const timedOut =
        (error instanceof Error && error.name === "TimeoutError") ||
        (metered.timeoutMs !== undefined && elapsedMs >= metered.timeoutMs);
      const outcome = timedOut ? "timeout" : isAbort(error) ? "aborted" : "error";
      metered.call.settle({ outcome, error });
      throw error;
    },
  );
}

function receive(fetch: Fetch, metered: Metered, response: Response): Response | Promise<Response> {
  try {
    if (metered.originalBody !== undefined && (response.status === 400 || response.status === 422)) {
      return askAgainWithout(fetch, metered, metered.originalBody, response);
    }
    return observe(metered.call, response, { hide: metered.originalBody !== undefined });
  } catch (error) {
    getRuntime()?.log.warn("observe", `An answer could not be observed: ${String(error)}`);
    return response;
  }
}

/** A provider that refuses our question gets the application's own request, once, and is not asked again. */
async function askAgainWithout(
  fetch: Fetch,
  metered: Metered,
  body: string,
  response: Response,
): Promise<Response> {
  const text = await response.text();
  if (!objectsToQuestion(response.status, text)) {
    const copy = new Response(text, response);
    Object.defineProperty(copy, "url", { value: response.url, configurable: true });
    return observe(metered.call, copy, { hide: false });
  }
  const { model } = metered.call.request;
  if (model !== undefined && refusedUsage.size < 1_000) refusedUsage.add(model);
  return send(fetch, { ...metered, init: { ...metered.init, body }, originalBody: undefined });
}

function parseBody(body: RequestInit["body"]): Json | undefined {
  if (typeof body !== "string") return undefined;
  try {
    const json: unknown = JSON.parse(body);
    return isJson(json) ? json : undefined;
  } catch {
    return undefined;
  }
}
