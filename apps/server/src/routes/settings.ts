import { type FastifyInstance } from "fastify";

import { unknownApplication } from "../http/access.ts";
import { SettingsAnswer, SettingsUpdate } from "../http/api/administration-shapes.ts";
import { operation } from "../http/api/operation.ts";
import { accessOf } from "../http/auth.ts";
import { encodeSettings } from "../http/encode-administration.ts";
import { readSettings } from "../http/settings-input.ts";
import { type StoredApplication } from "../store/application.ts";
import { type Store } from "../store/store.ts";

const ADMINISTRATION = { access: "dashboard", tag: "Administration", ours: true, needs: "admin" } as const;

/** What the administrators of an application choose for it. */
export function registerSettings(app: FastifyInstance, store: Store): void {
  async function requireApplication(id: string): Promise<StoredApplication> {
    const found = await store.application(id);
    if (found === undefined) throw unknownApplication(id);
    return found;
  }

  app.get(
    "/settings",
    operation({
      ...ADMINISTRATION,
      summary: "Read the settings of an application",
      answers: { 200: SettingsAnswer },
    }),
    async (request) => shown(request.id, await requireApplication(accessOf(request).application)),
  );

  app.put(
    "/settings",
    operation({
      ...ADMINISTRATION,
      summary: "Change settings; what is left out stays",
      body: SettingsUpdate,
      answers: { 200: SettingsAnswer },
    }),
    async (request) => {
      const { application: id, actor } = accessOf(request);
      const { settings: before } = await requireApplication(id);
      const settings = readSettings(request.body, before);
      return shown(request.id, await store.changeApplication({ id, settings }, actor));
    },
  );
}

function shown(requestId: string, { id, settings }: StoredApplication): Readonly<Record<string, unknown>> {
  return { request_id: requestId, application_id: id, settings: encodeSettings(settings) };
}
