import {
  type BreakdownAnswer,
  type KpisAnswer,
  type SeriesAnswer,
  type StatusAnswer,
  WireError,
  show,
} from "@payi/core/wire";
import { type FastifyInstance, type FastifyReply } from "fastify";
import { Type } from "typebox";

import { type Answered, type SumsReader } from "../clickhouse/index.ts";
import { reportingZone, requireUseCase } from "../domain/lookups.ts";
import { type Prices } from "../domain/prices.ts";
import { nonBlank, readDimension, readSpan } from "../http/analytics-query.ts";
import { Breakdown, GROUP_QUERY, Kpis, SPAN_QUERY, Series, Status } from "../http/api/analytics-shapes.ts";
import { Choice, Count } from "../http/api/answer-shapes.ts";
import { operation } from "../http/api/operation.ts";
import { accessOf } from "../http/auth.ts";
import { FORMAT_QUERY, sendCsv, wantsCsv } from "../http/csv-answer.ts";
import { breakdownTable, seriesTable } from "../http/csv-tables.ts";
import { toAggregate } from "../http/encode-kpi.ts";
import { toMeasures } from "../http/encode-measures.ts";
import { type Query, readLimit } from "../http/paging.ts";
import { type Store } from "../store/store.ts";
import { PROGRAM_VERSION } from "../version.ts";

const HOUR_MS = 3_600_000;
const MAX_BUCKETS = 2000;

/** What charts, tables and empty states ask for (additions, "Routes"). */
export function registerAnalytics(
  app: FastifyInstance,
  store: Store,
  prices: Prices,
  reader: SumsReader,
): void {
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
      const limit = readLimit(request.query, 20);
      const found = tellSource(reply, await reader.breakdown({ ...span, groupBy, limit }));
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
      description:
        "Days are those of the application's reporting zone, with 23 or 25 hours where its clocks are set. In CSV they begin as its clocks say.",
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
      const limit = readLimit(request.query, 6);
      const timeZone = await reportingZone(store, span.application);
      const found = tellSource(
        reply,
        await reader.series({ ...span, groupBy, granularity, timeZone, limit }),
      );
      const answer: SeriesAnswer = {
        request_id: request.id,
        group_by: groupBy,
        granularity,
        time_zone: timeZone,
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
        time_zone: await reportingZone(store, accessOf(request).application),
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

/** Who was asked, and how many entries it lacked, where that was not the store itself. */
function tellSource<Value>(reply: FastifyReply, { value, behind }: Answered<Value>): Value {
  if (behind !== undefined) reply.header("x-payi-answered-by", `clickhouse; behind=${behind}`);
  return value;
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

function toIso(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
