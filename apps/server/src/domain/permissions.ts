import { type KeyScope } from "../store/key.ts";
import { type Role } from "../store/member.ts";

/**
 * What a request may do. `ingest` records calls, scores and instances; `read` and `write` are for the data of one
 * application; `admin` for its keys, members' access and settings; `organization` for applications, members and what
 * spans them; `owner` for owners; `metrics` for the metrics of the process.
 */
export type Permission = "ingest" | "read" | "write" | "admin" | "organization" | "owner" | "metrics";

/** What a key may do. Those that administer read and record nothing, as with Pay-i (contract 1). */
export const SCOPES: Readonly<Record<KeyScope, readonly Permission[]>> = {
  full: ["ingest", "read", "write"],
  ingest: ["ingest"],
  read: ["read"],
  admin: ["admin", "organization", "metrics"],
  metrics: ["metrics"],
};

/** What a member may do, from least to most. */
export const ROLES: Readonly<Record<Role, readonly Permission[]>> = {
  viewer: ["read"],
  editor: ["read", "write"],
  admin: ["read", "write", "admin", "organization", "metrics"],
  owner: ["read", "write", "admin", "organization", "metrics", "owner"],
};

/** What whoever sits at the machine may do before the first member exists. */
export const OPEN_DASHBOARD: readonly Permission[] = ["read", "write", "admin", "organization"];
