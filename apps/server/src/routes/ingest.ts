import { WireError, decodeIngestItem, encodeApiError, encodeXproxyResult } from "@payi/core/wire";
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { Type } from "typebox";

import { type ClientReports, REPORT_HEADER } from "../domain/alerts/client-reports.ts";
import { type Counters } from "../domain/counters.ts";
import { type IngestContext, type IngestItem, ingestAll, upsertAll } from "../domain/ingest.ts";
import { type Prices } from "../domain/prices.ts";
import { Text } from "../http/api/answer-shapes.ts";
import { BulkAnswer, IngestAnswer, IngestEvent } from "../http/api/ingest-shapes.ts";
import { operation } from "../http/api/operation.ts";
import { readItems } from "../http/array-body.ts";
import { accessOf } from "../http/auth.ts";
import { resultOf, writeBulkAnswer } from "../http/bulk-answer.ts";
import { statusOf } from "../http/errors.ts";
import { type Query, queryText } from "../http/paging.ts";
import { prefersMinimal } from "../http/prefer.ts";
import { mapInTurns } from "../in-turns.ts";
import { newId } from "../new-id.ts";
import { type Store } from "../store/store.ts";

const MINIMAL = "With `Prefer: return=minimal` only items that were not recorded are told, in `errors`.";
const PREFER = { prefer: Type.Optional(Text("`return=minimal`: no `results`")) };

/** `POST /ingest`, `/ingest/bulk` and `/ingest/bulk-upsert` (contract 2.2, 3). */
export function registerIngest(
  app: FastifyInstance,
  store: Store,
  prices: Prices,
  counters: Counters,
  reports: ClientReports,
): void {
  function contextOf(request: FastifyRequest): IngestContext {
    const { application, keepText } = accessOf(request);
    return { store, prices, application, keepText };
  }

  app.post<{ Querystring: Query }>(
    "/ingest",
    operation({
      tag: "Ingest",
      summary: "Record a call",
      needs: "ingest",
      query: { id: Type.Optional(Text("The provider's response id")) },
      body: IngestEvent,
      answers: { 200: IngestAnswer },
    }),
    async (request, reply) => {
      const event = decodeIngestItem(
        request.body,
        (name) => headerText(request, name),
        queryText(request.query, "id"),
      );
      const outcomes = await ingestAll(contextOf(request), [event]);
      counters.ingested(outcomes);
      const [outcome] = outcomes;
      if (outcome === undefined) throw new Error("Nothing was ingested.");
      if ("error" in outcome) {
        const { code, message } = outcome.error;
        const status = statusOf(code);
        return reply
          .code(status)
          .send({ ...encodeApiError(status, code, message), xproxy_result: { request_id: request.id } });
      }
      return {
        request_id: outcome.event.id,
        event_timestamp: new Date(outcome.event.timeMs).toISOString(),
        ingest_timestamp: new Date(outcome.event.receivedMs).toISOString(),
        xproxy_result: encodeXproxyResult(resultOf(outcome)),
      };
    },
  );

  app.post(
    "/ingest/bulk",
    operation({
      tag: "Ingest",
      summary: "Record many calls, each on its own",
      needs: "ingest",
      description: `At most 10,000; 400 when none was recorded. ${MINIMAL}`,
      headers: PREFER,
      body: Type.Array(IngestEvent),
      answers: { 200: BulkAnswer },
    }),
    (request, reply) => answerBulk(request, reply, ingestAll),
  );

  app.post(
    "/ingest/bulk-upsert",
    operation({
      needs: "ingest",
      tag: "Ingest",
      summary: "Record many calls, and replace those that are known",
      description: `Keyed by category and provider_response_id. A replaced call keeps its request id; the difference in cost goes to the limits it was charged to. A voided call stays as it is. ${MINIMAL}`,
      headers: PREFER,
      body: Type.Array(IngestEvent),
      answers: { 200: BulkAnswer },
    }),
    (request, reply) => answerBulk(request, reply, upsertAll),
  );

  async function answerBulk(
    request: FastifyRequest,
    reply: FastifyReply,
    record: typeof ingestAll,
  ): Promise<FastifyReply> {
    reports.hear(accessOf(request).application, request.headers[REPORT_HEADER]);
    const items = await mapInTurns(readItems(request.body, "events"), decodeItem);
    // Thousands of events as they were parsed would otherwise live for as long as the answer takes.
    request.body = undefined;
    const outcomes = await record(contextOf(request), items);
    counters.ingested(outcomes);
    const failed = outcomes.length > 0 && outcomes.every((outcome) => "error" in outcome);
    const bulk = { requestId: newId(), ingestTimeMs: Date.now(), outcomes };
    const body = await writeBulkAnswer(bulk, prefersMinimal(request, reply));
    return reply
      .code(failed ? 400 : 200)
      .type("application/json; charset=utf-8")
      .send(body);
  }
}

function decodeItem(item: unknown): IngestItem {
  try {
    return decodeIngestItem(item);
  } catch (error) {
    if (WireError.is(error)) return error as WireError;
    throw error;
  }
}

function headerText(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === "string" ? value : undefined;
}
