import { formatMoney, fromPico } from "@payi/core/cost";
import {
  type BreakdownAnswer,
  type InstanceDetail,
  type KpiAggregate,
  type KpisAnswer,
  type SeriesAnswer,
  type StatusAnswer,
  WireError,
  show,
} from "@payi/core/wire";
import { type FastifyInstance } from "fastify";
import { Type } from "typebox";

import { requireInstance, requireRequest, requireUseCase } from "../domain/lookups.ts";
import { type Prices } from "../domain/prices.ts";
import { nonBlank, readDimension, readSpan } from "../http/analytics-query.ts";
import {
  Breakdown,
  GROUP_QUERY,
  InstanceDetail as InstanceDetailShape,
  InstanceSummary,
  Kpis,
  SPAN_QUERY,
  Series,
  Status,
} from "../http/api/analytics-shapes.ts";
import { Choice, Count, PAGE_QUERY, PageOf } from "../http/api/answer-shapes.ts";
import { operation } from "../http/api/operation.ts";
import { RequestDetail, RequestSummary } from "../http/api/request-shapes.ts";
import { accessOf } from "../http/auth.ts";
import { FORMAT_QUERY, sendCsv, wantsCsv } from "../http/csv-answer.ts";
import { breakdownTable, listTable, seriesTable } from "../http/csv-tables.ts";
import { toInstanceSummary } from "../http/encode-instance.ts";
import { toMeasures } from "../http/encode-measures.ts";
import { encodeVoid, toRequestDetail, toRequestSummary } from "../http/encode-request.ts";
import { encodeRevisions } from "../http/encode-revisions.ts";
import { type Query, encodePage, readLimit, readPage } from "../http/paging.ts";
import { type Store } from "../store/store.ts";
import { type KpiSummary } from "../store/use-case.ts";
import { PROGRAM_VERSION } from "../version.ts";

const HOUR_MS = 3_600_000;
const MAX_BUCKETS = 2000;
const MAX_CALLS = 1000;
const WHOLE = "With format=csv everything of the period at once, whatever `limit` says.";

