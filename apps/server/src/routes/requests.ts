import { decodeVoid, encodeXproxyResult } from "@payi/core/wire";
import { type FastifyInstance, type FastifyRequest } from "fastify";
import { Type } from "typebox";

import { canonicalCategory } from "../domain/categories.ts";
import { requireRequest } from "../domain/lookups.ts";
import { Answer, PropertyPatch } from "../http/api/answer-shapes.ts";
import { operation } from "../http/api/operation.ts";
import { VoidAnswer, VoidInput, XproxyResult } from "../http/api/request-shapes.ts";
import { accessOf } from "../http/auth.ts";
import { encodeVoid } from "../http/encode-request.ts";
import { toXproxyResult } from "../http/encode-result.ts";
import { encodeRevisions } from "../http/encode-revisions.ts";
import { readPropertyPatch } from "../http/property-patch.ts";
import { type EventName, type Store } from "../store/store.ts";

interface ById {
  Params: { id: string };
}
interface ByProvider {
  Params: { category: string; id: string };
}

const RESULT = Type.Object({ xproxy_result: XproxyResult });

/** One recorded request, by our id or by the provider's (contract 2.5). */
export function registerRequests(app: FastifyInstance, store: Store): void {
  app.get<ById>(
    "/requests/:id/result",
    operation({ tag: "Requests", summary: "Read the result of a request", answers: { 200: RESULT } }),
    (request) => result(ownName(request)),
  );
  app.put<ById>(
    "/requests/:id/properties",
    operation({
      tag: "Requests",
      summary: "Merge properties of a request; null takes one away",
      needs: "ingest",
      body: PropertyPatch,
      answers: { 200: Answer({}) },
    }),
    (request) => change(ownName(request), request.body),
  );
  app.get<ByProvider>(
    "/requests/provider/:category/:id/result",
    operation({
      tag: "Requests",
      summary: "Read the result of a request by the provider's id",
      answers: { 200: RESULT },
    }),
    (request) => result(providerName(request)),
  );
  app.put<ByProvider>(
    "/requests/provider/:category/:id/properties",
    operation({
      tag: "Requests",
      summary: "Merge properties of a request by the provider's id",
      needs: "ingest",
      body: PropertyPatch,
      answers: { 200: Answer({}) },
    }),
    (request) => change(providerName(request), request.body),
  );

  app.post<ById>(
    "/requests/:id/void",
    operation({
      access: "dashboard",
      tag: "Requests",
      ours: true,
      summary: "Take the cost of a request back",
      description:
        "The call stays counted; its cost becomes 0 in totals and limits, and nothing prices it again. Once voided, it answers as the first time.",
      body: VoidInput,
      answers: { 200: VoidAnswer },
    }),
    async (request) => {
      const { actor } = accessOf(request);
      const { reason } = decodeVoid(request.body);
      const { event, record } = await store.voidEvent({ name: ownName(request), actor, reason });
      return {
        request_id: event.id,
        void: encodeVoid(record),
        revisions: encodeRevisions(event, await store.costRevisions(event.id)),
      };
    },
  );

  async function result(name: EventName): Promise<unknown> {
    return { xproxy_result: encodeXproxyResult(toXproxyResult(await requireRequest(store, name))) };
  }

  async function change(name: EventName, body: unknown): Promise<unknown> {
    const event = await store.changeEventProperties(name, readPropertyPatch(body));
    return { request_id: event.id };
  }
}

function ownName(request: FastifyRequest<ById>): EventName {
  return { application: accessOf(request).application, id: request.params.id };
}

function providerName(request: FastifyRequest<ByProvider>): EventName {
  const { category, id } = request.params;
  const { application } = accessOf(request);
  return { application, category: canonicalCategory(category), providerResponseId: id };
}
