import { type FastifyInstance } from "fastify";
import { Type } from "typebox";

import { operation } from "../http/api/operation.ts";
import { type Store } from "../store/store.ts";

const HEALTH = Type.Object({ status: Type.Literal("ok") });

/** `/healthz`: the process answers. `/readyz`: the store takes writes. */
export function registerHealth(app: FastifyInstance, store: Store): void {
  app.get(
    "/healthz",
    operation({
      access: "open",
      tag: "Operations",
      ours: true,
      summary: "The process answers",
      answers: { 200: HEALTH },
    }),
    () => ({ status: "ok" }),
  );
  app.get(
    "/readyz",
    operation({
      access: "open",
      tag: "Operations",
      ours: true,
      summary: "The store takes writes",
      answers: { 200: HEALTH },
    }),
    async () => {
      await store.ready();
      return { status: "ok" };
    },
  );
}