/** What charts, tables and empty states ask for (additions, "Routes"). */
export function registerAnalytics(app: FastifyInstance, store: Store, prices: Prices): void {
  app.get<{ Querystring: Query }>(
    "/analytics/breakdown",
    operation({
      access: "dashboard",
      tag: "Analytics",
      ours: true,
      summary: "Sums by group, largest cost first",
      query: { ...GROUP_QUERY, ...SPAN_QUERY, limit: Type.Optional(Count("Default 20")), ...FORMAT_QUERY },
      answers: { 200: Breakdown },
    }),
    async (request, reply) => {
      const span = readSpan(request.query, accessOf(request).application);
      const groupBy = readDimension(request.query);
      const isCsv = wantsCsv(request.query);
      const found = await store.breakdown({ ...span, groupBy, limit: readLimit(request.query, 20) });
      const answer: BreakdownAnswer = {
        request_id: request.id,
        group_by: groupBy,
        from: toIso(span.fromMs),
        to: toIso(span.toMs),
        rows: found.rows.map(({ key, sums }) => ({ key, ...toMeasures(sums) })),
        other: found.other === null ? null : toMeasures(found.other),
        unattributed: found.unattributed === null ? null : toMeasures(found.unattributed),
        total: toMeasures(found.total),
      };
      return isCsv ? sendCsv(reply, "breakdown", breakdownTable(answer)) : answer;
    },
  );

  app.get<{ Querystring: Query }>(
    "/analytics/series",
    operation({
      access: "dashboard",
      tag: "Analytics",
      ours: true,
      summary: "Sums by group and hour or day",
      query: {
        ...GROUP_QUERY,
        granularity: Type.Optional(Choice("hour", "day")),
        ...SPAN_QUERY,
        limit: Type.Optional(Count("Default 6")),
        ...FORMAT_QUERY,
      },
      answers: { 200: Series },
    }),
    async (request, reply) => {
      const span = readSpan(request.query, accessOf(request).application);
      const groupBy = readDimension(request.query);
      const granularity = readGranularity(request.query, span.toMs - span.fromMs);
      const isCsv = wantsCsv(request.query);
      const found = await store.series({ ...span, groupBy, granularity, limit: readLimit(request.query, 6) });
      const answer: SeriesAnswer = {
        request_id: request.id,
        group_by: groupBy,
        granularity,
        from: toIso(span.fromMs),
        to: toIso(span.toMs),
        buckets: found.buckets.map(toIso),
        groups: found.groups.map(({ key, kind, points }) => ({ key, kind, points: points.map(toMeasures) })),
        total: found.total.map(toMeasures),
      };
      return isCsv ? sendCsv(reply, "series", seriesTable(answer)) : answer;
    },
  );

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
        ...toRequestDetail(event),
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

  app.get<{ Querystring: Query }>(
    "/analytics/kpis",
    operation({
      access: "dashboard",
      tag: "Analytics",
      ours: true,
      summary: "KPIs of a use case over a period",
      query: SPAN_QUERY,
      answers: { 200: Kpis },
    }),
    async (request): Promise<KpisAnswer> => {
      const span = readSpan(request.query, accessOf(request).application);
      const useCase = nonBlank(request.query, "use_case_name");
      if (useCase === undefined) {
        throw new WireError(
          "required_field_missing",
          "use_case_name is required: KPIs belong to a use case.",
        );
      }
      await requireUseCase(store, span.application, useCase);
      const found = await store.kpiSummary(span, useCase);
      return {
        request_id: request.id,
        use_case_name: useCase,
        instances: found.instances,
        kpis: found.kpis.map(toAggregate),
      };
    },
  );

  app.get(
    "/analytics/status",
    operation({
      access: "dashboard",
      tag: "Analytics",
      ours: true,
      summary: "What is recorded, and how fresh it is",
      answers: { 200: Status },
    }),
    async (request): Promise<StatusAnswer> => {
      const found = await store.status(accessOf(request).application);
      return {
        request_id: request.id,
        application: found.applicationName,
        book: (await prices.current()).book.version,
        first_event: found.firstEventMs === null ? null : toIso(found.firstEventMs),
        last_event: found.lastEventMs === null ? null : toIso(found.lastEventMs),
        events: found.events,
        seeded_events: found.seededEvents,
        now: toIso(Date.now()),
        version: PROGRAM_VERSION,
      };
    },
  );
}

function readGranularity(query: Query, lengthMs: number): "hour" | "day" {
  const given = nonBlank(query, "granularity") ?? (lengthMs <= 49 * HOUR_MS ? "hour" : "day");
  if (given !== "hour" && given !== "day") {
    throw new WireError("request_processing_error", `granularity must be hour or day, got ${show(given)}.`);
  }
  const buckets = Math.ceil(lengthMs / (given === "hour" ? HOUR_MS : 24 * HOUR_MS));
  if (buckets > MAX_BUCKETS) {
    throw new WireError(
      "request_processing_error",
      `The period has ${buckets} buckets of one ${given}; at most ${MAX_BUCKETS} are answered. Ask for a shorter period or for days.`,
    );
  }
  return given;
}

function toAggregate({ kpi, ...found }: KpiSummary): KpiAggregate {
  const isBoolean = kpi.kpiType === "boolean";
  const value = found.count === 0 ? null : (isBoolean ? found.successes : found.scoreSum) / found.count;
  const perSuccess = isBoolean && found.successes > 0 && found.cost !== null;
  return {
    kpi_name: kpi.name,
    kpi_type: kpi.kpiType,
    description: kpi.description,
    goal: kpi.goal,
    count: found.count,
    value,
    attainment: value === null || kpi.goal === 0 ? null : value / kpi.goal,
    cost_per_success: perSuccess
      ? formatMoney(fromPico(divide(found.cost ?? 0n, BigInt(found.successes))))
      : null,
  };
}

/** Half-even, so that the average of many is not biased upwards. */
function divide(amount: bigint, by: bigint): bigint {
  const quotient = amount / by;
  const twice = (amount % by) * 2n;
  if (twice > by || (twice === by && quotient % 2n === 1n)) return quotient + 1n;
  return quotient;
}

function toIso(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
