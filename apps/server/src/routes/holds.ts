import {
  decodeHoldRequest,
  decodeHoldSettlement,
  encodeHoldAnswer,
  encodeHoldEnd,
  readObject,
  readTtl,
} from "@payi/core/wire";
import { type FastifyInstance } from "fastify";

import { toNewHold } from "../domain/holds.ts";
import { type Prices } from "../domain/prices.ts";
import { Answer, Count, Text } from "../http/api/answer-shapes.ts";
import { HoldAnswer, HoldEnd, HoldRequest, HoldRenewal, HoldSettlement } from "../http/api/hold-shapes.ts";
import { operation } from "../http/api/operation.ts";
import { accessOf } from "../http/auth.ts";
import { type Store } from "../store/store.ts";

interface One {
  Params: { id: string };
}

const DEFAULT_TTL_MS = 60_000;

/** Money set aside before a call; `wire/holds.ts` of core has the rules. */
export function registerHolds(app: FastifyInstance, store: Store, prices: Prices): void {
  app.post(
    "/holds",
    operation({
      needs: "ingest",
      tag: "Limits",
      summary: "Hold money for a call, over all its limits or over none",
      description:
        "A refusal is a 200 with admitted: false. The same id with the same body gets the same answer.",
      ours: true,
      body: HoldRequest,
      answers: { 200: HoldAnswer },
    }),
    async (request) => {
      const { application } = accessOf(request);
      const asked = await toNewHold({ prices, application }, decodeHoldRequest(request.body));
      return { request_id: request.id, ...encodeHoldAnswer(await store.hold(asked)) };
    },
  );

  app.put<One>(
    "/holds/:id",
    operation({
      needs: "ingest",
      tag: "Limits",
      summary: "Keep a hold: the call still runs",
      ours: true,
      body: HoldRenewal,
      answers: { 200: Answer({ hold_id: Text(), expires_in_ms: Count() }) },
    }),
    async (request) => {
      const { id } = request.params;
      const ttlMs = readTtl(readObject(request.body ?? {}, "The renewal")["ttl_ms"]) ?? DEFAULT_TTL_MS;
      await store.renewHold({ application: accessOf(request).application, id }, ttlMs);
      return { request_id: request.id, hold_id: id, expires_in_ms: ttlMs };
    },
  );

  app.post<One>(
    "/holds/:id/settle",
    operation({
      needs: "ingest",
      tag: "Limits",
      summary: "Charge a held call without an event",
      description: "An event that names the hold later takes its place.",
      ours: true,
      body: HoldSettlement,
      answers: { 200: HoldEnd },
    }),
    async (request) => {
      const { application } = accessOf(request);
      const actual = decodeHoldSettlement(request.body ?? {});
      const end = await store.settleHold({ application, id: request.params.id, actual });
      return { request_id: request.id, ...encodeHoldEnd(end) };
    },
  );

  app.delete<One>(
    "/holds/:id",
    operation({
      needs: "ingest",
      tag: "Limits",
      summary: "Release a hold: the call was not made, or cost nothing",
      ours: true,
      answers: { 200: HoldEnd },
    }),
    async (request) => {
      const { application } = accessOf(request);
      const end = await store.releaseHold({ application, id: request.params.id }, "call");
      return { request_id: request.id, ...encodeHoldEnd(end) };
    },
  );
}
