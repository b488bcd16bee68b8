import { HEADER, WireError } from "@payi/core/wire";
import { type FastifyReply, type FastifyRequest } from "fastify";

import { checkKey } from "../domain/keys.ts";
import { OPEN_DASHBOARD, type Permission, ROLES, SCOPES } from "../domain/permissions.ts";
import { findSession } from "../domain/sign-in.ts";
import { type KeyGrant } from "../store/key.ts";
import { type SignedIn, type StoredMember } from "../store/member.ts";
import { type Store } from "../store/store.ts";
import { type Caller } from "./access.ts";
import { isLocalDashboard } from "./loopback.ts";
import { type OwnOrigin } from "./own-origin.ts";
import { type CountFailedKey } from "./rates.ts";
import { type SignInCookie } from "./session-cookie.ts";
import { ShortMemory } from "./short-memory.ts";

/** What recognising somebody needs. */
export interface CallersDependencies {
  readonly store: Store;
  readonly dashboardIsOpen: boolean;
  readonly countFailedKey: CountFailedKey;
  readonly origin: OwnOrigin;
  readonly cookie: SignInCookie;
}

/** Tells who asks: a key, a member who is signed in, or whoever sits at the machine while that is enough. */
export class Callers {
  readonly #dependencies: CallersDependencies;
  readonly #grants = new ShortMemory<KeyGrant>();
  readonly #sessions = new ShortMemory<SignedIn>();
  readonly #members = new ShortMemory<true>();

  constructor(dependencies: CallersDependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Undefined for nobody. A key that is sent is the one that counts.
   *
   * @throws {WireError} `invalid_api_key` for a key that opens nothing; `rate_limit_exceeded` after too many.
   */
  async find(request: FastifyRequest, reply: FastifyReply): Promise<Caller | undefined> {
    const text = readKey(request);
    if (text !== undefined) return this.#byKey(text, request, reply);
    return (await this.#bySession(request)) ?? (await this.#atTheMachine(request));
  }

  /** The grant behind a key that was recognised within the last second. */
  async #byKey(text: string, request: FastifyRequest, reply: FastifyReply): Promise<Caller> {
    const { store, countFailedKey } = this.#dependencies;
    const grant = await this.#grants.get(text, () => checkKey(store, text));
    if (grant === undefined) {
      // A valid key passes at any time: one wrong client must not lock out the others behind its address.
      await countFailedKey(request, reply);
      throw noCaller();
    }
    return {
      kind: "key",
      actor: `key ${grant.keyId}`,
      permissions: SCOPES[grant.scope],
      reach: { kind: grant.scope === "admin" ? "all" : "own" },
      application: grant.application,
      keepText: grant.keepText,
    };
  }

  async #bySession(request: FastifyRequest): Promise<Caller | undefined> {
    const { store, origin, cookie } = this.#dependencies;
    const text = cookie.read(request);
    if (text === undefined || !origin.isOwn(request) || !origin.mayHaveCookies(request)) return undefined;
    const found = await this.#sessions.get(text, () => findSession(store, text));
    return found && callerOfMember(found.member);
  }

  async #atTheMachine(request: FastifyRequest): Promise<Caller | undefined> {
    const { store, dashboardIsOpen } = this.#dependencies;
    if (!dashboardIsOpen || !isLocalDashboard(request)) return undefined;
    const areThere = await this.#members.get("", async () => (await store.hasMembers()) || undefined);
    return areThere === true ? undefined : AT_THE_MACHINE;
  }

  /** Somebody was made, changed, or let out by this process: what is remembered no longer counts. */
  forget(): void {
    this.#sessions.clear();
    this.#members.clear();
  }
}

const AT_THE_MACHINE: Caller = {
  kind: "machine",
  actor: "dashboard",
  permissions: OPEN_DASHBOARD,
  reach: { kind: "all" },
  application: undefined,
};

/** What spans applications is not for those who see some of them. */
const OF_THE_WHOLE: ReadonlySet<Permission> = new Set(["prices", "organization", "owner", "metrics"]);

function callerOfMember(member: StoredMember): Caller {
  const { groups, role } = member;
  return {
    kind: "member",
    actor: member.email,
    member,
    permissions: groups === null ? ROLES[role] : ROLES[role].filter((one) => !OF_THE_WHOLE.has(one)),
    reach: groups === null ? { kind: "all" } : { kind: "groups", groups },
    application: undefined,
  };
}

function readKey(request: FastifyRequest): string | undefined {
  const given = request.headers[HEADER.apiKey];
  if (typeof given === "string" && given !== "") return given;
  return /^Bearer\s+(\S+)\s*$/i.exec(request.headers.authorization ?? "")?.[1];
}

/** What nobody is told, in the same words whatever was wrong. */
export function noCaller(): WireError {
  return new WireError(
    "invalid_api_key",
    "No valid API key. Send one as xProxy-api-key or as Authorization: Bearer; payi keys create makes one.",
  );
}
