import { type StoredMember } from "../store/member.ts";

/** What may be shown of a member. */
export function encodeMember(member: StoredMember): Readonly<Record<string, unknown>> {
  return {
    member_id: member.id,
    email: member.email,
    name: member.name,
    role: member.role,
    groups: member.groups,
    can_sign_in: member.hasPassword || member.hasIdentity,
    created_timestamp: new Date(member.createdMs).toISOString(),
    last_seen_timestamp: member.lastSeenMs === null ? null : new Date(member.lastSeenMs).toISOString(),
  };
}
