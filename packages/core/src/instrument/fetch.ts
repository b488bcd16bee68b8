/**
 * The observer of the transport: recognises a provider's billable call, meters it, and is invisible otherwise.
 *
 * Invariants:
 * - the application gets what fetch would have given it: the same status, headers, bytes, errors and timing;
 * - a fault of ours is logged and the call goes out as if we were not there;
 * - our own traffic never passes through here.
 */
import { type Call } from "../call.ts";
import { ConfigurationError, type LimitRefusal } from "../errors.ts";
import { show } from "../option-readers.ts";
import { type Runtime, getRuntime } from "../runtime.ts";
import { faultless } from "./careful-watcher.ts";
import { objectsToQuestion, rememberObjection } from "./include-usage.ts";
import { degrade } from "./ladder.ts";
import { observe } from "./observe.ts";
import { type Fetch, WRAPPED, isWrapped, originalFetch } from "./original-fetch.ts";
import { runSending } from "./own-transport.ts";
import { type Proxied, receiveProxied } from "./proxy.ts";
import { readRefusal } from "./read-refusal.ts";
import { type Metered, recognise } from "./recognise.ts";
import { refuse } from "./refusal.ts";
import { hideAnswerToQuestion } from "./usage-filter.ts";
import { waitingCalls } from "./waiting-calls.ts";

/**
 * `fetch` with provider calls metered; everything else goes straight through. Wrapping twice is wrapping once.
 *
 * @throws {ConfigurationError} when it is no function.
 */
export function wrapFetch(fetch: Fetch): Fetch {
  if (typeof fetch !== "function") {
    throw new ConfigurationError("fetch", `wrapFetch needs a function such as fetch, got ${show(fetch)}.`);
  }
  if (isWrapped(fetch)) return fetch;
  const payiFetch = function payiFetch(input: Parameters<Fetch>[0], init?: RequestInit): Promise<Response> {
    const runtime = getRuntime();
    const recognised = runtime === undefined ? undefined : look(runtime, input, init);
    return recognised instanceof Promise
      ? recognised.then((known) => leave(fetch, known, input, init))
      : leave(fetch, recognised, input, init);
  };
  // Whoever looks at the function itself finds what was there: some tell by that which fetch they have.
  for (const name of ["name", "length"] as const)
    Object.defineProperty(payiFetch, name, { value: fetch[name], configurable: true });
  Object.defineProperty(payiFetch, WRAPPED, { value: fetch });
  return payiFetch;
}

type Recognised = Metered | Proxied | undefined;

/** At once, except where the body of a Request has to be read. */
function look(
  runtime: Runtime,
  input: Parameters<Fetch>[0],
  init: RequestInit | undefined,
): Recognised | Promise<Recognised> {
  const giveUp = (error: unknown): undefined => {
    runtime.log.warn("recognise", `A request could not be metered: ${String(error)}`);
    return undefined;
  };
  try {
    const recognised = recognise(runtime, input, init);
    return recognised instanceof Promise ? recognised.catch(giveUp) : recognised;
  } catch (error) {
    return giveUp(error);
  }
}

function leave(
  fetch: Fetch,
  recognised: Recognised,
  input: Parameters<Fetch>[0],
  init: RequestInit | undefined,
): Promise<Response> {
  if (recognised === undefined) return fetch(input, init);
  return recognised.kind === "metered" ? run(fetch, recognised) : sendProxied(fetch, recognised);
}

function run(fetch: Fetch, metered: Metered): Promise<Response> {
  const refusal = authorize(metered.call);
  return refusal instanceof Promise
    ? refusal.then((refused) => sendUnlessRefused(fetch, metered, refused))
    : sendUnlessRefused(fetch, metered, refusal);
}

function sendUnlessRefused(
  fetch: Fetch,
  metered: Metered,
  refusal: LimitRefusal | undefined,
): Promise<Response> {
  if (refusal === undefined) return send(fetch, degraded(metered));
  metered.abortTimer?.release();
  return Promise.resolve(refuse(refusal));
}

