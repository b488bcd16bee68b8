import {
  decodeDefinitionInput,
  decodeLimitConfig,
  readBoolean,
  readObject,
  readProse,
} from "@payi/core/wire";
import { type FastifyInstance, type FastifyRequest } from "fastify";
import { Type } from "typebox";

import { requireUseCase } from "../domain/lookups.ts";
import { nonBlank } from "../http/analytics-query.ts";
import { PAGE_QUERY, PageOf, Text } from "../http/api/answer-shapes.ts";
import { LimitConfig } from "../http/api/limit-shapes.ts";
import { operation } from "../http/api/operation.ts";
import { UseCase, UseCaseInput, UseCaseUpdate } from "../http/api/use-case-shapes.ts";
import { accessOf } from "../http/auth.ts";
import { encodeUseCase } from "../http/encode-use-case.ts";
import { type Query, encodePage, readPage } from "../http/paging.ts";
import { type Store } from "../store/store.ts";
import { type UseCaseChange } from "../store/use-case.ts";

interface One {
  Params: { name: string };
}

/** Use-case definitions (contract 2.4, 6). */
export function registerUseCases(app: FastifyInstance, store: Store): void {
  app.get<{ Querystring: Query }>(
    "/use_cases/definitions",
    operation({
      tag: "Use cases",
      summary: "List use cases",
      query: { use_case_name: Type.Optional(Text()), ...PAGE_QUERY },
      answers: { 200: PageOf(UseCase) },
    }),
    async (request) => {
      const { application } = accessOf(request);
      const name = nonBlank(request.query, "use_case_name");
      const found = await store.useCases(application, name, readPage(request.query, true));
      return encodePage(request.id, found, (useCase) => encodeUseCase(request.id, useCase));
    },
  );

  app.post(
    "/use_cases/definitions",
    operation({
      tag: "Use cases",
      summary: "Define a use case",
      body: UseCaseInput,
      answers: { 200: UseCase, 201: UseCase },
    }),
    async (request, reply) => {
      const input = decodeDefinitionInput(request.body);
      const { application, actor } = accessOf(request);
      const wanted = {
        application,
        name: input.name,
        description: input.description,
        limitConfig: input.limitConfig,
        loggingEnabled: input.loggingEnabled,
        properties: input.properties ?? {},
        seeded: false,
      };
      const { value, created } = await store.createUseCase(wanted, actor);
      return reply.code(created ? 201 : 200).send(encodeUseCase(request.id, value));
    },
  );

  app.get<One>(
    "/use_cases/definitions/:name",
    operation({ tag: "Use cases", summary: "Read a use case", answers: { 200: UseCase } }),
    async (request) =>
      encodeUseCase(
        request.id,
        await requireUseCase(store, accessOf(request).application, request.params.name),
      ),
  );

  app.put<One>(
    "/use_cases/definitions/:name",
    operation({
      tag: "Use cases",
      summary: "Change a use case; its version stays",
      body: UseCaseUpdate,
      answers: { 200: UseCase },
    }),
    async (request) => {
      const body = readObject(request.body, "The use case");
      return change(request, {
        description: readProse(body["description"], "description", "invalid_use_case_description"),
        loggingEnabled: readBoolean(body["logging_enabled"], "logging_enabled"),
      });
    },
  );

  app.delete<One>(
    "/use_cases/definitions/:name",
    operation({
      tag: "Use cases",
      summary: "Delete a use case with its KPIs and instances; requests keep their cost",
      answers: { 200: UseCase },
    }),
    async (request) => {
      const { application, actor } = accessOf(request);
      return encodeUseCase(request.id, await store.deleteUseCase(application, request.params.name, actor));
    },
  );

  app.post<One>(
    "/use_cases/definitions/:name/increment_version",
    operation({ tag: "Use cases", summary: "Start the next version", answers: { 200: UseCase } }),
    (request) => change(request, { incrementVersion: true }),
  );

  app.post<One>(
    "/use_cases/definitions/:name/limit_config",
    operation({
      tag: "Use cases",
      summary: "Give each new instance a limit of its own",
      body: LimitConfig,
      answers: { 200: UseCase },
    }),
    async (request) =>
      change(request, {
        limitConfig: decodeLimitConfig(readObject(request.body, "The limit configuration")),
      }),
  );

  app.delete<One>(
    "/use_cases/definitions/:name/limit_config",
    operation({
      tag: "Use cases",
      summary: "Give new instances no limit any more",
      answers: { 200: UseCase },
    }),
    (request) => change(request, { limitConfig: null }),
  );

  async function change(
    request: FastifyRequest<One>,
    changes: Omit<UseCaseChange, "application" | "name">,
  ): Promise<unknown> {
    const { application, actor } = accessOf(request);
    const changed = await store.changeUseCase({ application, name: request.params.name, ...changes }, actor);
    return encodeUseCase(request.id, changed);
  }
}
