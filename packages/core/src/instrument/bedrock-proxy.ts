/**
 * Bedrock's client through the platform's proxy: its request is signed for AWS as ever and then sent to the proxy, which
 * puts the host back. Path, body and signed headers stay byte for byte; what the SDK gets is the proxy's answer.
 */
import { type ContextValues } from "../context.ts";
import { LimitExceededError } from "../errors.ts";
import { nodeModules } from "../ingest/node-modules.ts";
import { type Match, type RequestFacts } from "../providers/provider.ts";
import { type Runtime } from "../runtime.ts";
import { HEADER_PREFIX } from "../wire/headers.ts";
import { type AwsArguments, type AwsClient } from "./aws-client.ts";
import { takeCallHeaders } from "./call-headers.ts";
import { originalFetch } from "./original-fetch.ts";
import { findProxyRoute } from "./proxy-route.ts";
import { receiveProxied, routeToProxy, signsOurs } from "./proxy.ts";

/** A command that is to go through the proxy. */
export interface CommandToProxy {
  readonly runtime: Runtime;
  readonly match: Match;
  readonly request: RequestFacts;
  readonly url: URL;
  readonly context: ContextValues;
  /** What the proxy is asked to forward. */
  readonly forwarded?: Headers | undefined;
}

/** By the input, which the SDK hands on from step to step. */
const waiting = new WeakMap<object, CommandToProxy>();

/** The command's arguments, marked for the proxy; undefined where the proxy has no route for it. */
export function markForProxy(command: CommandToProxy, given: AwsArguments): AwsArguments | undefined {
  if (findProxyRoute(command.match, command.url) === undefined) return undefined;
  // Of its own: the application may send the same command twice at a time.
  const input = { ...given.input };
  waiting.set(input, command);
  return { ...given, input };
}

/** As much of a signed request as sending needs. */
interface SignedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>> | undefined;
  readonly body?: unknown;
}

interface SendOptions {
  readonly abortSignal?: unknown;
  /** Milliseconds. */
  readonly requestTimeout?: number | undefined;
}

type Handle = (request: SignedRequest, options?: SendOptions) => Promise<object>;

/** What the SDK sends with. */
interface RequestHandler {
  handle: Handle;
}

type Send = (given: { readonly input: object; readonly request: SignedRequest }) => Promise<unknown>;
type Build = (given: { readonly input: object; readonly request: UnsignedRequest }) => Promise<unknown>;

interface UnsignedRequest {
  headers: Record<string, string>;
}

/** By the signed request. */
const signedFor = new WeakMap<SignedRequest, CommandToProxy>();
const adopted = new WeakSet<RequestHandler>();

/**
 * Takes Pay-i's headers off before the SDK signs, and puts the innermost step in: everything else of the SDK, signing and
 * retries too, lies around that.
 */
export function addProxyStep(client: AwsClient): void {
  const { config, middlewareStack } = client as unknown as {
    readonly config: { readonly requestHandler?: RequestHandler };
    readonly middlewareStack: {
      add(middleware: ((next: Build) => Build) | ((next: Send) => Send), options: object): void;
    };
  };
  middlewareStack.add(
    (next: Build): Build =>
      (given) => {
        takeOurs(given.input, given.request);
        return next(given);
      },
    { step: "build", priority: "low", name: "payiProxyHeaders" },
  );
  middlewareStack.add(
    (next: Send): Send =>
      (given) => {
        const command = waiting.get(given.input);
        if (
          command !== undefined &&
          config.requestHandler !== undefined &&
          mayProxy(command, given.request)
        ) {
          signedFor.set(given.request, command);
          adoptHandler(config.requestHandler);
        }
        return next(given);
      },
    { step: "deserialize", priority: "low", name: "payiProxy" },
  );
}

/**
 * What the application's own middleware says to the platform: signed for AWS it could not be taken off again, and no header
 * of ours leaves the proxy.
 */
function takeOurs(input: object, request: UnsignedRequest): void {
  const command = waiting.get(input);
  if (command === undefined) return;
  const given = new Headers();
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (name.toLowerCase().startsWith(HEADER_PREFIX)) given.set(name, value);
    else kept[name] = value;
  }
  const taken = takeCallHeaders(given, [...given.keys()], command.context);
  if (taken === undefined) return;
  request.headers = kept;
  waiting.set(input, { ...command, context: taken.context, forwarded: taken.forwarded });
}

/** What was added later than we look is signed, and can only go where it was signed for. */
function mayProxy({ runtime }: CommandToProxy, { headers }: SignedRequest): boolean {
  if (!signsOurs(new Headers({ authorization: headers["authorization"] ?? "" }))) return true;
  runtime.log.warn(
    "signed_headers",
    "A Bedrock request carries Pay-i's headers in its AWS signature; it goes straight to AWS and is not counted. Add them in the middleware's step \"build\", or say it with trackContext().",
  );
  return false;
}

/** Only the handler hears of the application's signal; what is not for the proxy passes through it as ever. */
function adoptHandler(handler: RequestHandler): void {
  if (adopted.has(handler)) return;
  adopted.add(handler);
  const plain = handler.handle;
  handler.handle = function handle(request, options) {
    const command = signedFor.get(request);
    return command === undefined ? plain.call(this, request, options) : send(command, request, options);
  };
}

/** What the connection needs is the connection's to say. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  ":authority",
  "connection",
  "content-length",
  "expect",
  "host",
  "transfer-encoding",
]);

/** @throws {LimitExceededError} where the proxy refuses; the SDK does not repeat that. */
async function send(
  command: CommandToProxy,
  signed: SignedRequest,
  options: SendOptions | undefined,
): Promise<{ readonly response: object }> {
  const headers = new Headers(
    Object.entries(signed.headers).filter(([name]) => !HOP_BY_HOP.has(name.toLowerCase())),
  );
  command.forwarded?.forEach((value, name) => headers.set(name, value));
  const url = new URL(signed.path + queryOf(signed), command.url);
  const init: RequestInit = {
    method: signed.method,
    body: signed.body as NonNullable<RequestInit["body"]>,
    headers,
    signal: signalOf(options),
  };
  const proxied = routeToProxy(command.runtime, { ...command, url, input: url, init, headers });
  if (proxied === undefined) throw new Error(`The proxy has no route for ${signed.path}.`);
  const plain = await originalFetch()(proxied.url, proxied.init);
  const answer = await receiveProxied(proxied, plain);
  if (answer.headers.has("x-payi-limit-id")) {
    throw new LimitExceededError({ limitIds: proxied.slot.result?.blockedLimitIds ?? [] });
  }
  const { Readable } = nodeModules()?.stream ?? {};
  return {
    response: {
      statusCode: answer.status,
      reason: answer.statusText,
      headers: Object.fromEntries(answer.headers),
      body: answer.body === null ? undefined : (Readable?.fromWeb(answer.body as never) ?? answer.body),
    },
  };
}

function signalOf({ abortSignal, requestTimeout }: SendOptions = {}): AbortSignal | null {
  const signals = abortSignal instanceof AbortSignal ? [abortSignal] : [];
  if (requestTimeout !== undefined && requestTimeout > 0) signals.push(AbortSignal.timeout(requestTimeout));
  return signals.length === 0 ? null : AbortSignal.any(signals);
}

function queryOf({ query }: SignedRequest): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    for (const one of Array.isArray(value) ? value : [value ?? ""]) parameters.append(name, String(one));
  }
  return parameters.size === 0 ? "" : `?${parameters.toString()}`;
}
