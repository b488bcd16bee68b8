import { WireError, decodeKpiInput, readNumber, readObject, readProse } from "@payi/core/wire";
import { type FastifyInstance } from "fastify";
import { Type } from "typebox";

import { nonBlank } from "../http/analytics-query.ts";
import { PAGE_QUERY, PageOf, Text } from "../http/api/answer-shapes.ts";
import { operation } from "../http/api/operation.ts";
import { Kpi, KpiInput, KpiUpdate } from "../http/api/use-case-shapes.ts";
import { accessOf } from "../http/auth.ts";
import { encodeKpi } from "../http/encode-use-case.ts";
import { type Query, encodePage, readPage } from "../http/paging.ts";
import { type Store } from "../store/store.ts";

interface All {
  Params: { name: string };
}
interface One {
  Params: { name: string; kpi: string };
}

/** KPI definitions of a use case (contract 2.4, 6). */
export function registerKpis(app: FastifyInstance, store: Store): void {
  app.get<All & { Querystring: Query }>(
    "/use_cases/definitions/:name/kpis",
    operation({
      tag: "Use cases",
      summary: "List the KPIs of a use case",
      query: { kpi_name: Type.Optional(Text()), ...PAGE_QUERY },
      answers: { 200: PageOf(Kpi) },
    }),
    async (request) => {
      const { application } = accessOf(request);
      const kpi = nonBlank(request.query, "kpi_name");
      const found = await store.kpis(application, request.params.name, kpi, readPage(request.query, true));
      return encodePage(request.id, found, (item) => encodeKpi(request.id, item));
    },
  );

  app.post<All>(
    "/use_cases/definitions/:name/kpis",
    operation({ tag: "Use cases", summary: "Define a KPI", body: KpiInput, answers: { 200: Kpi } }),
    async (request) => {
      const input = decodeKpiInput(request.body);
      const { application, actor } = accessOf(request);
      const kpi = { ...input, application, useCase: request.params.name, seeded: false };
      const { value } = await store.createKpi(kpi, actor);
      // Pay-i declares 200 alone here, for new and known ones alike.
      return encodeKpi(request.id, value);
    },
  );

  app.get<One>(
    "/use_cases/definitions/:name/kpis/:kpi",
    operation({ tag: "Use cases", summary: "Read a KPI", answers: { 200: Kpi } }),
    async (request) => {
      const { name, kpi } = request.params;
      const page = { limit: 1, ascending: true, after: undefined };
      const [found] = (await store.kpis(accessOf(request).application, name, kpi, page)).items;
      if (found === undefined) {
        throw new WireError(
          "kpi_not_found",
          `The use case ${JSON.stringify(name)} has no KPI ${JSON.stringify(kpi)}. Define it with POST /api/v1/use_cases/definitions/${name}/kpis.`,
        );
      }
      return encodeKpi(request.id, found);
    },
  );

  app.put<One>(
    "/use_cases/definitions/:name/kpis/:kpi",
    operation({
      tag: "Use cases",
      summary: "Change description or goal of a KPI",
      body: KpiUpdate,
      answers: { 200: Kpi },
    }),
    async (request) => {
      const body = readObject(request.body, "The KPI");
      const { application, actor } = accessOf(request);
      const change = {
        application,
        useCase: request.params.name,
        name: request.params.kpi,
        description: readProse(body["description"], "description", "invalid_kpi"),
        goal: readNumber(body["goal"], "goal"),
      };
      return encodeKpi(request.id, await store.changeKpi(change, actor));
    },
  );

  app.delete<One>(
    "/use_cases/definitions/:name/kpis/:kpi",
    operation({ tag: "Use cases", summary: "Delete a KPI with its scores", answers: { 200: Kpi } }),
    async (request) => {
      const { name, kpi } = request.params;
      const { application, actor } = accessOf(request);
      return encodeKpi(request.id, await store.deleteKpi(application, name, kpi, actor));
    },
  );
}
