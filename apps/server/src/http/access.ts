import { WireError, show } from "@payi/core/wire";

import { DEFAULT_APPLICATION } from "../domain/keys.ts";
import { type Permission } from "../domain/permissions.ts";
import { type StoredApplication } from "../store/application.ts";
import { type StoredMember } from "../store/member.ts";

/** Names the application that a request is about, for callers who reach several. */
export const APPLICATION_HEADER = "x-payi-application";

/** Which applications a caller reaches: its own, those of some groups, or all. */
export type Reach =
  | { readonly kind: "own" }
  | { readonly kind: "groups"; readonly groups: readonly string[] }
  | { readonly kind: "all" };

interface Recognised {
  /** Who is written down beside a change. */
  readonly actor: string;
  readonly permissions: readonly Permission[];
  readonly reach: Reach;
}

/** Somebody who was recognised, before it is clear which application the request is about. */
export type Caller =
  | (Recognised & { readonly kind: "key"; readonly application: string; readonly keepText: boolean })
  | (Recognised & { readonly kind: "member"; readonly application: undefined; readonly member: StoredMember })
  | (Recognised & { readonly kind: "machine"; readonly application: undefined });

/** Whom a request speaks for, and what it may do there. */
export interface Access extends Recognised {
  readonly application: string;
  readonly keepText: boolean;
}

/** The caller may know of this application. */
export function reaches(
  caller: { readonly reach: Reach; readonly application: string | undefined },
  application: StoredApplication,
): boolean {
  const { reach } = caller;
  if (reach.kind === "own") return application.id === caller.application;
  return reach.kind === "all" || (application.group !== null && reach.groups.includes(application.group));
}

/**
 * The application that the request is about: the one it names, else the caller's, else the first in reach.
 *
 * @throws {WireError} `application_not_found` for one that is closed, out of reach or missing, all alike.
 */
export function chooseApplication(
  caller: Caller,
  named: string | undefined,
  applications: readonly StoredApplication[],
): StoredApplication {
  const open = applications.filter((one) => one.archivedMs === null && reaches(caller, one));
  const wanted = named ?? caller.application;
  const chosen =
    wanted === undefined
      ? (open.find((one) => one.id === DEFAULT_APPLICATION) ?? open[0])
      : open.find((one) => one.id === wanted);
  if (chosen !== undefined) return chosen;
  throw unknownApplication(wanted);
}

/** What those hear who name an application that is closed, out of their reach or missing. */
export function unknownApplication(id: string | undefined): WireError {
  return new WireError(
    "application_not_found",
    id === undefined
      ? "There is no application that you may see. Ask an administrator to put one of your groups on it."
      : `There is no application ${show(id)}. List those in reach with GET /api/v1/applications.`,
  );
}

/** @throws {WireError} `permission_denied` where the caller has none of those that let in. */
export function requirePermission(
  access: Access,
  needed: Permission | readonly Permission[],
  what: string,
): void {
  const anyOf = [needed].flat();
  const [first = "owner"] = anyOf;
  if (anyOf.some((one) => access.permissions.includes(one))) return;
  throw new WireError(
    "permission_denied",
    `${what} needs the permission ${anyOf.join(" or ")}; ${access.actor} has ${access.permissions.join(", ")}. ${ADVICE[first]}`,
  );
}

const ADVICE: Readonly<Record<Permission, string>> = {
  ingest: "Use a full key, or one with the scope ingest.",
  read: "Use a full key, or one with the scope read.",
  write: "Use a full key, or sign in as editor or above.",
  prices:
    "These prices hold for all applications, so with more than one they are not for the key or editor of one: use a key with the scope admin (payi keys create --scope admin), or sign in as admin or owner of the whole organization.",
  admin: "Use a key with the scope admin, or sign in as admin or owner.",
  organization: "Use a key with the scope admin, or sign in as admin or owner of the whole organization.",
  owner: "Sign in as owner.",
  metrics: "Use a key with the scope metrics or admin.",
};
