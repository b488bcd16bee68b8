/** What administration is about, as it stands on the wire. */

export type Role = "viewer" | "editor" | "admin" | "owner";
export type KeyScope = "full" | "ingest" | "read" | "admin" | "metrics";

export interface Application {
  readonly application_id: string;
  readonly name: string;
  readonly group: string | null;
  readonly created_timestamp: string;
  readonly archived_timestamp: string | null;
}

export interface ApiKey {
  readonly key_id: string;
  readonly name: string;
  readonly scope: KeyScope;
  readonly prefix: string;
  /** Named by the environment of the server. */
  readonly configured: boolean;
  readonly created_timestamp: string;
  readonly last_used_timestamp: string | null;
  readonly revoked_timestamp: string | null;
}

/** A key with its text, which is told once. */
export interface ShownKey extends ApiKey {
  readonly api_key: string;
}

export interface Member {
  readonly member_id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  /** Null is all applications. */
  readonly groups: readonly string[] | null;
  readonly can_sign_in: boolean;
  readonly last_seen_timestamp: string | null;
}

export interface Settings {
  readonly store_prompts: boolean;
  readonly declared_properties: readonly string[];
  /** Days; null is for ever. */
  readonly retention: {
    readonly text_days: number | null;
    readonly event_days: number | null;
    readonly total_days: number | null;
  };
}

export interface AuditEntry {
  readonly id: string;
  readonly timestamp: string;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly application_id: string | null;
  readonly before: unknown;
  readonly after: unknown;
}

/** Who looks at the dashboard, and what they may do. */
export interface Session {
  readonly caller: "key" | "member" | "machine" | null;
  readonly needs_set_up: boolean;
  readonly identity_provider: boolean;
  readonly member: Member | null;
  readonly permissions: readonly string[];
  readonly application: Application | null;
  /** Properties that charts offer to group by. */
  readonly declared_properties: readonly string[];
  readonly applications: readonly Application[];
}

export const ROLES: readonly { readonly value: Role; readonly label: string }[] = [
  { value: "viewer", label: "viewer: sees" },
  { value: "editor", label: "editor: changes use cases, limits, prices" },
  { value: "admin", label: "admin: keys, members, settings" },
  { value: "owner", label: "owner: everything" },
];

export const SCOPES: readonly { readonly value: KeyScope; readonly label: string }[] = [
  { value: "full", label: "full: everything in the application" },
  { value: "ingest", label: "ingest: records, reads nothing" },
  { value: "read", label: "read: reads, records nothing" },
  { value: "admin", label: "admin: administers, for scripts" },
  { value: "metrics", label: "metrics: the server's metrics" },
];
