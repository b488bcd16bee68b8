import { WireError, readObject, readRequiredText, readText, show } from "@payi/core/wire";
import { type FastifyInstance } from "fastify";

import { createKey, rotateKey } from "../domain/keys.ts";
import { SCOPES } from "../domain/permissions.ts";
import { requirePermission } from "../http/access.ts";
import { Key, KeyAnswer, KeyInput, KeyList } from "../http/api/administration-shapes.ts";
import { Answer } from "../http/api/answer-shapes.ts";
import { operation } from "../http/api/operation.ts";
import { accessOf } from "../http/auth.ts";
import { encodeKey, encodeShownKey } from "../http/encode-administration.ts";
import { type KeyScope } from "../store/key.ts";
import { type Store } from "../store/store.ts";

interface One {
  Params: { id: string };
}

const NAME_LENGTH = 100;
const ADMINISTRATION = { access: "dashboard", tag: "Administration", ours: true, needs: "admin" } as const;

/** The keys of an application. The text of a key is shown once and kept nowhere. */
export function registerKeys(app: FastifyInstance, store: Store): void {
  app.get(
    "/keys",
    operation({
      ...ADMINISTRATION,
      summary: "List the keys of an application, revoked ones too",
      answers: { 200: KeyList },
    }),
    async (request) => {
      const items = await store.keys(accessOf(request).application);
      return { request_id: request.id, items: items.map(encodeKey) };
    },
  );

  app.post(
    "/keys",
    operation({
      ...ADMINISTRATION,
      secrets: ["api_key"],
      summary: "Make a key; at most two are full",
      body: KeyInput,
      answers: { 201: KeyAnswer },
    }),
    async (request, reply) => {
      const access = accessOf(request);
      const body = readObject(request.body, "The body");
      const name = readRequiredText(body["name"], "name", NAME_LENGTH);
      const scope = readScope(body["scope"]);
      // Such a key reaches every application, which not every administrator does.
      if (scope === "admin" || scope === "metrics") {
        requirePermission(access, "organization", `A key with the scope ${scope}`);
      }
      const made = await createKey(store, access.application, name, { scope, actor: access.actor });
      return reply.code(201).send({ request_id: request.id, key: encodeShownKey(made) });
    },
  );

  app.post<One>(
    "/keys/:id/rotate",
    operation({
      ...ADMINISTRATION,
      secrets: ["api_key"],
      summary: "Exchange a key for a new one; the old one stops working within a second",
      answers: { 200: KeyAnswer },
    }),
    async (request) => {
      const { application, actor } = accessOf(request);
      const made = await rotateKey(store, application, request.params.id, actor);
      return { request_id: request.id, key: encodeShownKey(made) };
    },
  );

  app.delete<One>(
    "/keys/:id",
    operation({
      ...ADMINISTRATION,
      summary: "Revoke a key; it stops working within a second",
      answers: { 200: Answer({ key: Key }) },
    }),
    async (request) => {
      const { application, actor } = accessOf(request);
      const revoked = await store.revokeKey(application, request.params.id, actor);
      return { request_id: request.id, key: encodeKey(revoked) };
    },
  );
}

function readScope(value: unknown): KeyScope {
  const scope = readText(value, "scope") ?? "full";
  if (Object.hasOwn(SCOPES, scope)) return scope as KeyScope;
  throw new WireError(
    "request_processing_error",
    `scope must be one of ${Object.keys(SCOPES).join(", ")}; got ${show(value)}.`,
  );
}
