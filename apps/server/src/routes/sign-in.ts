import { WireError, readObject, readRequiredText } from "@payi/core/wire";
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";

import {
  acceptInvitation,
  changePassword,
  checkPassword,
  endSession,
  setUp,
  startSession,
} from "../domain/sign-in.ts";
import { reaches } from "../http/access.ts";
import { Answer } from "../http/api/answer-shapes.ts";
import {
  InvitationInput,
  MemberAnswer,
  PasswordChange,
  SessionAnswer,
  SetUpInput,
  SignInInput,
} from "../http/api/member-shapes.ts";
import { operation } from "../http/api/operation.ts";
import { type FindAccess } from "../http/auth.ts";
import { type Callers, noCaller } from "../http/callers.ts";
import { encodeApplication, encodeOrganization } from "../http/encode-administration.ts";
import { encodeMember } from "../http/encode-member.ts";
import { readEmail, readName, readPassword } from "../http/member-input.ts";
import { type OwnOrigin } from "../http/own-origin.ts";
import { type CountFailedKey } from "../http/rates.ts";
import { type SignInCookie } from "../http/session-cookie.ts";
import { type StoredMember } from "../store/member.ts";
import { type Store } from "../store/store.ts";

/** What signing in needs. */
export interface SignInDependencies {
  readonly store: Store;
  readonly callers: Callers;
  readonly findAccess: FindAccess;
  readonly origin: OwnOrigin;
  readonly cookie: SignInCookie;
  readonly countFailedKey: CountFailedKey;
  readonly hasIdentityProvider: boolean;
}

const SIGN_IN = { access: "open", tag: "Administration", ours: true } as const;
/** Tries at one account, whoever makes them: what is in the way of guessing from many addresses. */
const TRIES = { max: 30, timeWindow: 15 * 60_000 } as const;