/** A ladder that fails changes nothing. */
function degraded(metered: Metered): Metered {
  try {
    return degrade(metered);
  } catch (error) {
    getRuntime()?.log.warn("ladder", `A limit's ladder could not act on a request: ${String(error)}`);
    return metered;
  }
}

function authorize(call: Call): LimitRefusal | undefined | Promise<LimitRefusal | undefined> {
  try {
    const refusal = call.authorize();
    return refusal instanceof Promise ? refusal.catch(() => undefined) : refusal;
  } catch {
    return undefined;
  }
}

/** Sends through a fetch that may be the application's own and hand on to the wrapped global one. */
function transport(fetch: Fetch, sent: Metered | Proxied): Promise<Response> {
  const input = sent.kind === "metered" ? sent.input : sent.url.href;
  const { url, init } = sent;
  if (fetch === originalFetch()) return fetch(input, init);
  const { match } = sent.kind === "metered" ? sent.call : sent;
  const body = init?.body ?? (sent.kind === "metered" ? sent.body : undefined);
  return runSending({ href: url.href, api: match.api, init, body }, () => fetch(input, init));
}

/** The very promise of `fetch`, except where our question may have to be taken back: we look first, having asked first. */
function send(fetch: Fetch, metered: Metered): Promise<Response> {
  waitingCalls.add(metered.call);
  let answer: Promise<Response>;
  try {
    answer = transport(fetch, metered);
  } catch (error) {
    end(metered, error);
    throw error;
  }
  const receiving = Promise.resolve(answer).then(
    (response) => receive(fetch, metered, response),
    (error: unknown) => {
      end(metered, error);
      if (metered.originalBody !== undefined) throw error;
    },
  );
  return metered.originalBody === undefined ? answer : (receiving as Promise<Response>);
}

/** No answer has come. Never throws. */
function end(metered: Metered, error: unknown): void {
  faultless(() => metered.call.fail(error, metered.signal?.aborted === true))();
  stopWaiting(metered);
}

function stopWaiting({ call, abortTimer }: Metered): void {
  waitingCalls.delete(call);
  abortTimer?.release();
}

function receive(fetch: Fetch, metered: Metered, response: Response): Response | Promise<Response> {
  const { call, url, originalBody, signal } = metered;
  stopWaiting(metered);
  // Given up at the end of the process: the answer is the application's alone.
  if (call.settled) return originalBody === undefined ? response : hideAnswerToQuestion(response);
  try {
    if (originalBody !== undefined && (response.status === 400 || response.status === 422)) {
      return askAgainWithout(fetch, metered, originalBody, response);
    }
    return observe(call, response, { asked: originalBody === undefined ? undefined : url, signal });
  } catch (error) {
    getRuntime()?.log.warn("observe", `An answer could not be observed: ${String(error)}`);
    call.settle({ outcome: "ok", status: response?.status });
    return originalBody === undefined ? response : hideAnswerToQuestion(response);
  }
}

/** A provider that refuses our question gets the application's own request, once, and is not asked again. */
async function askAgainWithout(
  fetch: Fetch,
  metered: Metered,
  body: NonNullable<Metered["originalBody"]>,
  response: Response,
): Promise<Response> {
  const { call, url, init, signal } = metered;
  const read = await readRefusal(response).catch((error: unknown) => {
    end(metered, error);
    throw error;
  });
  if (!objectsToQuestion(response.status, read.text)) {
    return observe(call, read.response, { asked: undefined, signal });
  }
  rememberObjection(url, call.request.model);
  return send(fetch, { ...metered, init: { ...init, body }, originalBody: undefined });
}

/** The platform's proxy meters the call: nothing is reported from here. */
function sendProxied(fetch: Fetch, proxied: Proxied): Promise<Response> {
  return transport(fetch, proxied).then((response) => receiveProxied(proxied, response));
}
