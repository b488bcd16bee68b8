import { WireError } from "@payi/core/wire";

import { newId } from "../../new-id.ts";
import { type MemberChange, type NewMember, type OneTimeToken, type StoredMember } from "../member.ts";
import { recordChange } from "./audit.ts";
import { toJson } from "./columns.ts";
import { MEMBER_COLUMNS, hasMembers, readMember, requireMember, toldOfMember } from "./member-rows.ts";
import { type Program, all, get, run } from "./program.ts";

const NOT_VALID = "This link was used, has expired, or was never made. Ask for a new one.";

/** All members, by e-mail address. */
export function* members(): Program<readonly StoredMember[]> {
  return (yield* all(`SELECT ${MEMBER_COLUMNS} FROM member ORDER BY email`)).map(readMember);
}

/** A token that makes the first member; worthless once there is one. */
export function* offerSetUp(token: OneTimeToken): Program<void> {
  yield* run("DELETE FROM one_time_token WHERE expires_ms < ?", Date.now());
  yield* insertToken(null, token);
}

/** The first member, who is owner. @throws {WireError} `invalid_token` */
export function* setUp(
  tokenHash: Uint8Array,
  first: Pick<NewMember, "email" | "name">,
  password: string,
): Program<StoredMember> {
  const token = yield* get(
    "SELECT 1 AS one FROM one_time_token WHERE hash = ? AND member IS NULL AND expires_ms > ?",
    tokenHash,
    Date.now(),
  );
  if (token === undefined || (yield* hasMembers())) throw new WireError("invalid_token", NOT_VALID);
  yield* run("DELETE FROM one_time_token WHERE member IS NULL");
  const made = yield* insertMember({ ...first, role: "owner", groups: null }, password);
  yield* recordMemberChange("member.created", made.email, null, made);
  return made;
}

/** A new member, who gets in with the token. */
export function* inviteMember(wanted: NewMember, token: OneTimeToken, actor: string): Program<StoredMember> {
  const known = yield* get("SELECT 1 AS one FROM member WHERE email = ?", wanted.email);
  if (known !== undefined) {
    throw new WireError(
      "member_exists",
      `${wanted.email} is a member already. Change the member, or make a new invitation for them.`,
    );
  }
  const made = yield* insertMember(wanted, null);
  yield* insertToken(made.id, token);
  yield* recordMemberChange("member.created", actor, null, made);
  return made;
}

/** Another invitation, for somebody who lost the first or the password; older ones stop working. */
export function* renewInvitation(id: string, token: OneTimeToken, actor: string): Program<StoredMember> {
  const known = yield* requireMember(id);
  yield* run("DELETE FROM one_time_token WHERE member = ?", id);
  yield* insertToken(id, token);
  yield* recordMemberChange("member.invited", actor, known, known);
  return known;
}

/** Sets the password of the member behind the token, and signs them out everywhere. @throws {WireError} `invalid_token` */
export function* acceptInvitation(tokenHash: Uint8Array, password: string): Program<StoredMember> {
  const row = yield* get(
    "SELECT member FROM one_time_token WHERE hash = ? AND member IS NOT NULL AND expires_ms > ?",
    tokenHash,
    Date.now(),
  );
  if (row === undefined) throw new WireError("invalid_token", NOT_VALID);
  yield* run("DELETE FROM one_time_token WHERE member = ?", String(row["member"]));
  return yield* changePassword(String(row["member"]), password);
}

/** Another password; whoever is signed in with the old one is signed out. */
export function* changePassword(id: string, password: string): Program<StoredMember> {
  const known = yield* requireMember(id);
  yield* run("UPDATE member SET password = ? WHERE id = ?", password, id);
  yield* run("DELETE FROM sign_in_session WHERE member = ?", id);
  yield* recordMemberChange("member.password_changed", known.email, known, known);
  return { ...known, hasPassword: true };
}

/** Changes name, role or groups. @throws {WireError} `last_owner` where nobody would own the organization. */
export function* changeMember(change: MemberChange, actor: string): Program<StoredMember> {
  const before = yield* requireMember(change.id);
  const after = {
    ...before,
    name: change.name ?? before.name,
    role: change.role ?? before.role,
    groups: change.groups === undefined ? before.groups : change.groups,
  };
  if (before.role === "owner" && (after.role !== "owner" || after.groups !== null)) {
    yield* requireOtherOwner(before);
  }
  yield* run(
    "UPDATE member SET name = ?, role = ?, group_names = ? WHERE id = ?",
    after.name,
    after.role,
    toGroups(after.groups),
    change.id,
  );
  yield* recordMemberChange("member.changed", actor, before, after);
  return after;
}

/** Takes a member away with their sessions. @throws {WireError} `last_owner` */
export function* removeMember(id: string, actor: string): Program<StoredMember> {
  const known = yield* requireMember(id);
  if (known.role === "owner") yield* requireOtherOwner(known);
  yield* run("DELETE FROM member WHERE id = ?", id);
  yield* recordMemberChange("member.removed", actor, known, null);
  return known;
}

function* requireOtherOwner(owner: StoredMember): Program<void> {
  const other = yield* get(
    "SELECT 1 AS one FROM member WHERE role = 'owner' AND group_names IS NULL AND id <> ? LIMIT 1",
    owner.id,
  );
  if (other !== undefined) return;
  throw new WireError(
    "last_owner",
    `${owner.email} is the only owner. Make somebody else owner first, for all groups.`,
  );
}

function* insertMember(wanted: NewMember, password: string | null): Program<StoredMember> {
  const now = Date.now();
  const id = newId(now);
  yield* run(
    "INSERT INTO member (id, email, name, role, group_names, password, created_ms) VALUES (?, ?, ?, ?, ?, ?, ?)",
    id,
    wanted.email,
    wanted.name,
    wanted.role,
    toGroups(wanted.groups),
    password,
    now,
  );
  const known = { hasPassword: password !== null, hasIdentity: false, createdMs: now, lastSeenMs: null };
  return { id, ...wanted, ...known };
}

function* insertToken(id: string | null, { hash, expiresMs }: OneTimeToken): Program<void> {
  yield* run(
    "INSERT INTO one_time_token (hash, member, created_ms, expires_ms) VALUES (?, ?, ?, ?)",
    hash,
    id,
    Date.now(),
    expiresMs,
  );
}

function* recordMemberChange(
  action: string,
  actor: string,
  before: StoredMember | null,
  after: StoredMember | null,
): Program<void> {
  yield* recordChange({
    application: null,
    actor,
    action,
    subject: (after ?? before)?.id ?? "",
    before: before && toldOfMember(before),
    after: after && toldOfMember(after),
  });
}

function toGroups(groups: readonly string[] | null): string | null {
  return groups === null ? null : toJson(groups);
}
