import { isObject } from "@payi/core/wire";
import { type FastifyInstance } from "fastify";
import { Type } from "typebox";

import { startSession } from "../domain/sign-in.ts";
import { operation } from "../http/api/operation.ts";
import { type Callers } from "../http/callers.ts";
import { type Identity, type IdentityProvider, type PendingSignIn } from "../http/oidc.ts";
import { type OwnOrigin } from "../http/own-origin.ts";
import { SignInCookie } from "../http/session-cookie.ts";
import { type StoredMember } from "../store/member.ts";
import { type Store } from "../store/store.ts";

/** What signing in through a provider needs. */
export interface IdentityProviderDependencies {
  readonly store: Store;
  readonly callers: Callers;
  readonly cookie: SignInCookie;
  readonly origin: OwnOrigin;
  readonly provider: IdentityProvider;
}

const PENDING_MS = 10 * 60_000;
const SIGN_IN = { access: "open", tag: "Administration", ours: true } as const;

/** There and back: only members get in, so whoever the provider knows must have been invited. */
export function registerIdentityProvider(
  app: FastifyInstance,
  { store, callers, cookie, origin, provider }: IdentityProviderDependencies,
): void {
  // What the browser has to bring back from the provider.
  const pendingCookie = new SignInCookie("payi-sign-in", origin, PENDING_MS);

  app.get(
    "/session/identity-provider",
    operation({
      ...SIGN_IN,
      summary: "Leave for the identity provider",
      answers: { 302: Type.String() },
    }),
    async (_request, reply) => {
      const { url, pending } = await provider.begin();
      pendingCookie.set(reply, JSON.stringify(pending));
      return reply.redirect(url.href, 302);
    },
  );

  app.get(
    "/session/identity-provider/callback",
    operation({
      ...SIGN_IN,
      summary: "Come back from the identity provider",
      answers: { 302: Type.String() },
    }),
    async (request, reply) => {
      const pending = readPending(pendingCookie.read(request));
      pendingCookie.clear(reply);
      if (pending === undefined) return reply.redirect("/sign-in#expired", 302);
      let identity: Identity;
      try {
        identity = await provider.finish(new URL(request.url, "http://localhost").searchParams, pending);
      } catch (error) {
        request.log.warn({ err: error }, "the identity provider's answer was refused");
        return reply.redirect("/sign-in#refused", 302);
      }
      const member = await memberOf(identity);
      if (member === undefined) return reply.redirect("/sign-in#unknown", 302);
      cookie.set(reply, await startSession(store, member.id));
      callers.forget();
      return reply.redirect("/", 302);
    },
  );

  /** By subject; the first time by the address that the provider has checked. */
  async function memberOf({ subject, email }: Identity): Promise<StoredMember | undefined> {
    const known = await store.identified(subject);
    if (known !== undefined) return known.member;
    const invited = email === undefined ? undefined : await store.credentials(email);
    // Somebody else's subject at this address: people change, members do not.
    if (invited === undefined || invited.member.hasIdentity) return undefined;
    await store.linkIdentity(invited.member.id, subject);
    return invited.member;
  }
}

function readPending(text: string | undefined): PendingSignIn | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (!isObject(value)) return undefined;
    const { state, nonce, verifier } = value;
    if (typeof state === "string" && typeof nonce === "string" && typeof verifier === "string") {
      return { state, nonce, verifier };
    }
  } catch {
    // As if there were none.
  }
  return undefined;
}
