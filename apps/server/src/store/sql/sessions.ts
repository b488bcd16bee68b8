import { type Credentials, type SignedIn } from "../member.ts";
import { recordChange } from "./audit.ts";
import { text } from "./columns.ts";
import { MEMBER_COLUMNS, readMember, requireMember } from "./member-rows.ts";
import { type Program, get, run } from "./program.ts";

/** Who has this e-mail address, and the hash of their password. */
export function* credentials(email: string): Program<Credentials | undefined> {
  return yield* findMember("member.email = ?", email);
}

/** Who has this identity at the identity provider. */
export function* identified(subject: string): Program<Credentials | undefined> {
  return yield* findMember("member.subject = ?", subject);
}

/** From now on the identity provider's subject is this member. */
export function* linkIdentity(id: string, subject: string): Program<void> {
  const { email } = yield* requireMember(id);
  yield* run("UPDATE member SET subject = ? WHERE id = ?", subject, id);
  const change = { application: null, actor: email, subject: id };
  yield* recordChange({ ...change, action: "member.identity_linked", before: null, after: { subject } });
}

/** Somebody is in. Sessions that have ended by age go with it. */
export function* startSession(
  hash: Uint8Array,
  id: string,
  endedBefore: { readonly createdMs: number; readonly seenMs: number },
): Program<void> {
  const { email } = yield* requireMember(id);
  const now = Date.now();
  yield* run(
    "DELETE FROM sign_in_session WHERE created_ms < ? OR seen_ms < ?",
    endedBefore.createdMs,
    endedBefore.seenMs,
  );
  yield* run(
    "INSERT INTO sign_in_session (hash, member, created_ms, seen_ms) VALUES (?, ?, ?, ?)",
    hash,
    id,
    now,
    now,
  );
  yield* run("UPDATE member SET last_seen_ms = ? WHERE id = ?", now, id);
  const entry = { application: null, actor: email, subject: id, before: null, after: { email } };
  yield* recordChange({ ...entry, action: "member.signed_in" });
}

/** Who is behind a session, however old it is. */
export function* findSession(hash: Uint8Array): Program<SignedIn | undefined> {
  const row = yield* get(
    `SELECT ${MEMBER_COLUMNS}, sign_in_session.created_ms AS started_ms, sign_in_session.seen_ms AS seen_ms
     FROM sign_in_session JOIN member ON member.id = sign_in_session.member WHERE hash = ?`,
    hash,
  );
  if (row === undefined) return undefined;
  return {
    member: readMember(row),
    createdMs: Number(row["started_ms"]),
    seenMs: Number(row["seen_ms"]),
  };
}

/** Remembers that a session was used. */
export function* touchSession(hash: Uint8Array): Program<void> {
  const now = Date.now();
  yield* run("UPDATE sign_in_session SET seen_ms = ? WHERE hash = ?", now, hash);
  yield* run(
    "UPDATE member SET last_seen_ms = ? WHERE id = (SELECT member FROM sign_in_session WHERE hash = ?)",
    now,
    hash,
  );
}

/** Somebody is out. */
export function* endSession(hash: Uint8Array): Program<void> {
  yield* run("DELETE FROM sign_in_session WHERE hash = ?", hash);
}

function* findMember(condition: string, value: string): Program<Credentials | undefined> {
  const row = yield* get(`SELECT ${MEMBER_COLUMNS} FROM member WHERE ${condition}`, value);
  return row === undefined ? undefined : { member: readMember(row), password: text(row["password"]) };
}
