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
  /** A password was chosen. */
  readonly hasPassword: boolean;
  /** The identity provider knows them. */
  readonly hasIdentity: boolean;
  readonly createdMs: number;
  /** To the minute. */
  readonly lastSeenMs: number | null;
}

/** A member to be; nobody gets in before the invitation is accepted. */
export interface NewMember {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly groups: readonly string[] | null;
}

/** A token that works once; its text is never stored. */
export interface OneTimeToken {
  /** SHA-256 of the token. */
  readonly hash: Uint8Array;
  readonly expiresMs: number;
}

/** What is to be different; what is undefined stays. */
export interface MemberChange {
  readonly id: string;
  readonly name?: string | undefined;
  readonly role?: Role | undefined;
  readonly groups?: readonly string[] | null | undefined;
}

/** A member with the hash of the password, for whoever checks it. */
export interface Credentials {
  readonly member: StoredMember;
  readonly password: string | null;
}

/** Somebody who has signed in. */
export interface SignedIn {
  readonly member: StoredMember;
  readonly createdMs: number;
  readonly seenMs: number;
}
