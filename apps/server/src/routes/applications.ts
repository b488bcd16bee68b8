import { readObject, readRequiredText, readText } from "@payi/core/wire";
import { type FastifyInstance } from "fastify";
import { Type } from "typebox";

import { createKey } from "../domain/keys.ts";
import { reaches, unknownApplication } from "../http/access.ts";
import {
  ApplicationAnswer,
  ApplicationInput,
  ApplicationList,
  ApplicationUpdate,
  NewApplicationAnswer,
  Organization,
} from "../http/api/administration-shapes.ts";
import { Answer, Text } from "../http/api/answer-shapes.ts";
import { operation } from "../http/api/operation.ts";
import { accessOf } from "../http/auth.ts";
import { encodeApplication, encodeOrganization, encodeShownKey } from "../http/encode-administration.ts";
import { newId } from "../new-id.ts";
import { type StoredApplication } from "../store/application.ts";
import { type Store } from "../store/store.ts";

interface One {
  Params: { id: string };
}

const NAME_LENGTH = 100;
const ADMINISTRATION = { access: "dashboard", tag: "Administration", ours: true } as const;

/** The organization and its applications: each has keys, data and settings of its own. */
export function registerApplications(app: FastifyInstance, store: Store): void {
  app.get(
    "/organizations",
    operation({
      ...ADMINISTRATION,
      needs: "organization",
      summary: "Read the organization; there is one",
      answers: { 200: Answer({ items: Type.Array(Organization) }) },
    }),
    async (request) => ({ request_id: request.id, items: [encodeOrganization(await store.organization())] }),
  );

  app.put(
    "/organizations",
    operation({
      ...ADMINISTRATION,
      needs: "organization",
      summary: "Rename the organization",
      body: Type.Object({ name: Text() }),
      answers: { 200: Answer({ organization: Organization }) },
    }),
    async (request) => {
      const name = readRequiredText(readObject(request.body, "The body")["name"], "name", NAME_LENGTH);
      const organization = await store.renameOrganization(name, accessOf(request).actor);
      return { request_id: request.id, organization: encodeOrganization(organization) };
    },
  );

  app.get(
    "/applications",
    operation({
      ...ADMINISTRATION,
      needs: "admin",
      summary: "List the applications in reach, closed ones too",
      answers: { 200: ApplicationList },
    }),
    async (request) => {
      const access = accessOf(request);
      const found = (await store.applications()).filter((one) => reaches(access, one));
      return { request_id: request.id, items: found.map(encodeApplication) };
    },
  );

  app.post(
    "/applications",
    operation({
      ...ADMINISTRATION,
      needs: "organization",
      secrets: ["api_key"],
      summary: "Make an application with its two full keys",
      body: ApplicationInput,
      answers: { 201: NewApplicationAnswer },
    }),
    async (request, reply) => {
      const { actor } = accessOf(request);
      const body = readObject(request.body, "The body");
      const application = await store.createApplication(
        {
          id: readText(body["application_id"], "application_id", NAME_LENGTH) ?? newId(),
          name: readRequiredText(body["name"], "name", NAME_LENGTH),
          group: readText(body["group"], "group", NAME_LENGTH) ?? null,
        },
        actor,
      );
      const first = await createKey(store, application.id, "primary", { actor });
      const second = await createKey(store, application.id, "secondary", { actor });
      return reply.code(201).send({
        request_id: request.id,
        application: encodeApplication(application),
        keys: [encodeShownKey(first), encodeShownKey(second)],
      });
    },
  );

  app.get<One>(
    "/applications/:id",
    operation({
      ...ADMINISTRATION,
      needs: "admin",
      summary: "Read an application",
      answers: { 200: ApplicationAnswer },
    }),
    async (request) => {
      const found = await store.application(request.params.id);
      if (found === undefined || !reaches(accessOf(request), found)) {
        throw unknownApplication(request.params.id);
      }
      return shown(request.id, found);
    },
  );

  app.put<One>(
    "/applications/:id",
    operation({
      ...ADMINISTRATION,
      needs: "organization",
      summary: "Rename an application, or put it into another group",
      body: ApplicationUpdate,
      answers: { 200: ApplicationAnswer },
    }),
    async (request) => {
      const body = readObject(request.body, "The body");
      const group =
        body["group"] === undefined ? undefined : (readText(body["group"], "group", NAME_LENGTH) ?? null);
      const change = { id: request.params.id, name: readText(body["name"], "name", NAME_LENGTH), group };
      return shown(request.id, await store.changeApplication(change, accessOf(request).actor));
    },
  );

  app.delete<One>(
    "/applications/:id",
    operation({
      ...ADMINISTRATION,
      needs: "organization",
      summary: "Close an application: its keys stop working, its data stays",
      answers: { 200: ApplicationAnswer },
    }),
    async (request) =>
      shown(request.id, await store.archiveApplication(request.params.id, accessOf(request).actor)),
  );
}

function shown(requestId: string, application: StoredApplication): Readonly<Record<string, unknown>> {
  return { request_id: requestId, application: encodeApplication(application) };
}
