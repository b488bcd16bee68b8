import { WireError, readObject } from "@payi/core/wire";
import { type FastifyInstance, type FastifyRequest } from "fastify";

import { makeInvitation } from "../domain/sign-in.ts";
import { requirePermission } from "../http/access.ts";
import {
  InvitedAnswer,
  MemberAnswer,
  MemberInput,
  MemberList,
  MemberUpdate,
} from "../http/api/member-shapes.ts";
import { operation } from "../http/api/operation.ts";
import { accessOf } from "../http/auth.ts";
import { type Callers } from "../http/callers.ts";
import { encodeMember } from "../http/encode-member.ts";
import { readEmail, readGroups, readName, readRole } from "../http/member-input.ts";
import { type Role, type StoredMember } from "../store/member.ts";
import { type Store } from "../store/store.ts";

interface One {
  Params: { id: string };
}

const ADMINISTRATION = {
  access: "dashboard",
  tag: "Administration",
  ours: true,
  needs: "organization",
} as const;

/** Who signs in to the dashboard, and with which role. */
export function registerMembers(app: FastifyInstance, store: Store, callers: Callers): void {
  app.get(
    "/members",
    operation({ ...ADMINISTRATION, summary: "List members", answers: { 200: MemberList } }),
    async (request) => ({ request_id: request.id, items: (await store.members()).map(encodeMember) }),
  );

  app.post(
    "/members",
    operation({
      ...ADMINISTRATION,
      secrets: ["invitation_path"],
      summary: "Invite a member; the path of the invitation is for them alone",
      body: MemberInput,
      answers: { 201: InvitedAnswer },
    }),
    async (request, reply) => {
      if (!(await store.hasMembers())) {
        throw new WireError(
          "set_up_needed",
          "There is no owner yet. Start the server and open the address that it prints to become the first member.",
        );
      }
      const body = readObject(request.body, "The body");
      const email = readEmail(body["email"]);
      const role = readRole(body["role"]);
      if (role === undefined) throw new WireError("required_field_missing", "role is required.");
      requireOwnerFor(request, role);
      const { text, token } = makeInvitation();
      const wanted = {
        email,
        name: readName(body["name"]) ?? email,
        role,
        groups: readGroups(body["groups"]) ?? null,
      };
      const member = await store.inviteMember(wanted, token, accessOf(request).actor);
      return reply.code(201).send(invited(request, member, text));
    },
  );

  app.put<One>(
    "/members/:id",
    operation({
      ...ADMINISTRATION,
      summary: "Change name, role or groups of a member, within a second",
      body: MemberUpdate,
      answers: { 200: MemberAnswer },
    }),
    async (request) => {
      const body = readObject(request.body, "The body");
      const { id } = request.params;
      const change = {
        id,
        name: readName(body["name"]),
        role: readRole(body["role"]),
        groups: readGroups(body["groups"]),
      };
      requireOwnerFor(request, change.role, await store.member(id));
      const member = await store.changeMember(change, accessOf(request).actor);
      callers.forget();
      return { request_id: request.id, member: encodeMember(member) };
    },
  );

  app.delete<One>(
    "/members/:id",
    operation({
      ...ADMINISTRATION,
      summary: "Remove a member, who is signed out within a second",
      answers: { 200: MemberAnswer },
    }),
    async (request) => {
      const { id } = request.params;
      requireOwnerFor(request, undefined, await store.member(id));
      const member = await store.removeMember(id, accessOf(request).actor);
      callers.forget();
      return { request_id: request.id, member: encodeMember(member) };
    },
  );

  app.post<One>(
    "/members/:id/invitation",
    operation({
      ...ADMINISTRATION,
      secrets: ["invitation_path"],
      summary: "Invite a member again, who then chooses a new password",
      answers: { 200: InvitedAnswer },
    }),
    async (request) => {
      const { id } = request.params;
      requireOwnerFor(request, undefined, await store.member(id));
      const { text, token } = makeInvitation();
      return invited(request, await store.renewInvitation(id, token, accessOf(request).actor), text);
    },
  );
}

/** Owners are made, changed, removed and let in again by owners alone. */
function requireOwnerFor(request: FastifyRequest, role: Role | undefined, member?: StoredMember): void {
  if (role !== "owner" && member?.role !== "owner") return;
  requirePermission(accessOf(request), "owner", "Changing who is owner");
}

function invited(
  request: FastifyRequest,
  member: StoredMember,
  token: string,
): Readonly<Record<string, unknown>> {
  return {
    request_id: request.id,
    member: encodeMember(member),
    invitation_path: `/invitation#${token}`,
  };
}
