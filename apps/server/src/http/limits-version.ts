import { LIMITS_VERSION_HEADER } from "@payi/core/wire";
import { type FastifyInstance } from "fastify";

import { type LimitVersions } from "../domain/limit-versions.ts";

/** Routes whose answers say which definitions of limits are in force. */
const TELLING = /^\/api\/v1\/(?:ingest|holds|leases|guard)(?:\/|$)/;

/** Good answers to holders of definitions carry their version; see `wire/guard.ts` of core. */
export function registerLimitsVersion(app: FastifyInstance, versions: LimitVersions): void {
  app.addHook("onSend", async (request, reply) => {
    const route = request.routeOptions.url ?? "";
    if (request.access === null || reply.statusCode >= 500 || !TELLING.test(route)) return;
    if (reply.hasHeader(LIMITS_VERSION_HEADER)) return;
    reply.header(LIMITS_VERSION_HEADER, await versions.of(request.access.application));
  });
}
