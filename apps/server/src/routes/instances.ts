import { decodeIncrement, decodeInstanceInput, decodeScore } from "@payi/core/wire";
import { type FastifyInstance, type FastifyRequest } from "fastify";
import { Type } from "typebox";

import { requireInstance } from "../domain/lookups.ts";
import { nonBlank } from "../http/analytics-query.ts";
import { Answer, PAGE_QUERY, PageOf, PropertyPatch, Text } from "../http/api/answer-shapes.ts";
import { operation } from "../http/api/operation.ts";
import { Increment, Instance, InstanceInput, Score, ScoreInput } from "../http/api/use-case-shapes.ts";
import { accessOf } from "../http/auth.ts";
import { encodeInstance, encodeScore } from "../http/encode-use-case.ts";
import { type Query, encodePage, readPage } from "../http/paging.ts";
import { readPropertyPatch } from "../http/property-patch.ts";
import { type InstanceName, type Store } from "../store/store.ts";

interface One {
  Params: { name: string; id: string };
}
interface Score {
  Params: { name: string; id: string; kpi: string };
}

/** Instances of a use case and their scores (contract 2.4, 6). */
export function registerInstances(app: FastifyInstance, store: Store): void {
  app.post<{ Params: { name: string } }>(
    "/use_cases/instances/:name",
    operation({
      tag: "Use cases",
      summary: "Open an instance",
      needs: "ingest",
      body: Type.Optional(InstanceInput),
      answers: { 200: Instance },
    }),
    async (request) => {
      const input = decodeInstanceInput(request.body);
      const { value } = await store.createInstance({
        application: accessOf(request).application,
        useCase: request.params.name,
        id: input.useCaseId,
        version: input.useCaseVersion,
        user: input.userId,
        account: input.accountName,
        limitIds: input.limitIds,
        properties: input.properties ?? {},
      });
      // Pay-i declares 200 alone here, for new and known ones alike.
      return encodeInstance(request.id, value);
    },
  );

  app.get<One>(
    "/use_cases/instances/:name/:id",
    operation({ tag: "Use cases", summary: "Read an instance", answers: { 200: Instance } }),
    async (request) =>
      encodeInstance(request.id, await requireInstance(store, nameOf(request, request.params))),
  );

  app.delete<One>(
    "/use_cases/instances/:name/:id",
    operation({
      tag: "Use cases",
      summary: "Delete an instance; requests keep their cost",
      answers: { 200: Instance },
    }),
    async (request) => {
      const { actor } = accessOf(request);
      const name = nameOf(request, request.params);
      return encodeInstance(request.id, await store.deleteInstance(name, actor));
    },
  );

  app.put<One>(
    "/use_cases/instances/:name/:id/properties",
    operation({
      tag: "Use cases",
      summary: "Merge properties of an instance; null takes one away",
      needs: "ingest",
      body: PropertyPatch,
      answers: { 200: Instance },
    }),
    async (request) => {
      const patch = readPropertyPatch(request.body);
      const changed = await store.changeInstanceProperties(nameOf(request, request.params), patch);
      return encodeInstance(request.id, changed);
    },
  );

  app.get<One & { Querystring: Query }>(
    "/use_cases/instances/:name/:id/kpis",
    operation({
      tag: "Use cases",
      summary: "List the scores of an instance",
      query: { kpi_name: Type.Optional(Text()), ...PAGE_QUERY },
      answers: { 200: PageOf(Score) },
    }),
    async (request) => {
      const kpi = nonBlank(request.query, "kpi_name");
      const page = readPage(request.query, true);
      const found = await store.scores(nameOf(request, request.params), kpi, page);
      return encodePage(request.id, found, encodeScore);
    },
  );

  // The contract writes scores with PUT, the seeds with POST.
  app.route<Score>({
    method: ["PUT", "POST"],
    url: "/use_cases/instances/:name/:id/kpis/:kpi",
    ...operation({
      tag: "Use cases",
      summary: "Score an instance; null takes the score away",
      needs: "ingest",
      body: ScoreInput,
      answers: { 200: Answer({}) },
    }),
    async handler(request) {
      const { id: instance, ...rest } = nameOf(request, request.params);
      const { kpi } = request.params;
      await store.recordScore({ ...rest, instance, kpi, score: decodeScore(request.body), seeded: false });
      return { request_id: request.id };
    },
  });

  app.post<Score>(
    "/use_cases/instances/:name/:id/kpis/:kpi/increment",
    operation({
      tag: "Use cases",
      summary: "Add to a score, 0 where there is none",
      description: "Of several at once none is lost.",
      ours: true,
      needs: "ingest",
      body: Increment,
      answers: { 200: Answer({ score: Type.Number() }) },
    }),
    async (request) => {
      const { id: instance, ...rest } = nameOf(request, request.params);
      const { kpi } = request.params;
      const by = decodeIncrement(request.body);
      const score = await store.incrementScore({ ...rest, instance, kpi, by });
      return { request_id: request.id, score };
    },
  );
}

function nameOf(
  request: FastifyRequest,
  params: { readonly name: string; readonly id: string },
): InstanceName {
  return { application: accessOf(request).application, useCase: params.name, id: params.id };
}
