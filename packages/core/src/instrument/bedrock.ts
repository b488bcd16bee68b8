/**
 * Meters the AWS client for Bedrock, whose own transport is HTTP/2: one middleware around everything else.
 *
 * Invariants:
 * - the application gets the very objects that the SDK made; streams are watched in place;
 * - requests are signed after us and stay as they were, but for a guardrail's trace;
 * - a refusal is thrown, since this step lies outside the SDK's retries; a fault of ours is logged, never thrown.
 */
import { Call } from "../call.ts";
import { currentScope, currentValues } from "../context.ts";
import { ConfigurationError, LimitExceededError, type LimitRefusal } from "../errors.ts";
import { namedGuardrail } from "../providers/bedrock-guardrails.ts";
import { matchProvider } from "../providers/index.ts";
import { changeFacts } from "../providers/provider.ts";
import { type Runtime, getRuntime } from "../runtime.ts";
import {
  type AwsArguments,
  type AwsClient,
  type AwsHandler,
  isBedrockClient,
  originOf,
} from "./aws-client.ts";
import { observeFailure, observeResult } from "./bedrock-answer.ts";
import { askForTrace, commandBody, commandPath } from "./bedrock-command.ts";
import { addProxyStep, markForProxy } from "./bedrock-proxy.ts";
import { captureStack } from "./capture-stack.ts";
import { degradeCommand } from "./ladder.ts";
import { runSending } from "./own-transport.ts";
import { waitingCalls } from "./waiting-calls.ts";

/** Clients that carry the middleware, across copies of this package. */
const CLIENTS = Symbol.for("payi.bedrock.v1");
const holder = globalThis as { [CLIENTS]?: WeakSet<object> };

/**
 * Meters a Bedrock client and returns the same client; wrapping twice counts once. Needed where the client's class
 * cannot be reached, as in a bundle; elsewhere `payiInstrument()` finds it by itself.
 *
 * @throws {ConfigurationError} when it is none of `@aws-sdk/client-bedrock-runtime`.
 *
 * @example
 * const bedrock = wrapBedrock(new BedrockRuntimeClient({ region: "us-east-1" }));
 */
export function wrapBedrock<Client extends object>(client: Client): Client {
  if (!isBedrockClient(client)) {
    throw new ConfigurationError(
      "client",
      "wrapBedrock needs a client of @aws-sdk/client-bedrock-runtime: BedrockRuntimeClient or BedrockRuntime.",
    );
  }
  const clients = (holder[CLIENTS] ??= new WeakSet());
  if (clients.has(client)) return client;
  clients.add(client);
  client.middlewareStack.add(
    (next, { commandName }) =>
      (given) =>
        meter(client, commandName, next, given),
    { step: "initialize", priority: "high", name: "payiMetering" },
  );
  addProxyStep(client);
  // Commands of a client that caches its middleware would go on without it.
  client.handlers = undefined;
  return client;
}

interface Recognised {
  readonly kind: "metered";
  readonly call: Call;
  readonly url: URL;
  readonly given: AwsArguments;
  readonly addResult: boolean;
}

/** The platform's proxy meters the call: nothing is reported from here. */
interface Proxied {
  readonly kind: "proxied";
  readonly given: AwsArguments;
}

async function meter(
  client: AwsClient,
  command: string | undefined,
  next: AwsHandler,
  given: AwsArguments,
): ReturnType<AwsHandler> {
  const runtime = getRuntime();
  const recognised = runtime === undefined ? undefined : await look(runtime, client, command, given);
  if (recognised === undefined) return next(given);
  if (recognised.kind === "proxied") return next(recognised.given);
  const { call, url } = recognised;
  const refusal = await authorize(call);
  if (refusal !== undefined) throw new LimitExceededError(refusal);
  // A client that was told to use fetch passes through the other observer, which must not count it again.
  let result;
  waitingCalls.add(call);
  try {
    result = await runSending({ href: url.href, api: call.match.api }, () =>
      next(degraded(call, recognised.given)),
    );
  } catch (error) {
    observeFailure(call, error);
    throw error;
  } finally {
    waitingCalls.delete(call);
  }
  // Given up at the end of the process: the answer is the application's alone.
  if (call.settled) return result;
  try {
    observeResult(call, result, recognised.addResult);
  } catch (error) {
    getRuntime()?.log.warn("observe", `An answer could not be observed: ${String(error)}`);
  }
  return result;
}

async function look(
  runtime: Runtime,
  client: AwsClient,
  command: string | undefined,
  given: AwsArguments,
): Promise<Recognised | Proxied | undefined> {
  try {
    // The context is the caller's, not what runs once the endpoint is known.
    const scope = currentScope();
    const context = currentValues(scope);
    const stackTrace = runtime.config.captureStackTrace ? captureStack() : undefined;
    const path = commandPath(command, given.input);
    if (path === undefined || !isMetered(runtime, scope !== undefined)) return undefined;
    const url = new URL(path, await originOf(client));
    const match = matchProvider("POST", url);
    if (match === undefined) return undefined;
    const { config } = runtime;
    const traced = config.guardrailTrace ? askForTrace(given.input) : undefined;
    const body = commandBody(given.input);
    const facts = match.provider.readRequest(match, body ?? given.input);
    // The body of another model's request does not name the guardrail beside it.
    const request = changeFacts(facts, { notes: namedGuardrail(given.input) });
    if (context.proxy ?? config.proxy) {
      const plain = traced === undefined ? given : { ...given, input: traced };
      const proxied = markForProxy({ runtime, match, request, url, context }, plain);
      if (proxied !== undefined) return { kind: "proxied", given: proxied };
    }
    const call = new Call(runtime, {
      match,
      url,
      request,
      context,
      instance: scope?.instance,
      flow: scope,
      attempt: 1,
      scope: scope?.call,
      stackTrace,
    });
    call.recording?.request(body);
    runtime.log.debug?.(
      `${match.provider.category} ${match.api} recognised: ${request.model} at ${url.host}`,
    );
    return {
      kind: "metered",
      call,
      url,
      given: traced === undefined ? given : { ...given, input: traced },
      addResult: config.addStreamingXproxyResult,
    };
  } catch (error) {
    runtime.log.warn("recognise", `A request could not be metered: ${String(error)}`);
    return undefined;
  }
}

function isMetered({ config }: Runtime, inScope: boolean): boolean {
  if (config.instruments !== "all" && !config.instruments.has("system.aws.bedrock")) return false;
  return inScope || config.globalInstrumentation;
}

/** A ladder that fails changes nothing. */
function degraded(call: Call, given: AwsArguments): AwsArguments {
  try {
    return degradeCommand(call, given);
  } catch (error) {
    getRuntime()?.log.warn("ladder", `A limit's ladder could not act on a request: ${String(error)}`);
    return given;
  }
}

async function authorize(call: Call): Promise<LimitRefusal | undefined> {
  try {
    return await call.authorize();
  } catch {
    return undefined;
  }
}
