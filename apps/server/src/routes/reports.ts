import { WireError, decodeReport } from "@payi/core/wire";
import { type FastifyInstance, type FastifyRequest } from "fastify";
import { Type } from "typebox";

import { reportTable } from "../domain/report-table.ts";
import { nonBlank, readSpan } from "../http/analytics-query.ts";
import { PAGE_QUERY, PageOf, Time } from "../http/api/answer-shapes.ts";
import { operation } from "../http/api/operation.ts";
import { Report, ReportAnswer, ReportInput, ReportTable } from "../http/api/report-shapes.ts";
import { accessOf } from "../http/auth.ts";
import { FORMAT_QUERY, sendCsv, wantsCsv } from "../http/csv-answer.ts";
import { toMeasures } from "../http/encode-measures.ts";
import { type Query, encodePage, readPage } from "../http/paging.ts";
import { type StoredReport } from "../store/report.ts";
import { type Store } from "../store/store.ts";

interface One {
  Params: { id: string };
}

const DAY_MS = 86_400_000;

/** `GET /reports/{report_id}` (contract 2, 9), and the definitions of reports. */
export function registerReports(app: FastifyInstance, store: Store): void {
  app.get<One & { Querystring: Query }>(
    "/reports/:id",
    operation({
      access: "dashboard",
      tag: "Analytics",
      summary: "Answer a saved report",
      description:
        "As CSV, unless the report or `format` says json. Without `from` and `to` for its last days.",
      query: {
        from: Type.Optional(Time("Start, inclusive")),
        to: Type.Optional(Time("End, exclusive; default now")),
        ...FORMAT_QUERY,
      },
      answers: { 200: ReportTable },
    }),
    async (request, reply) => {
      const report = await requireReport(request, request.params.id);
      const { definition } = report;
      const isCsv = wantsCsv(request.query, definition.format);
      const question = questionOf(request.query, report, accessOf(request).application);
      const table = await reportTable(store, question, toMeasures);
      if (isCsv) return sendCsv(reply, report.name, [table.columns, ...table.rows]);
      return {
        request_id: request.id,
        report_id: report.id,
        name: report.name,
        from: new Date(question.fromMs).toISOString(),
        to: new Date(question.toMs).toISOString(),
        ...table,
      };
    },
  );

  app.get<{ Querystring: Query }>(
    "/reports",
    operation({
      access: "dashboard",
      tag: "Analytics",
      ours: true,
      summary: "List saved reports",
      query: PAGE_QUERY,
      answers: { 200: PageOf(Report) },
    }),
    async (request) => {
      const { application } = accessOf(request);
      return encodePage(
        request.id,
        await store.reports(application, readPage(request.query, true)),
        encodeReport,
      );
    },
  );

  app.post(
    "/reports",
    operation({
      access: "dashboard",
      tag: "Analytics",
      ours: true,
      summary: "Save a report",
      body: ReportInput,
      answers: { 201: ReportAnswer },
    }),
    async (request, reply) => {
      const { application, actor } = accessOf(request);
      const saved = await store.createReport({ application, ...decodeReport(request.body) }, actor);
      return reply.code(201).send({ request_id: request.id, ...encodeReport(saved) });
    },
  );

  app.get<One>(
    "/reports/:id/definition",
    operation({
      access: "dashboard",
      tag: "Analytics",
      ours: true,
      summary: "Read what a report asks",
      answers: { 200: ReportAnswer },
    }),
    async (request) => ({
      request_id: request.id,
      ...encodeReport(await requireReport(request, request.params.id)),
    }),
  );

  app.put<One>(
    "/reports/:id",
    operation({
      access: "dashboard",
      tag: "Analytics",
      ours: true,
      summary: "Replace what a report asks",
      body: ReportInput,
      answers: { 200: ReportAnswer },
    }),
    async (request) => {
      const { application, actor } = accessOf(request);
      const wanted = { application, ...decodeReport(request.body) };
      const changed = await store.changeReport(request.params.id, wanted, actor);
      return { request_id: request.id, ...encodeReport(changed) };
    },
  );

  app.delete<One>(
    "/reports/:id",
    operation({
      access: "dashboard",
      tag: "Analytics",
      ours: true,
      summary: "Delete a report",
      answers: { 200: ReportAnswer },
    }),
    async (request) => {
      const { application, actor } = accessOf(request);
      const deleted = await store.deleteReport(application, request.params.id, actor);
      return { request_id: request.id, ...encodeReport(deleted) };
    },
  );

  async function requireReport(request: FastifyRequest, id: string): Promise<StoredReport> {
    const found = await store.report(accessOf(request).application, id);
    if (found !== undefined) return found;
    throw new WireError(
      "report_not_found",
      `There is no report ${JSON.stringify(id)}. List them with GET /api/v1/reports.`,
    );
  }
}

function questionOf(
  query: Query,
  report: StoredReport,
  application: string,
): Parameters<typeof reportTable>[1] {
  const { definition } = report;
  const to = nonBlank(query, "to");
  const toMs = readSpan({ to }, application).toMs;
  const from =
    nonBlank(query, "from") ?? new Date(Math.max(0, toMs - definition.days * DAY_MS)).toISOString();
  return {
    ...readSpan({ ...definition.filters, from, to: new Date(toMs).toISOString() }, application),
    definition,
  };
}

function encodeReport(report: StoredReport): Record<string, unknown> {
  return {
    report_id: report.id,
    name: report.name,
    ...report.definition,
    created_timestamp: new Date(report.createdMs).toISOString(),
    updated_timestamp: new Date(report.updatedMs).toISOString(),
  };
}
