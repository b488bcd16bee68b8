import { WireError, isObject, readCount } from "@payi/core/wire";
import { type FastifyInstance } from "fastify";
import { Type } from "typebox";

import { addDemo, removeDemo } from "../domain/demo.ts";
import { type Prices } from "../domain/prices.ts";
import { Answer, Count } from "../http/api/answer-shapes.ts";
import { operation } from "../http/api/operation.ts";
import { accessOf } from "../http/auth.ts";
import { type Store } from "../store/store.ts";

const DEFAULT_DAYS = 14;
const MAX_DAYS = 90;

/** `POST /demo` makes seeded history, `DELETE /demo` takes it away without a trace in any total. */
export function registerDemo(app: FastifyInstance, store: Store, prices: Prices): void {
  app.post(
    "/demo",
    operation({
      access: "dashboard",
      tag: "Operations",
      ours: true,
      summary: "Add made-up history",
      body: Type.Optional(
        Type.Object({ days: Type.Optional(Count("1 to 90, default 14")), seed: Type.Optional(Count()) }),
      ),
      answers: { 200: Answer({ events: Count(), instances: Count() }) },
    }),
    async (request) => {
      const body = isObject(request.body) ? request.body : {};
      const days = readCount(body["days"], "days") ?? DEFAULT_DAYS;
      if (days < 1 || days > MAX_DAYS) {
        throw new WireError("request_processing_error", `days must be from 1 to ${MAX_DAYS}, got ${days}.`);
      }
      const seed = readCount(body["seed"], "seed") ?? 1;
      const { application, actor } = accessOf(request);
      const context = { store, prices, application, keepText: false };
      const added = await addDemo(context, { days, seed, nowMs: Date.now() });
      const change = { application, actor, action: "demo.loaded", subject: application };
      await store.recordChange({ ...change, before: null, after: { days, events: added.events } });
      return { request_id: request.id, ...added };
    },
  );

  app.delete(
    "/demo",
    operation({
      access: "dashboard",
      tag: "Operations",
      ours: true,
      summary: "Take made-up history away",
      answers: { 200: Answer({ events: Count() }) },
    }),
    async (request) => {
      const { application, actor } = accessOf(request);
      const removed = await removeDemo({ store, application });
      const change = { application, actor, action: "demo.removed", subject: application };
      if (removed > 0) await store.recordChange({ ...change, before: { events: removed }, after: null });
      return { request_id: request.id, events: removed };
    },
  );
}