/** Signing in, out, and for the first time. The session is a cookie; every step wants our own page's request. */
export function registerSignIn(app: FastifyInstance, dependencies: SignInDependencies): void {
  const { store, callers, findAccess, origin, cookie, countFailedKey } = dependencies;
  const countTry = app.createRateLimit({
    ...TRIES,
    keyGenerator: (request) => `sign-in ${readEmail(readObject(request.body, "The body")["email"])}`,
    allowList: () => false,
  });

  /** Everybody is told the same, however they came to be here. */
  async function letIn(request: FastifyRequest, reply: FastifyReply, member: StoredMember): Promise<unknown> {
    const old = cookie.read(request);
    // Whatever cookie was there before the sign-in opens nothing after it.
    if (old !== undefined) await endSession(store, old);
    cookie.set(reply, await startSession(store, member.id));
    callers.forget();
    return { request_id: request.id, member: encodeMember(member) };
  }

  function requireOwnPage(request: FastifyRequest): void {
    if (!origin.isOwn(request)) {
      throw new WireError(
        "permission_denied",
        "Sign-in works from the platform's own pages only. Behind a proxy, set PAYI_PUBLIC_URL to the address in the browser.",
      );
    }
    if (!origin.mayHaveCookies(request)) {
      throw new WireError(
        "permission_denied",
        "Sign-in over plain http works on this machine only. Put TLS in front of the server and set PAYI_PUBLIC_URL to its https address.",
      );
    }
  }

  app.get(
    "/session",
    operation({
      ...SIGN_IN,
      summary: "Who asks, what they may do, and which applications they reach",
      description: "Also for nobody: what signing in takes.",
      answers: { 200: SessionAnswer },
    }),
    async (request, reply) => {
      const caller = await callers.find(request, reply);
      const known = caller === undefined ? [] : await store.applications();
      const open = known.filter(
        (one) => one.archivedMs === null && caller !== undefined && reaches(caller, one),
      );
      const chosen =
        caller === undefined || open.length === 0
          ? undefined
          : (await findAccess(request, caller)).application;
      const current = open.find((one) => one.id === chosen);
      return {
        request_id: request.id,
        caller: caller?.kind ?? null,
        needs_set_up: !(await store.hasMembers()),
        identity_provider: dependencies.hasIdentityProvider,
        organization: caller === undefined ? null : encodeOrganization(await store.organization()),
        member: caller?.kind === "member" ? encodeMember(caller.member) : null,
        permissions: caller?.permissions ?? [],
        application: current === undefined ? null : encodeApplication(current),
        declared_properties: current?.settings.declaredProperties ?? [],
        applications: open.map(encodeApplication),
      };
    },
  );

  app.post(
    "/session",
    operation({ ...SIGN_IN, summary: "Sign in", body: SignInInput, answers: { 200: MemberAnswer } }),
    async (request, reply) => {
      requireOwnPage(request);
      const body = readObject(request.body, "The body");
      const email = readEmail(body["email"]);
      const password = readPassword(body["password"], "password");
      const tries = await countTry(request);
      if (!tries.isAllowed && tries.isExceeded) {
        reply.header("retry-after", tries.ttlInSeconds);
        throw new WireError(
          "rate_limit_exceeded",
          `More than ${TRIES.max} tries to sign in as ${email}. Try again in ${tries.ttlInSeconds} s.`,
        );
      }
      const member = await checkPassword(store, email, password);
      if (member === undefined) {
        await countFailedKey(request, reply);
        throw new WireError(
          "sign_in_failed",
          "E-mail address or password is wrong. An administrator can make a new invitation for you.",
        );
      }
      return letIn(request, reply, member);
    },
  );

  app.delete(
    "/session",
    operation({ ...SIGN_IN, summary: "Sign out", answers: { 200: Answer({}) } }),
    async (request, reply) => {
      requireOwnPage(request);
      const text = cookie.read(request);
      if (text !== undefined) await endSession(store, text);
      cookie.clear(reply);
      callers.forget();
      return { request_id: request.id };
    },
  );

  app.post(
    "/session/set-up",
    operation({
      ...SIGN_IN,
      summary: "Become the first member, who is owner",
      body: SetUpInput,
      answers: { 200: MemberAnswer },
    }),
    async (request, reply) => {
      requireOwnPage(request);
      const body = readObject(request.body, "The body");
      const email = readEmail(body["email"]);
      const token = readRequiredText(body["token"], "token");
      const password = readPassword(body["password"], "password");
      const first = { email, name: readName(body["name"]) ?? email };
      return letIn(request, reply, await counted(request, reply, setUp(store, token, first, password)));
    },
  );

  app.post(
    "/session/invitation",
    operation({
      ...SIGN_IN,
      summary: "Accept an invitation and choose a password",
      body: InvitationInput,
      answers: { 200: MemberAnswer },
    }),
    async (request, reply) => {
      requireOwnPage(request);
      const body = readObject(request.body, "The body");
      const token = readRequiredText(body["token"], "token");
      const password = readPassword(body["password"], "password");
      return letIn(request, reply, await counted(request, reply, acceptInvitation(store, token, password)));
    },
  );

  app.put(
    "/session/password",
    operation({
      ...SIGN_IN,
      summary: "Change one's own password; other sessions end",
      body: PasswordChange,
      answers: { 200: MemberAnswer },
    }),
    async (request, reply) => {
      requireOwnPage(request);
      const caller = await callers.find(request, reply);
      if (caller?.kind !== "member") throw noCaller();
      const body = readObject(request.body, "The body");
      const current = readPassword(body["current_password"], "current_password");
      const password = readPassword(body["password"], "password");
      await counted(request, reply, changePassword(store, caller.member, current, password));
      return letIn(request, reply, caller.member);
    },
  );

  /** What fails counts as a wrong key does. */
  async function counted<Value>(
    request: FastifyRequest,
    reply: FastifyReply,
    work: Promise<Value>,
  ): Promise<Value> {
    try {
      return await work;
    } catch (error) {
      if (WireError.is(error) && error.code !== "password_refused") await countFailedKey(request, reply);
      throw error;
    }
  }
}
