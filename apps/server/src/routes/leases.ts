import {
  type LeaseAnswer as Leased,
  decodeLeaseRequest,
  encodeLeaseAnswer,
  encodeLeaseEnd,
  type JsonObject,
} from "@payi/core/wire";
import { type FastifyInstance, type FastifyRequest } from "fastify";

import { toNewLease } from "../domain/holds.ts";
import { type Prices } from "../domain/prices.ts";
import { LeaseAnswer, LeaseEnd, LeaseLines, LeaseRequest } from "../http/api/hold-shapes.ts";
import { operation } from "../http/api/operation.ts";
import { accessOf } from "../http/auth.ts";
import { type Store } from "../store/store.ts";

interface One {
  Params: { id: string };
}

/** Holds that a process spends locally; `wire/leases.ts` of core has the rules. */
export function registerLeases(app: FastifyInstance, store: Store, prices: Prices): void {
  async function decide(request: FastifyRequest, id: string | undefined): Promise<JsonObject> {
    const { application } = accessOf(request);
    const asked = decodeLeaseRequest(request.body, id);
    const answer: Leased = await store.lease(
      await toNewLease({ prices, application }, asked, id === undefined),
    );
    return { request_id: request.id, ...encodeLeaseAnswer(answer) };
  }

  app.post(
    "/leases",
    operation({
      needs: "ingest",
      tag: "Limits",
      summary: "Open a lease for a call and those after it",
      description: "Where no slice is large enough, the call is held by itself and no lease is opened.",
      ours: true,
      body: LeaseRequest,
      answers: { 200: LeaseAnswer },
    }),
    (request) => decide(request, undefined),
  );

  app.put<One>(
    "/leases/:id",
    operation({
      needs: "ingest",
      tag: "Limits",
      summary: "Renew a lease: give back, ask for more, decide another call",
      ours: true,
      body: LeaseRequest,
      answers: { 200: LeaseAnswer },
    }),
    (request) => decide(request, request.params.id),
  );

  app.delete<One>(
    "/leases/:id",
    operation({
      needs: "ingest",
      tag: "Limits",
      summary: "End a lease: everything unspent is free again",
      ours: true,
      body: LeaseLines,
      answers: { 200: LeaseEnd },
    }),
    async (request) => {
      const { id } = request.params;
      const { ended } = await store.releaseHold({ application: accessOf(request).application, id }, "lease");
      return { request_id: request.id, ...encodeLeaseEnd({ leaseId: id, ended }) };
    },
  );
}
