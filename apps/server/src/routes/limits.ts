import { type LimitPolicy, WireError, decodeLimitInput, decodeLimitUpdate, readTime } from "@payi/core/wire";
import { type FastifyInstance } from "fastify";
import { Type } from "typebox";

import { requireLimit } from "../domain/lookups.ts";
import { nonBlank } from "../http/analytics-query.ts";
import { Answer, PAGE_QUERY, PageOf, PropertyPatch, Text, Time } from "../http/api/answer-shapes.ts";
import { Limit, LimitHistory, LimitInput, LimitUpdate } from "../http/api/limit-shapes.ts";
import { operation } from "../http/api/operation.ts";
import { accessOf } from "../http/auth.ts";
import { encodeLimit, encodeLimitHistory } from "../http/encode-limit.ts";
import { type Query, encodePage, readPage } from "../http/paging.ts";
import { readPropertyPatch } from "../http/property-patch.ts";
import { type Store } from "../store/store.ts";

/** The wire's names of a policy's fields. */
const POLICY_FIELDS: ReadonlyMap<string, keyof LimitPolicy> = new Map([
  ["selector", "selector"],
  ["per", "per"],
  ["period", "period"],
  ["time_zone", "timeZone"],
  ["anchor", "anchor"],
  ["levels", "levels"],
  ["estimate", "estimate"],
  ["on_unpriced", "onUnpriced"],
  ["on_unreachable", "onUnreachable"],
  ["ladder", "ladder"],
]);

interface One {
  Params: { id: string };
}

/** Limits (contract 2.1, 5). */
export function registerLimits(app: FastifyInstance, store: Store): void {
  app.get<{ Querystring: Query }>(
    "/limits",
    operation({
      access: "dashboard",
      tag: "Limits",
      summary: "List limits",
      query: { limit_name: Type.Optional(Text()), ...PAGE_QUERY },
      answers: { 200: PageOf(Limit) },
    }),
    async (request) => {
      const { application } = accessOf(request);
      const page = readPage(request.query, true);
      return encodePage(
        request.id,
        await store.limits(application, nonBlank(request.query, "limit_name"), page),
        encodeLimit,
      );
    },
  );

  app.post(
    "/limits",
    operation({
      access: "dashboard",
      tag: "Limits",
      summary: "Create a limit",
      description: "The same name or id with the same values answers with the limit that exists.",
      body: LimitInput,
      answers: { 200: Answer({ limit: Limit }), 201: Answer({ limit: Limit }) },
    }),
    async (request, reply) => {
      const { application, actor } = accessOf(request);
      const input = decodeLimitInput(request.body);
      const wanted = {
        application,
        id: input.limitId,
        name: input.limitName,
        max: input.max,
        limitType: input.limitType,
        threshold: input.threshold,
        properties: input.properties ?? {},
        policy: policyOf(input),
      };
      const { value, created } = await store.createLimit(wanted, actor);
      return reply.code(created ? 201 : 200).send({ request_id: request.id, limit: encodeLimit(value) });
    },
  );

  app.get<One>(
    "/limits/:id",
    operation({
      access: "dashboard",
      tag: "Limits",
      summary: "Read a limit with its totals",
      answers: { 200: Answer({ limit: Limit }) },
    }),
    async (request) => {
      const limit = await requireLimit(store, accessOf(request).application, request.params.id);
      return { request_id: request.id, limit: encodeLimit(limit) };
    },
  );

  app.put<One>(
    "/limits/:id",
    operation({
      access: "dashboard",
      tag: "Limits",
      summary: "Change a limit",
      body: LimitUpdate,
      answers: { 200: Answer({ limit: Limit }) },
    }),
    async (request) => {
      try {
        const { max, limitName, threshold, policy, cleared } = decodeLimitUpdate(request.body);
        const { application, actor } = accessOf(request);
        const change = {
          application,
          id: request.params.id,
          name: limitName,
          max,
          threshold,
          policy,
          cleared: (cleared ?? []).flatMap((name) => POLICY_FIELDS.get(name) ?? []),
        };
        const limit = await store.changeLimit(change, actor);
        return { request_id: request.id, limit: encodeLimit(limit) };
      } catch (error) {
        throw asUpdateError(error);
      }
    },
  );

  app.delete<One>(
    "/limits/:id",
    operation({
      access: "dashboard",
      tag: "Limits",
      summary: "Delete a limit",
      answers: { 200: Answer({ message: Text() }) },
    }),
    async (request) => {
      const { application, actor } = accessOf(request);
      await store.deleteLimit(application, request.params.id, actor);
      return { request_id: request.id, message: "Limit has been successfully deleted." };
    },
  );

  app.put<One>(
    "/limits/:id/properties",
    operation({
      access: "dashboard",
      tag: "Limits",
      summary: "Merge properties of a limit; null takes one away",
      body: PropertyPatch,
      answers: { 200: Type.Array(Answer({ limit: Limit })) },
    }),
    async (request) => {
      const patch = readPropertyPatch(request.body);
      const { application, actor } = accessOf(request);
      const limit = await store.changeLimitProperties(application, request.params.id, patch, actor);
      return [{ request_id: request.id, limit: encodeLimit(limit) }];
    },
  );

  app.post<One & { Querystring: Query }>(
    "/limits/:id/reset",
    operation({
      access: "dashboard",
      tag: "Limits",
      summary: "Start a limit anew and keep what was spent as history",
      query: { resetDate: Type.Optional(Time("Default: now; spend after it stays")) },
      answers: { 200: Answer({ message: Text(), limit_history: LimitHistory }) },
    }),
    async (request) => {
      const now = Date.now();
      const resetMs = readTime(nonBlank(request.query, "resetDate"), "resetDate") ?? now;
      if (resetMs > now) {
        throw new WireError(
          "request_processing_error",
          `resetDate ${new Date(resetMs).toISOString()} is in the future. Leave it out for now, or name a time in the past.`,
        );
      }
      const { application, actor } = accessOf(request);
      const reset = await store.resetLimit(application, request.params.id, resetMs, actor);
      return {
        request_id: request.id,
        message: "Limit has been successfully reset.",
        limit_history: encodeLimitHistory(reset),
      };
    },
  );
}

/** The part of what was given that Pay-i's limits do not have, without what was left out. */
function policyOf(input: LimitPolicy): LimitPolicy {
  const { selector, per, period, timeZone, anchor, levels, estimate, onUnpriced, onUnreachable, ladder } =
    input;
  return { selector, per, period, timeZone, anchor, levels, estimate, onUnpriced, onUnreachable, ladder };
}

/** What refuses a limit refuses a change of one under a code of its own (contract 7.6). */
function asUpdateError(error: unknown): unknown {
  if (!WireError.is(error) || error.code !== "create_limit_validation_failed") return error;
  return new WireError("update_limit_validation_failed", error.message, { cause: error });
}
