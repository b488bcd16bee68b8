import { WireError, isObject, readBoolean } from "@payi/core/wire";
import { type FastifyInstance } from "fastify";

import { type Prices } from "../domain/prices.ts";
import { type RepriceRunner } from "../domain/reprice-runner.ts";
import { previewReprice } from "../domain/reprice.ts";
import { PAGE_QUERY, PageOf } from "../http/api/answer-shapes.ts";
import { operation } from "../http/api/operation.ts";
import { Reprice, RepriceAnswer, RepriceInput } from "../http/api/price-shapes.ts";
import { accessOf } from "../http/auth.ts";
import { encodeJob, encodeScope } from "../http/encode-reprice.ts";
import { type Query, encodePage, readPage } from "../http/paging.ts";
import { readRepriceScope } from "../http/reprice-input.ts";
import { type Store } from "../store/store.ts";

/** `/reprice`: recorded events at the prices of their own time, out of the book that is active now. */
export function registerReprice(
  app: FastifyInstance,
  store: Store,
  prices: Prices,
  runner: RepriceRunner,
): void {
  const context = { store, prices };

  app.post(
    "/reprice",
    operation({
      access: "dashboard",
      tag: "Prices",
      ours: true,
      summary: "Price the past again, or see what that would change",
      body: RepriceInput,
      description: "A dry run answers 200. Otherwise 202 at once: GET /reprice/{id} shows how far it is.",
      answers: { 200: RepriceAnswer, 202: RepriceAnswer },
    }),
    async (request, reply) => {
      const { application, actor } = accessOf(request);
      const scope = readRepriceScope(request.body, Date.now());
      const dryRun = isObject(request.body) && readBoolean(request.body["dry_run"], "dry_run") === true;
      if (dryRun) {
        const { book, report } = await previewReprice(context, application, scope);
        return { request_id: request.id, dry_run: true, ...encodeScope(scope), book, ...report };
      }
      const job = await runner.start({ application, actor, scope, reason: "re-priced" });
      return reply.code(202).send({ request_id: request.id, dry_run: false, ...encodeJob(job) });
    },
  );

  app.get<{ Querystring: Query }>(
    "/reprice",
    operation({
      access: "dashboard",
      tag: "Prices",
      ours: true,
      summary: "List re-pricings",
      query: PAGE_QUERY,
      answers: { 200: PageOf(Reprice) },
    }),
    async (request) => {
      const { application } = accessOf(request);
      const page = await store.repriceJobs(application, readPage(request.query, false));
      return encodePage(request.id, page, encodeJob);
    },
  );

  app.get<{ Params: { id: string } }>(
    "/reprice/:id",
    operation({
      access: "dashboard",
      tag: "Prices",
      ours: true,
      summary: "Read a re-pricing",
      answers: { 200: RepriceAnswer },
    }),
    async (request) => {
      const { id } = request.params;
      const job = await store.repriceJob(accessOf(request).application, id);
      if (job !== undefined) return { request_id: request.id, ...encodeJob(job) };
      throw new WireError(
        "reprice_not_found",
        `There is no re-pricing ${JSON.stringify(id)}. List them with GET /api/v1/reprice.`,
      );
    },
  );
}
