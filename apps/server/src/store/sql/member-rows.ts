import { WireError } from "@payi/core/wire";

import { type Role, type StoredMember } from "../member.ts";
import { json, number } from "./columns.ts";
import { type Program, type Row, get } from "./program.ts";

/** The columns of {@link readMember}. */
export const MEMBER_COLUMNS = `member.id, member.email, member.name, member.role, member.group_names, member.password,
  member.subject, member.created_ms, member.last_seen_ms`;

/** One member; undefined when there is none with this id. */
export function* member(id: string): Program<StoredMember | undefined> {
  const row = yield* get(`SELECT ${MEMBER_COLUMNS} FROM member WHERE id = ?`, id);
  return row === undefined ? undefined : readMember(row);
}

/** @throws {WireError} `member_not_found` */
export function* requireMember(id: string): Program<StoredMember> {
  const found = yield* member(id);
  if (found !== undefined) return found;
  throw new WireError(
    "member_not_found",
    `There is no member with the id ${JSON.stringify(id)}. List them with GET /api/v1/members.`,
  );
}

/** Whether anybody can sign in at all. */
export function* hasMembers(): Program<boolean> {
  return (yield* get("SELECT 1 AS one FROM member LIMIT 1")) !== undefined;
}

/** What the audit log tells of a member. */
export function toldOfMember({ email, name, role, groups }: StoredMember): Readonly<Record<string, unknown>> {
  return { email, name, role, groups };
}

export function readMember(row: Row): StoredMember {
  return {
    id: String(row["id"]),
    email: String(row["email"]),
    name: String(row["name"]),
    // Our own code wrote it, and the table checks it.
    role: row["role"] as Role,
    groups: row["group_names"] === null ? null : json<readonly string[]>(row["group_names"]),
    hasPassword: row["password"] !== null,
    hasIdentity: row["subject"] !== null,
    createdMs: Number(row["created_ms"]),
    lastSeenMs: number(row["last_seen_ms"]),
  };
}
