/**
 * Calls through the platform's proxy: it meters, charges and refuses; the SDK says whom the call is for and reports
 * nothing itself, so nothing is counted twice.
 */
import { resolvePricing } from "../call-pricing.ts";
import { type ContextValues, currentScope, noteLastResult } from "../context.ts";
import { releasePermit } from "../limits/guard.ts";
import { unwrapChunk } from "../providers/bedrock-stream.ts";
import { type Match, type RequestFacts, type StreamEvent } from "../providers/provider.ts";
import { type Json, child, isJson, parse, text } from "../providers/read.ts";
import { ResultSlot, tellResult } from "../results.ts";
import { type Runtime } from "../runtime.ts";
import { HEADER_PREFIX } from "../wire/headers.ts";
import { decodeXproxyResult } from "../wire/result.ts";
import { signedHeaders } from "./call-headers.ts";
import { carefully } from "./careful-watcher.ts";
import { EventStreamReader } from "./event-stream.ts";
import { type Fetch } from "./original-fetch.ts";
import { PROVIDER_BASE_URI, encodeProxyHeaders } from "./proxy-headers.ts";
import { findProxyRoute } from "./proxy-route.ts";
import { readRefusal } from "./read-refusal.ts";
import { refuse } from "./refusal.ts";
import { initOf } from "./request-input.ts";
import { SseReader } from "./sse.ts";
import { watchInPlace } from "./watch-in-place.ts";
import { type Watcher } from "./watcher.ts";

/** A call on its way to the proxy. */
export interface Proxied {
  readonly kind: "proxied";
  readonly runtime: Runtime;
  readonly match: Match;
  readonly request: RequestFacts;
  readonly category: string;
  readonly url: URL;
  readonly init: RequestInit;
  readonly slot: ResultSlot;
}

/** A call as the application made it. */
export interface ToProxy {
  readonly match: Match;
  readonly request: RequestFacts;
  readonly url: URL;
  readonly input: Parameters<Fetch>[0];
  readonly init: RequestInit | undefined;
  /** Without Pay-i's own headers, but for those that are to be forwarded. */
  readonly headers: Headers;
  readonly context: ContextValues;
}

/**
 * The call with the proxy's URL and headers; undefined where the proxy has no route for it, or cannot hand on what a
 * signature covers: AWS refuses a request without it, and no header of ours ever leaves the proxy.
 */
export function routeToProxy(runtime: Runtime, call: ToProxy): Proxied | undefined {
  const { match, request, url, context, init } = call;
  const base = `${runtime.client.baseUrl}/api/v1/proxy`;
  // A client whose base URL is the proxy's already only lacks the headers.
  const routed = url.href.startsWith(`${base}/`);
  const route = routed ? undefined : findProxyRoute(match, url);
  if (!routed && (route === undefined || signsOurs(call.headers))) return undefined;
  const priceAs = resolvePricing(runtime.config, match, request, url, context);
  const stated = context.priceAsResource ?? mappedResource(runtime, call);
  const headers = new Headers(call.headers);
  // The host was the provider's; what a signature covers is put back by the proxy.
  headers.delete("host");
  const ours = encodeProxyHeaders(
    context,
    {
      category: route === undefined || priceAs.category !== route.category ? priceAs.category : "",
      resource: stated ?? (route?.needsResource === true ? (request.model ?? match.model) : undefined),
    },
    context.logPromptAndResponse ?? runtime.config.logPromptAndResponse,
  );
  for (const [name, value] of Object.entries(ours)) headers.set(name, value);
  for (const [name, value] of Object.entries(runtime.client.authorization)) headers.set(name, value);
  if (route?.baseUri !== undefined) headers.set(PROVIDER_BASE_URI, route.baseUri);
  const slot = new ResultSlot();
  slot.recorded = true;
  if (init?.signal != null) runtime.answers.attach(init.signal, slot);
  const scope = currentScope();
  scope?.instance?.noteCall(slot);
  // The proxy charges and refuses: what an adapter held for the call is free again, and it reports nothing.
  releasePermit(scope?.call?.claim());
  runtime.log.debug?.(
    `${match.provider.category} ${match.api} goes through the proxy: ${route?.path ?? url.pathname}`,
  );
  return {
    kind: "proxied",
    runtime,
    match,
    request,
    category: priceAs.category,
    url: route === undefined ? url : new URL(base + route.path),
    init: { ...(call.input instanceof Request ? initOf(call.input) : {}), ...init, headers },
    slot,
  };
}

