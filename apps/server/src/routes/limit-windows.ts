import { formatMoney, fromPico } from "@payi/core/cost";
import {
  decodeRaise,
  decodeSimulationRequest,
  decodeTopUp,
  encodeLimitWindow,
  encodeSimulationResult,
  type JsonObject,
  WireError,
} from "@payi/core/wire";
import { type FastifyInstance } from "fastify";
import { Type } from "typebox";

import { requireLimit } from "../domain/lookups.ts";
import { nonBlank, readSpan } from "../http/analytics-query.ts";
import { PERIOD_QUERY } from "../http/api/analytics-shapes.ts";
import { Answer, PAGE_QUERY, PageOf, Text } from "../http/api/answer-shapes.ts";
import { Limit } from "../http/api/limit-shapes.ts";
import {
  LadderSavings,
  LimitWindow,
  Raise,
  Simulation,
  SimulationResult,
  TopUp,
} from "../http/api/limit-window-shapes.ts";
import { operation } from "../http/api/operation.ts";
import { accessOf } from "../http/auth.ts";
import { encodeLimit } from "../http/encode-limit.ts";
import { type Query, encodePage, readPage } from "../http/paging.ts";
import { type LadderStepTotal, type LimitWindowRow } from "../store/limit.ts";
import { type Store } from "../store/store.ts";

interface One {
  Params: { id: string };
}

const WEEK_MS = 7 * 24 * 3_600_000;

/** A limit over time; `wire/limit-windows.ts` of core has the rules. */
export function registerLimitWindows(app: FastifyInstance, store: Store): void {
  app.get<One & { Querystring: Query }>(
    "/limits/:id/history",
    operation({
      access: "dashboard",
      tag: "Limits",
      summary: "List windows of a limit that are over",
      ours: true,
      query: PAGE_QUERY,
      answers: { 200: PageOf(LimitWindow) },
    }),
    async (request) => {
      const { application } = accessOf(request);
      const page = readPage(request.query, false);
      return encodePage(
        request.id,
        await store.limitHistory(application, request.params.id, page),
        encodeWindow,
      );
    },
  );

  app.get<One & { Querystring: Query }>(
    "/limits/:id/windows",
    operation({
      access: "dashboard",
      tag: "Limits",
      summary: "List the current window of each of a limit's budgets, the most spent first",
      ours: true,
      query: { value: Type.Optional(Text("Only the budget of this owner")), ...PAGE_QUERY },
      answers: { 200: PageOf(LimitWindow) },
    }),
    async (request) => {
      const { application } = accessOf(request);
      const value = nonBlank(request.query, "value");
      const page = readPage(request.query, false);
      const found = await store.limitWindows(application, request.params.id, value, page);
      return encodePage(request.id, found, encodeWindow);
    },
  );

  app.get<One & { Querystring: Query }>(
    "/limits/:id/ladder",
    operation({
      access: "dashboard",
      tag: "Limits",
      summary: "Tell what each step of a limit's ladder did, and the money that it saved",
      ours: true,
      query: PERIOD_QUERY,
      answers: { 200: LadderSavings },
    }),
    async (request) => {
      const { application } = accessOf(request);
      const { from, to } = request.query;
      const span = readSpan({ from, to }, application);
      const limit = await requireLimit(store, application, request.params.id);
      const steps = await store.ladderSavings(span, limit.id);
      return {
        request_id: request.id,
        from: new Date(span.fromMs).toISOString(),
        to: new Date(span.toMs).toISOString(),
        steps: steps.map(encodeStepTotal),
      };
    },
  );

  app.post<One>(
    "/limits/:id/top_up",
    operation({
      access: "dashboard",
      tag: "Limits",
      summary: "Give a budget more room in its current window",
      ours: true,
      body: TopUp,
      answers: { 200: Answer({ limit: Limit }) },
    }),
    async (request) => {
      const { application, actor } = accessOf(request);
      const { amount, value = "", reason = null } = decodeTopUp(request.body);
      const limit = await store.topUpLimit({
        application,
        id: request.params.id,
        amount,
        value,
        reason,
        actor,
      });
      return { request_id: request.id, limit: encodeLimit(limit) };
    },
  );

  app.post<One>(
    "/limits/:id/raise",
    operation({
      access: "dashboard",
      tag: "Limits",
      summary: "Put another max in force until a time",
      ours: true,
      body: Raise,
      answers: { 200: Answer({ limit: Limit }) },
    }),
    async (request) => {
      const { application, actor } = accessOf(request);
      const { max, untilMs, author = actor, reason = null } = decodeRaise(request.body);
      const limit = await store.raiseLimit(
        application,
        request.params.id,
        { max, untilMs, author, reason },
        actor,
      );
      return { request_id: request.id, limit: encodeLimit(limit) };
    },
  );

  app.post(
    "/limits/simulate",
    operation({
      access: "dashboard",
      needs: "read",
      tag: "Limits",
      summary: "Try a limit on recorded calls; changes nothing",
      ours: true,
      body: Simulation,
      answers: { 200: SimulationResult },
    }),
    async (request) => {
      const { application } = accessOf(request);
      const {
        limit,
        untilMs = Date.now(),
        fromMs = untilMs - WEEK_MS,
      } = decodeSimulationRequest(request.body);
      if (fromMs >= untilMs) {
        throw new WireError(
          "request_processing_error",
          `from ${new Date(fromMs).toISOString()} is not before until ${new Date(untilMs).toISOString()}.`,
        );
      }
      const result = await store.simulateLimit({ application, limit, fromMs, untilMs });
      return { request_id: request.id, ...encodeSimulationResult(result) };
    },
  );
}

function encodeWindow({ limit, totals, max, closedMs }: LimitWindowRow): JsonObject {
  return encodeLimitWindow({
    limitId: limit.id,
    value: totals.value,
    max,
    spent: fromPico(totals.used),
    held: fromPico(totals.held),
    windowStartMs: totals.windowStartMs === 0 ? undefined : totals.windowStartMs,
    windowEndMs: totals.windowEndMs,
    requests: { ...totals.counts, total: totals.total },
    closedMs,
  });
}

function encodeStepTotal({
  at,
  action,
  calls,
  saved,
  savedAtMost,
  unknownCalls,
}: LadderStepTotal): JsonObject {
  return {
    at,
    action,
    calls,
    saved: formatMoney(saved),
    saved_at_most: formatMoney(savedAtMost),
    unknown_calls: unknownCalls,
  };
}
