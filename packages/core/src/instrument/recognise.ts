/** Which requests are a provider's billable calls, and how they leave. */
import { Call } from "../call.ts";
import { type Scope, currentScope, currentValues } from "../context.ts";
import { findHostMapping } from "../mappings.ts";
import { type Match } from "../providers/provider.ts";
import { type Runtime } from "../runtime.ts";
import { AbortTimer } from "./abort-timer.ts";
import { type Address, locate } from "./address.ts";
import { seeHeaders, takeCallHeaders } from "./call-headers.ts";
import { captureStack } from "./capture-stack.ts";
import { askForUsage } from "./include-usage.ts";
import { type Fetch } from "./original-fetch.ts";
import { isBelow } from "./own-host.ts";
import { isHandedOn, sendingIn } from "./own-transport.ts";
import { type Proxied, routeToProxy } from "./proxy.ts";
import { readFacts } from "./request-body.ts";
import { readBodyOf } from "./request-input.ts";

type Input = Parameters<Fetch>[0];

/** A call that was recognised, with the arguments it leaves with. */
export interface Metered {
  readonly kind: "metered";
  readonly call: Call;
  readonly input: Input;
  readonly init: RequestInit | undefined;
  readonly url: URL;
  /** What the application, or its SDK, may abort the request by. */
  readonly signal: AbortSignal | undefined;
  /** Listens until the headers or an error have come. */
  readonly abortTimer: AbortTimer | undefined;
  /** The application's own body, as far as it could be read. */
  readonly body: Body;
  /** The application's own body, when ours differs. */
  readonly originalBody: Body;
}

type Body = NonNullable<RequestInit["body"]> | undefined;

/** The call behind a request, or undefined: most requests of a process are none. A promise where a Request's body is read. */
export function recognise(
  runtime: Runtime,
  input: Input,
  init: RequestInit | undefined,
): Metered | Proxied | undefined | Promise<Metered | Proxied | undefined> {
  const request = input instanceof Request ? input : undefined;
  const href = typeof input === "string" ? input : input instanceof Request ? input.url : input.href;
  const address = locate(init?.method ?? request?.method ?? "GET", href);
  if (address === undefined) return undefined;
  const scope = currentScope();
  if (!isMetered(runtime, address, scope)) return undefined;
  const body = init?.body ?? undefined;
  const sending = sendingIn(scope);
  if (sending !== undefined && isHandedOn(sending, address, init, body)) return undefined;
  const asked: Asked = {
    address,
    scope,
    input,
    init,
    // Before anything is awaited: whoever has called is not to be seen afterwards.
    stackTrace: runtime.config.captureStackTrace ? captureStack() : undefined,
  };
  if (body !== undefined || request === undefined || request.body === null) {
    return open(runtime, asked, body);
  }
  return readBodyOf(request, init?.signal ?? request.signal).then((read) =>
    sending !== undefined && isHandedOn(sending, address, init, read)
      ? undefined
      : open(runtime, asked, read),
  );
}

/** A call as the application made it. */
interface Asked {
  readonly address: Address;
  readonly scope: Scope | undefined;
  readonly input: Input;
  readonly init: RequestInit | undefined;
  readonly stackTrace: string | undefined;
}

function open(
  runtime: Runtime,
  { address: { url, match }, scope, input, init, stackTrace }: Asked,
  body: Body,
): Metered | Proxied | undefined {
  const facts = readFacts(match, body);
  const ownHost = isBelow(url, runtime.client.baseUrl);
  // Another API under the same path, on a host that nobody named: its words are none of ours, its headers stay as they are.
  const foreign = facts.foreign === true && !ownHost;
  if (foreign && findHostMapping(runtime.config.hostMappings, url) === undefined) return undefined;
  const request = input instanceof Request ? input : undefined;
  const given = readHeaders(init?.headers ?? request?.headers);
  const { ours, retries, timeoutMs } = seeHeaders(given);
  const values = currentValues(scope);
  const stripped = takeCallHeaders(given, ours, values);
  const context = stripped?.context ?? values;
  if (stripped !== undefined && stripped.signed.length > 0) warnOfSigned(runtime, stripped.signed);
  if (context.proxy ?? runtime.config.proxy) {
    const headers = stripped?.forwarded ?? given;
    const proxied = routeToProxy(runtime, { match, request: facts, url, input, init, headers, context });
    if (proxied !== undefined) return proxied;
  }
  if (ownHost) return undefined;
  const headers = stripped?.headers ?? given;
  const attempt = 1 + (Number(retries) || 0);
  const text = typeof body === "string" ? body : undefined;
  // Less than a second is told as none, and older SDKs tell only a request's own.
  const abortTimer =
    retries !== undefined && timeoutMs === undefined && init?.signal instanceof AbortSignal
      ? new AbortTimer(init.signal)
      : undefined;
  const call = new Call(runtime, {
    match,
    url,
    request: facts,
    context,
    instance: scope?.instance,
    flow: scope,
    attempt,
    trace:
      retries === undefined || text === undefined
        ? undefined
        : { attempt, href: url.href, body: text, flow: scope },
    scope: scope?.call,
    timeoutMs,
    abortedByTimer: abortTimer === undefined ? undefined : () => abortTimer.hasAborted,
    stackTrace,
  });
  call.recording?.request(facts.body ?? text, headers);
  // Streams keep the controller of their request: it leads from the stream to the result.
  if (facts.streaming && init?.signal != null) call.attach(init.signal);
  runtime.log.debug?.(
    `${match.provider.category} ${match.api} recognised: ${facts.model ?? "model untold"} at ${url.host}, attempt ${attempt}`,
  );
  const question =
    facts.streaming && mayAsk(runtime, match, url, headers) ? askForUsage(match, url, facts) : undefined;
  return {
    kind: "metered",
    call,
    input,
    init: rewrite(init, stripped?.headers, question, given),
    url,
    signal: init?.signal ?? request?.signal,
    abortTimer,
    body,
    originalBody: question === undefined ? undefined : body,
  };
}

function warnOfSigned(runtime: Runtime, names: readonly string[]): void {
  runtime.log.warn(
    "signed_headers",
    `${names.join(", ")} was signed for AWS and reaches it, since AWS refuses a request without what was signed. Say it with trackContext() instead.`,
  );
}

function isMetered(runtime: Runtime, { match, url }: Address, scope: Scope | undefined): boolean {
  const { instruments, globalInstrumentation, hostMappings } = runtime.config;
  if (match.onlyIfMapped === true && findHostMapping(hostMappings, url) === undefined) return false;
  const name = match.provider.instrument ?? match.provider.category;
  if (instruments !== "all" && !instruments.has(name)) return false;
  return scope !== undefined || globalInstrumentation;
}

/** A signed body must stay as it is, and unknown hosts may refuse what they do not know. */
function mayAsk(runtime: Runtime, match: Match, url: URL, headers: Headers): boolean {
  const mapping = match.listedHost ? undefined : findHostMapping(runtime.config.hostMappings, url);
  // Databricks answers the question with 400 for some models, and tells usage unasked.
  const mapped =
    mapping !== undefined && !(mapping.priceAsCategory?.startsWith("system.databricks") ?? false);
  const safe = match.asksForUsage === true || mapped;
  return safe && !(headers.get("authorization")?.startsWith("AWS4-HMAC-SHA256") ?? false);
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
      const counted = new Headers(changed.headers ?? given);
      counted.delete("content-length");
      changed.headers = counted;
    }
  }
  return changed;
}