/** True where an AWS signature covers a header of ours. */
export function signsOurs(headers: Headers): boolean {
  return signedHeaders(headers).some((name) => name.startsWith(HEADER_PREFIX));
}

/** The resource that a model mapping states; the model itself is the proxy's to read. */
function mappedResource(runtime: Runtime, { match, request, url, context }: ToProxy): string | undefined {
  const { resource } = resolvePricing(runtime.config, match, request, url, context);
  return resource === (match.resourcePrefix ?? "") + (request.model ?? "") ? undefined : resource;
}

/** The proxy's answer for the application, its `xproxy_result` read on the way. A refusal looks as it does without proxy. */
export async function receiveProxied(proxied: Proxied, response: Response): Promise<Response> {
  proxied.runtime.answers.attach(response, proxied.slot);
  if (response.status === 400 && response.headers.get("content-type")?.includes("json") === true) {
    const read = await readRefusal(response);
    const json = parse(read.text);
    if (json !== undefined) note(proxied, json, undefined);
    if (json !== undefined && text(child(json, "xproxy_error"), "code") === "limit_reached") {
      const refused = refuse({ limitIds: proxied.slot.result?.blockedLimitIds ?? [] });
      proxied.runtime.answers.attach(refused, proxied.slot);
      return refused;
    }
    return read.response;
  }
  if (response.body === null) return response;
  const type = response.headers.get("content-type") ?? "";
  const reader = type.includes("text/event-stream")
    ? new SseReader()
    : type.includes("application/vnd.amazon.eventstream")
      ? new EventStreamReader()
      : undefined;
  const watcher =
    reader === undefined ? watchWhole(proxied, response) : watchEvents(proxied, response, reader);
  watchInPlace(response, carefully(watcher));
  return response;
}

const NO_BYTES = new Uint8Array(0);

function watchEvents(proxied: Proxied, response: Response, reader: SseReader | EventStreamReader): Watcher {
  const { match, request } = proxied;
  const stream = match.provider.openStream(match, request, response.headers);
  return {
    see(chunk) {
      reader.feed(chunk, (event: StreamEvent | undefined) => {
        if (event === undefined) return;
        stream.event(event);
        const data = event.name === "chunk" ? unwrapChunk(event.data) : event.data;
        if (!data.includes(`"${RESULT_KEY}"`)) return;
        const json = parse(data);
        if (json !== undefined) note(proxied, json, stream.read().responseId);
      });
      return chunk;
    },
    end: () => NO_BYTES,
    whole: () => undefined,
    wholeText(all) {
      this.see(new TextEncoder().encode(all));
    },
    fail: () => undefined,
    cancel: () => undefined,
  };
}

function watchWhole(proxied: Proxied, response: Response): Watcher {
  const { match, request, runtime, slot } = proxied;
  const { headers } = response;
  const decoder = new TextDecoder();
  let all = "";
  const whole = (json: Json): void => {
    note(proxied, json, match.provider.readUsage(match, request, json, headers).responseId);
  };
  return {
    see(chunk) {
      all += decoder.decode(chunk, { stream: true });
      return chunk;
    },
    end() {
      const json = parse(all + decoder.decode());
      if (json !== undefined) whole(json);
      return NO_BYTES;
    },
    whole(json) {
      if (!isJson(json)) return;
      runtime.answers.attach(json, slot);
      whole(json);
    },
    wholeText(given) {
      const json = parse(given);
      if (json !== undefined) whole(json);
    },
    fail: () => undefined,
    cancel: () => undefined,
  };
}

/** The key of the platform's result in a provider's answer (contract 7.3). */
const RESULT_KEY = "xproxy_result";

function note(proxied: Proxied, json: Json, responseId: string | undefined): void {
  const { runtime, slot, category, request } = proxied;
  if (!isJson(json[RESULT_KEY])) return;
  const result = decodeXproxyResult(json[RESULT_KEY]);
  slot.set(result);
  if (responseId !== undefined) runtime.answers.note(category, responseId, slot);
  noteLastResult(slot);
  const event = {
    category,
    resource: request.model,
    units: {},
    providerResponseId: responseId ?? result.requestId,
  };
  tellResult(runtime.config.onResult, event, "platform", result, runtime.log);
}
