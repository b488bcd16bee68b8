import { type GuardLimit, LIMITS_VERSION_HEADER, encodeGuardDefinitions } from "@payi/core/wire";
import { type FastifyInstance } from "fastify";
import { Type } from "typebox";

import { Text } from "../http/api/answer-shapes.ts";
import { GuardDefinitions } from "../http/api/hold-shapes.ts";
import { operation } from "../http/api/operation.ts";
import { accessOf } from "../http/auth.ts";
import { maxInForce } from "../store/limit-budget.ts";
import { type LimitDefinition } from "../store/limit.ts";
import { type Store } from "../store/store.ts";

/** What an SDK must know to ask only where a limit applies; `wire/guard.ts` of core has the rules. */
export function registerGuard(app: FastifyInstance, store: Store): void {
  app.get(
    "/guard",
    operation({
      needs: "ingest",
      tag: "Limits",
      summary: "Read what calls have to ask about before they are made",
      description:
        "Definitions, never counters. The version is the ETag: If-None-Match is answered with 304.",
      ours: true,
      headers: { "if-none-match": Type.Optional(Text()) },
      answers: { 200: GuardDefinitions },
    }),
    async (request, reply) => {
      const { version, limits, automatic } = await store.guard(accessOf(request).application);
      const etag = `"${version}"`;
      reply.header("etag", etag).header(LIMITS_VERSION_HEADER, version);
      if (request.headers["if-none-match"] === etag) return reply.code(304).send();
      return encodeGuardDefinitions({
        version,
        limits: limits.map(toGuardLimit),
        automatic,
      });
    },
  );
}

function toGuardLimit(limit: LimitDefinition): GuardLimit {
  const { id, name, limitType, policy } = limit;
  const max = maxInForce(limit, 0n, Date.now());
  return { ...policy, limitId: id, limitName: name, limitType, max };
}
