import { readObject, readRequiredText } from "@payi/core/wire";
import { type FastifyInstance } from "fastify";
import { Type } from "typebox";

import { forgetUser } from "../domain/forget-user.ts";
import { ForgottenUser } from "../http/api/administration-shapes.ts";
import { Text } from "../http/api/answer-shapes.ts";
import { operation } from "../http/api/operation.ts";
import { accessOf } from "../http/auth.ts";
import { type Store } from "../store/store.ts";

const ID_LENGTH = 1024;

/** What administrators do about the users of an application. The id stands in the body: addresses are logged. */
export function registerUsers(app: FastifyInstance, store: Store): void {
  app.post(
    "/users/forget",
    operation({
      access: "dashboard",
      needs: "admin",
      tag: "Administration",
      ours: true,
      summary: "Forget a user: delete what was said, take the id out of everything, keep every sum",
      description:
        "Where the id stood a random name stands from then on, which is the answer's `pseudonym` and written nowhere beside the id. Requests that come later are new. Doing it again finds nothing.",
      body: Type.Object({ user_id: Text() }),
      answers: { 200: ForgottenUser },
    }),
    async (request) => {
      const { application, actor } = accessOf(request);
      const user = readRequiredText(readObject(request.body, "The body")["user_id"], "user_id", ID_LENGTH);
      const { pseudonym, texts, places } = await forgetUser(store, application, user, actor);
      return {
        request_id: request.id,
        application_id: application,
        pseudonym,
        texts_deleted: texts,
        requests: places.events,
        instances: places.instances,
        budgets: places.limits,
        older_totals: places.totals,
        notes: places.notes,
      };
    },
  );
}
