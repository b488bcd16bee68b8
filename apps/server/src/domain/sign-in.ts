import { createHash, randomBytes } from "node:crypto";

import { WireError } from "@payi/core/wire";

import { type OneTimeToken, type SignedIn, type StoredMember } from "../store/member.ts";
import { type Store } from "../store/store.ts";
import { hashPassword, isPassword, requireGoodPassword } from "./passwords.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A session ends after so long, and earlier when it is not used. */
export const SESSION_MS: number = 30 * DAY_MS;
const IDLE_MS = 7 * DAY_MS;
const TOUCH_INTERVAL_MS = 60_000;
const SET_UP_MS = DAY_MS;
const INVITATION_MS = 7 * DAY_MS;

/** A token for the one who asked for it, and what is stored of it. */
export interface MadeToken {
  readonly text: string;
  readonly token: OneTimeToken;
}

/** A token for the first member; offered to the store. Undefined when there are members. */
export async function offerSetUp(store: Store): Promise<string | undefined> {
  if (await store.hasMembers()) return undefined;
  const { text, token } = makeToken(SET_UP_MS);
  await store.offerSetUp(token);
  return text;
}

/** A token with which a member chooses a password. */
export function makeInvitation(): MadeToken {
  return makeToken(INVITATION_MS);
}

/** The first member, with a password. @throws {WireError} `invalid_token`, `password_refused` */
export async function setUp(
  store: Store,
  token: string,
  first: { readonly email: string; readonly name: string },
  password: string,
): Promise<StoredMember> {
  requireGoodPassword(password, first.email);
  return store.setUp(hashToken(token), first, await hashPassword(password));
}

/** The member behind an invitation, with the password they chose. @throws {WireError} as {@link setUp} */
export async function acceptInvitation(store: Store, token: string, password: string): Promise<StoredMember> {
  requireGoodPassword(password, token);
  return store.acceptInvitation(hashToken(token), await hashPassword(password));
}

/** Who signs in; undefined for an unknown address and a wrong password alike, in the same time. */
export async function checkPassword(
  store: Store,
  email: string,
  password: string,
): Promise<StoredMember | undefined> {
  const known = await store.credentials(email.toLowerCase());
  return (await isPassword(password, known?.password ?? null)) ? known?.member : undefined;
}

/** Another password in place of one that is known. @throws {WireError} `password_refused` */
export async function changePassword(
  store: Store,
  member: StoredMember,
  current: string,
  password: string,
): Promise<void> {
  if ((await checkPassword(store, member.email, current))?.id !== member.id) {
    throw new WireError("password_refused", "The current password is another one.");
  }
  requireGoodPassword(password, member.email);
  await store.changePassword(member.id, await hashPassword(password));
}

/** The text of a new session, for the cookie. */
export async function startSession(store: Store, memberId: string): Promise<string> {
  const text = randomBytes(32).toString("base64url");
  const now = Date.now();
  await store.startSession(hashToken(text), memberId, {
    createdMs: now - SESSION_MS,
    seenMs: now - IDLE_MS,
  });
  return text;
}

/** Who is behind the cookie; undefined once the session has ended. */
export async function findSession(store: Store, text: string): Promise<SignedIn | undefined> {
  const hash = hashToken(text);
  const found = await store.findSession(hash);
  const now = Date.now();
  if (found === undefined || now - found.createdMs > SESSION_MS || now - found.seenMs > IDLE_MS) {
    return undefined;
  }
  // Nobody waits for this: a failure shows at the next write that matters.
  if (now - found.seenMs > TOUCH_INTERVAL_MS) store.touchSession(hash).catch(() => undefined);
  return found;
}

/** Ends the session behind the cookie. */
export async function endSession(store: Store, text: string): Promise<void> {
  await store.endSession(hashToken(text));
}

function makeToken(lifeMs: number): MadeToken {
  const text = randomBytes(24).toString("base64url");
  return { text, token: { hash: hashToken(text), expiresMs: Date.now() + lifeMs } };
}

function hashToken(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
