/* oxlint-disable no-await-in-loop -- one re-pricing after the other: two at once would only wait for each other */
import { WireError, isObject, readBoolean } from "@payi/core/wire";
import { type FastifyInstance } from "fastify";

import { type Prices } from "../domain/prices.ts";
import { RepriceSums } from "../domain/reprice-report.ts";
import { continueReprice, previewReprice, startReprice } from "../domain/reprice.ts";
import { PAGE_QUERY, PageOf } from "../http/api/answer-shapes.ts";
import { operation } from "../http/api/operation.ts";
import { Reprice, RepriceAnswer, RepriceInput } from "../http/api/price-shapes.ts";
import { accessOf } from "../http/auth.ts";
import { type Query, encodePage, readPage } from "../http/paging.ts";
import { readRepriceScope } from "../http/reprice-input.ts";
import { type RepriceJob, type RepriceScope } from "../store/reprice.ts";
import { type Store } from "../store/store.ts";

/** `/reprice`: recorded events at the prices of their own time, out of the book that is active now. */
export function registerReprice(app: FastifyInstance, store: Store, prices: Prices): void {
  const context = { store, prices };

  app.post(
    "/reprice",
    operation({
      access: "dashboard",
      tag: "Prices",
      ours: true,
      summary: "Price the past again, or see what that would change",
      body: RepriceInput,
      answers: { 200: RepriceAnswer },
    }),
    async (request) => {
      const { application, actor } = accessOf(request);
      const scope = readRepriceScope(request.body, Date.now());
      const dryRun = isObject(request.body) && readBoolean(request.body["dry_run"], "dry_run") === true;
      if (dryRun) {
        const { book, report } = await previewReprice(context, application, scope);
        return { request_id: request.id, dry_run: true, ...encodeScope(scope), book, ...report };
      }
      const { job, report } = await startReprice(context, { application, actor, scope, reason: "re-priced" });
      const { id, book } = job;
      return {
        request_id: request.id,
        reprice_id: id,
        dry_run: false,
        ...encodeScope(scope),
        book,
        ...report,
      };
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

  // What a crash left undone is done now; nobody waits for it, and a stop leaves it for the next start.
  app.addHook("onReady", () => {
    finishReprices().catch((error: unknown) => app.log.error({ err: error }, "a re-pricing broke off"));
  });

  async function finishReprices(): Promise<void> {
    for (const job of await store.unfinishedRepriceJobs()) {
      try {
        await continueReprice(context, job);
      } catch (error) {
        if (!WireError.is(error) || error.code !== "reprice_overtaken") throw error;
      }
    }
  }
}

function encodeJob(job: RepriceJob): Record<string, unknown> {
  return {
    reprice_id: job.id,
    ...encodeScope(job.scope),
    book: job.book,
    reason: job.reason,
    started_by: job.actor,
    started_timestamp: new Date(job.createdMs).toISOString(),
    finished_timestamp: job.finishedMs === null ? null : new Date(job.finishedMs).toISOString(),
    ...RepriceSums.from(job.report).report(),
  };
}

function encodeScope(scope: RepriceScope): Record<string, unknown> {
  return {
    from: new Date(scope.fromMs).toISOString(),
    to: new Date(scope.toMs).toISOString(),
    category: scope.category ?? null,
    resource: scope.resource ?? null,
    use_case_name: scope.useCase ?? null,
  };
}
