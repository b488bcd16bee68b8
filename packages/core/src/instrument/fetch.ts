/**
 * The observer of the transport: recognises a provider's billable call, meters it, and is invisible otherwise.
 *
 * Invariants:
 * - the application gets what fetch would have given it: the same status, headers, bytes, errors and timing;
 * - a fault of ours is logged and the call goes out as if we were not there;
 * - our own traffic never passes through here.
 */
import { type Call } from "../call.ts";
import { currentScope, currentValues, runInScope } from "../context.ts";
import { type LimitRefusal } from "../errors.ts";
import { type Runtime, getRuntime } from "../runtime.ts";
import { faultless } from "./careful-watcher.ts";
import { objectsToQuestion, rememberObjection } from "./include-usage.ts";
import { degrade } from "./ladder.ts";
import { observe } from "./observe.ts";
import { type Fetch, WRAPPED, isWrapped, originalFetch } from "./original-fetch.ts";
import { type Proxied, receiveProxied } from "./proxy.ts";
import { type Metered, recognise } from "./recognise.ts";
import { refuse } from "./refusal.ts";
import { hideAnswerToQuestion } from "./usage-filter.ts";

/** `fetch` with provider calls metered; everything else goes straight through. Wrapping twice is wrapping once. */
export function wrapFetch(fetch: Fetch): Fetch {
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
  if (refusal instanceof Promise) {
    return refusal.then((refused) =>
      refused === undefined ? send(fetch, degraded(metered)) : refuse(refused),
    );
  }
  return refusal === undefined ? send(fetch, degraded(metered)) : Promise.resolve(refuse(refusal));
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
function transport(
  fetch: Fetch,
  url: URL,
  input: Metered["input"],
  init: Metered["init"],
): Promise<Response> {
  if (fetch === originalFetch()) return fetch(input, init);
  const scope = currentScope();
  const sending = { ...scope, values: currentValues(), instance: scope?.instance, sendingTo: url.href };
  return runInScope(sending, () => fetch(input, init));
}

/** The very promise of `fetch`, except where our question may have to be taken back: we look first, having asked first. */
function send(fetch: Fetch, metered: Metered): Promise<Response> {
  const answer = transport(fetch, metered.url, metered.input, metered.init);
  const receiving = answer.then(
    (response) => receive(fetch, metered, response),
    (error: unknown) => {
      faultless(() => metered.call.fail(error, metered.signal?.aborted === true))();
      if (metered.originalBody !== undefined) throw error;
    },
  );
  return metered.originalBody === undefined ? answer : (receiving as Promise<Response>);
}

function receive(fetch: Fetch, metered: Metered, response: Response): Response | Promise<Response> {
  try {
    if (metered.originalBody !== undefined && (response.status === 400 || response.status === 422)) {
      return askAgainWithout(fetch, metered, metered.originalBody, response);
    }
    return observe(metered.call, response, {
      hide: metered.originalBody !== undefined,
      signal: metered.signal,
    });
  } catch (error) {
    getRuntime()?.log.warn("observe", `An answer could not be observed: ${String(error)}`);
    return metered.originalBody === undefined ? response : hideAnswerToQuestion(response);
  }
}

/** A provider that refuses our question gets the application's own request, once, and is not asked again. */
async function askAgainWithout(
  fetch: Fetch,
  metered: Metered,
  body: NonNullable<Metered["originalBody"]>,
  response: Response,
): Promise<Response> {
  const text = await response.text();
  if (!objectsToQuestion(response.status, text)) {
    const copy = new Response(text, response);
    Object.defineProperty(copy, "url", { value: response.url, configurable: true });
    return observe(metered.call, copy, { hide: false, signal: metered.signal });
  }
  rememberObjection(metered.url, metered.call.request.model);
  return send(fetch, { ...metered, init: { ...metered.init, body }, originalBody: undefined });
}

/** The platform's proxy meters the call: nothing is reported from here. */
function sendProxied(fetch: Fetch, proxied: Proxied): Promise<Response> {
  return transport(fetch, proxied.url, proxied.url.href, proxied.init).then((response) =>
    receiveProxied(proxied, response),
  );
}
