import { type FastifyInstance } from "fastify";

import { type Store } from "../store/store.ts";

/** `/healthz`: the process answers. `/readyz`: the store takes writes. */
export function registerHealth(app: FastifyInstance, store: Store): void {
  app.get("/healthz", { config: { access: "open" } }, () => ({ status: "ok" }));
  app.get("/readyz", { config: { access: "open" } }, async () => {
    await store.ready();
    return { status: "ok" };
  });
}
