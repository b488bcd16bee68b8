import { type InstanceDetail } from "@payi/core/wire";
import { type FastifyInstance } from "fastify";

import { requireInstance, requireRequest } from "../domain/lookups.ts";
import { readSpan } from "../http/analytics-query.ts";
import {
  InstanceDetail as InstanceDetailShape,
  InstanceSummary,
  SPAN_QUERY,
} from "../http/api/analytics-shapes.ts";
import { PAGE_QUERY, PageOf } from "../http/api/answer-shapes.ts";
import { operation } from "../http/api/operation.ts";
import { RequestDetail, RequestSummary } from "../http/api/request-shapes.ts";
import { accessOf } from "../http/auth.ts";
import { FORMAT_QUERY, sendCsv, wantsCsv } from "../http/csv-answer.ts";
import { listTable } from "../http/csv-tables.ts";
import { toInstanceSummary } from "../http/encode-instance.ts";
import { encodeVoid, toRequestDetail, toRequestSummary } from "../http/encode-request.ts";
import { encodeRevisions } from "../http/encode-revisions.ts";
import { type Query, encodePage, readPage } from "../http/paging.ts";
import { type Store } from "../store/store.ts";

const MAX_CALLS = 1000;
const WHOLE = "With format=csv everything of the period at once, whatever `limit` says.";

/** Lists of requests and instances, and everything known of one. */
export function registerAnalyticsLists(app: FastifyInstance, store: Store): void {
  app.get<{ Querystring: Query }>(
    "/analytics/requests",
    operation({
      access: "dashboard",
      tag: "Analytics",
      ours: true,
      summary: "List requests, newest first",
      description: WHOLE,
      query: { ...SPAN_QUERY, ...PAGE_QUERY, ...FORMAT_QUERY },
      answers: { 200: PageOf(RequestSummary) },
    }),
    async (request, reply) => {
      const span = readSpan(request.query, accessOf(request).application);
      const page = readPage(request.query, false);
      if (wantsCsv(request.query)) {
        const columns = Object.keys(RequestSummary.properties);
        const lines = listTable(columns, page, (part) => store.events(span, part), toRequestSummary);
        return sendCsv(reply, "requests", lines);
      }
      return encodePage(request.id, await store.events(span, page), toRequestSummary);
    },
  );

  app.get<{ Params: { id: string } }>(
    "/analytics/requests/:id",
    operation({
      access: "dashboard",
      tag: "Analytics",
      ours: true,
      summary: "Read everything known of a request",
      answers: { 200: RequestDetail },
    }),
    async (request) => {
      const { application } = accessOf(request);
      const event = await requireRequest(store, { application, id: request.params.id });
      const record = event.voidedMs === undefined ? undefined : await store.voidRecord(event.id);
      return {
        ...toRequestDetail(event, await store.eventText(event.id)),
        revisions: encodeRevisions(event, await store.costRevisions(event.id)),
        ...(record === undefined ? {} : { void: encodeVoid(record) }),
      };
    },
  );

  app.get<{ Querystring: Query }>(
    "/analytics/instances",
    operation({
      access: "dashboard",
      tag: "Analytics",
      ours: true,
      summary: "List instances, newest first",
      description: WHOLE,
      query: { ...SPAN_QUERY, ...PAGE_QUERY, ...FORMAT_QUERY },
      answers: { 200: PageOf(InstanceSummary) },
    }),
    async (request, reply) => {
      const span = readSpan(request.query, accessOf(request).application);
      const page = readPage(request.query, false);
      if (wantsCsv(request.query)) {
        const columns = Object.keys(InstanceSummary.properties);
        const lines = listTable(columns, page, (part) => store.instances(span, part), toInstanceSummary);
        return sendCsv(reply, "instances", lines);
      }
      return encodePage(request.id, await store.instances(span, page), toInstanceSummary);
    },
  );

  app.get<{ Params: { name: string; id: string } }>(
    "/analytics/instances/:name/:id",
    operation({
      access: "dashboard",
      tag: "Analytics",
      ours: true,
      summary: "Read an instance with its calls",
      answers: { 200: InstanceDetailShape },
    }),
    async (request): Promise<InstanceDetail> => {
      const { name: useCase, id } = request.params;
      const name = { application: accessOf(request).application, useCase, id };
      const instance = await requireInstance(store, name);
      const calls = await store.instanceEvents(name, MAX_CALLS);
      return {
        ...toInstanceSummary(instance),
        request_id: request.id,
        limit_id: instance.limitId,
        calls: calls.map(toRequestSummary),
      };
    },
  );
}
