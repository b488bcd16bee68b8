import { type KeyScope } from "../store/key.ts";
import { type Role } from "../store/member.ts";

/**
 * What a request may do. `ingest` records calls, scores and instances; `read` and `write` are for the data of one
 * application; `prices` for those that all applications share; `admin` for an application's keys, members' access and
 * settings; `organization` for applications, members and what spans them; `owner` for owners; `metrics` for the metrics
 * of the process.
 */
export type Permission =
  | "ingest"
  | "read"
  | "write"
  | "prices"
  | "admin"
  | "organization"
  | "owner"
  | "metrics";

/** What a key may do. Those that administer read and record nothing, as with Pay-i (contract 1). */
export const SCOPES: Readonly<Record<KeyScope, readonly Permission[]>> = {
  full: ["ingest", "read", "write"],
  ingest: ["ingest"],
  read: ["read"],
  admin: ["prices", "admin", "organization", "metrics"],
  metrics: ["metrics"],
};

/** What a member may do, from least to most. */
export const ROLES: Readonly<Record<Role, readonly Permission[]>> = {
  viewer: ["read"],
  editor: ["read", "write"],
  admin: ["read", "write", "prices", "admin", "organization", "metrics"],
  owner: ["read", "write", "prices", "admin", "organization", "metrics", "owner"],
};

/** What whoever sits at the machine may do before the first member exists. */
export const OPEN_DASHBOARD: readonly Permission[] = ["read", "write", "prices", "admin", "organization"];

/**
 * The same, and `prices` for whoever may write while there is one application: nobody else pays by them. With a second
 * one they are for those who answer for all.
 */
export function withPricesOfOne(
  permissions: readonly Permission[],
  applications: number,
): readonly Permission[] {
  const hasAll = permissions.includes("prices") || !permissions.includes("write");
  return hasAll || applications > 1 ? permissions : [...permissions, "prices"];
}
