/** What a member is trusted with, from least to most. */
export type Role = "viewer" | "editor" | "admin" | "owner";

/** Somebody who signs in to the dashboard. */
export interface StoredMember {
  readonly id: string;
  /** In lower case; nobody else has it. */
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  /** The groups whose applications are seen; null is all applications, with or without a group. */
  readonly groups: readonly string[] | null;
  /** Whether there is a way in: a password that was chosen, or an identity provider that knows them. */
  readonly hasPassword: boolean;
  readonly hasIdentity: boolean;
  readonly createdMs: number;
  /** To the minute. */
  readonly lastSeenMs: number | null;
}
