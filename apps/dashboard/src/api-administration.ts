/** Administration over HTTP: who is here, applications, keys, members, settings, the audit log. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import {
  type ApiKey,
  type Application,
  type AuditEntry,
  type KeyScope,
  type Member,
  type Role,
  type Session,
  type Settings,
  type ShownKey,
} from "./administration.ts";
import { read, write } from "./platform.ts";

interface Items<Item> {
  readonly items: readonly Item[];
}

const PAGE_SIZE = 50;

/** Everything of this file is asked for anew after a change. */
export const ADMINISTRATION = "administration";

/** Who is here, and which applications they reach. */
export const sessionQuery = queryOptions({
  queryKey: [ADMINISTRATION, "session"],
  queryFn: ({ signal }) => read<Session>("/session", {}, signal),
  staleTime: 30_000,
});

/** What signing in takes, asked by nobody in particular. Undefined where the platform does not say. */
export async function askSignIn(signal: AbortSignal): Promise<Session | null> {
  const response = await fetch("/api/v1/session", { signal, headers: { accept: "application/json" } });
  return response.ok ? ((await response.json()) as Session) : null;
}

export const applicationsQuery = queryOptions({
  queryKey: [ADMINISTRATION, "applications"],
  queryFn: async ({ signal }) => (await read<Items<Application>>("/applications", {}, signal)).items,
});

export const keysQuery = queryOptions({
  queryKey: [ADMINISTRATION, "keys"],
  queryFn: async ({ signal }) => (await read<Items<ApiKey>>("/keys", {}, signal)).items,
});

export const membersQuery = queryOptions({
  queryKey: [ADMINISTRATION, "members"],
  queryFn: async ({ signal }) => (await read<Items<Member>>("/members", {}, signal)).items,
});

export const settingsQuery = queryOptions({
  queryKey: [ADMINISTRATION, "settings"],
  queryFn: async ({ signal }) => (await read<{ settings: Settings }>("/settings", {}, signal)).settings,
});

/** Changes, newest first, page by page; narrowed by the beginning of an action. */
export function auditQuery(action: string) {
  return infiniteQueryOptions({
    queryKey: [ADMINISTRATION, "audit", action],
    queryFn: ({ pageParam, signal }) =>
      read<Items<AuditEntry> & { readonly cursor: string | null }>(
        "/audit",
        { action: action === "" ? undefined : action, limit: PAGE_SIZE, cursor: pageParam },
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.cursor ?? undefined,
  });
}

export async function createApplication(name: string, group: string): Promise<readonly ShownKey[]> {
  const body = { name, group: group === "" ? null : group };
  return (await write<{ keys: readonly ShownKey[] }>("POST", "/applications", body)).keys;
}

export async function archiveApplication(id: string): Promise<void> {
  await write("DELETE", `/applications/${encodeURIComponent(id)}`);
}

export async function createKey(name: string, scope: KeyScope): Promise<ShownKey> {
  return (await write<{ key: ShownKey }>("POST", "/keys", { name, scope })).key;
}

export async function rotateKey(id: string): Promise<ShownKey> {
  return (await write<{ key: ShownKey }>("POST", `/keys/${encodeURIComponent(id)}/rotate`)).key;
}

export async function revokeKey(id: string): Promise<void> {
  await write("DELETE", `/keys/${encodeURIComponent(id)}`);
}

/** Resolves with the path of the invitation. */
export async function inviteMember(member: {
  readonly email: string;
  readonly role: Role;
  readonly groups: readonly string[] | null;
}): Promise<string> {
  return (await write<{ invitation_path: string }>("POST", "/members", member)).invitation_path;
}

/** Resolves with the path of another invitation. */
export async function inviteAgain(id: string): Promise<string> {
  const path = `/members/${encodeURIComponent(id)}/invitation`;
  return (await write<{ invitation_path: string }>("POST", path)).invitation_path;
}

export async function changeRole(id: string, role: Role): Promise<void> {
  await write("PUT", `/members/${encodeURIComponent(id)}`, { role });
}

export async function removeMember(id: string): Promise<void> {
  await write("DELETE", `/members/${encodeURIComponent(id)}`);
}

export async function changeSettings(settings: Settings): Promise<void> {
  await write("PUT", "/settings", settings);
}

/** The session is a cookie, which no script sees. */
export async function signInAs(email: string, password: string): Promise<void> {
  await write("POST", "/session", { email, password });
}

export async function becomeOwner(token: string, email: string, password: string): Promise<void> {
  await write("POST", "/session/set-up", { token, email, password });
}

export async function acceptInvitation(token: string, password: string): Promise<void> {
  await write("POST", "/session/invitation", { token, password });
}

export async function endSession(): Promise<void> {
  await write("DELETE", "/session");
}
