/**
 * What a transport of ours is sending at the moment. A fetch of the application's own, wrapped as well, hands the same call on
 * to the global one, perhaps to another address: that is counted once. Another call that it makes before or beside is a call of
 * its own.
 */
import { type Scope, currentScope, currentValues, runInScope } from "../context.ts";
import { type Address } from "./address.ts";

/** What tells that a request is the one that is being sent. */
export interface Sent {
  readonly href: string;
  /** Which of the provider's endpoints. */
  readonly api: string;
  readonly init?: RequestInit | undefined;
  readonly body?: unknown;
}

// Named without a symbol of this module's: another copy of the package finds it as well.
type SendingScope = Scope & { readonly sending?: Sent | undefined };

/** Runs what sends. A layer around the call has been claimed by it, and is not there for another call inside. */
export function runSending<T>(sending: Sent, run: () => T): T {
  const scope = currentScope();
  const inside: SendingScope = {
    ...scope,
    values: currentValues(),
    instance: scope?.instance,
    call: undefined,
    sending,
  };
  return runInScope(inside, run);
}

export function sendingIn(scope: SendingScope | undefined): Sent | undefined {
  return scope?.sending;
}

/** True for the request that is being sent already. Its body may not be known yet. */
export function isHandedOn(
  sending: Sent,
  { url, match }: Address,
  init: RequestInit | undefined,
  body: unknown,
): boolean {
  if (init !== undefined && init === sending.init) return true;
  if (body !== undefined && body === sending.body) return true;
  const [signal, sent] = [init?.signal ?? undefined, sending.init?.signal ?? undefined];
  if (signal !== undefined && signal === sent) return match.api === sending.api;
  // SDKs give every request a signal of its own: with another signal and other words it is another call to the same place.
  const isAnother = signal !== undefined && sent !== undefined && body !== undefined;
  return url.href === sending.href && !isAnother;
}
