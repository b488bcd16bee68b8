import rateLimit from "@fastify/rate-limit";
import { WireError } from "@payi/core/wire";
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";

/** How much one caller may ask for. */
export interface Rates {
  /** Requests per minute and key; the dashboard without a key counts as one. 0 lifts the bound. */
  readonly requestsPerMinute: number;
  /** Requests with an invalid key per minute and address, before they are answered 429 instead of 401. */
  readonly failedKeysPerMinute: number;
}

/** Far above what a busy application needs, far below what a loop gone wild sends. */
export const DEFAULT_RATES: Rates = { requestsPerMinute: 600_000, failedKeysPerMinute: 20 };

const MINUTE_MS = 60_000;
/** Addresses and keys that are counted at the same time; the oldest gives way. */
const REMEMBERED = 10_000;

/** Counts one request with an invalid key. @throws {WireError} `rate_limit_exceeded` once there were too many. */
export type CountFailedKey = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/** Counts the requests of each key; every answer says in `ratelimit-*` headers how many are left. */
export async function registerRates(app: FastifyInstance, rates: Rates): Promise<CountFailedKey> {
  await app.register(rateLimit, {
    max: rates.requestsPerMinute,
    timeWindow: MINUTE_MS,
    cache: REMEMBERED,
    // After authentication, before the body is read.
    hook: "preParsing",
    enableDraftSpec: true,
    keyGenerator: (request) => request.access?.actor ?? request.ip,
    allowList: (request) => request.access === null || rates.requestsPerMinute === 0,
    errorResponseBuilder: (_request, { max, ttl }) => tooMany(`${max} requests per minute and key`, ttl),
  });
  const failedKeys = app.createRateLimit({
    max: rates.failedKeysPerMinute,
    timeWindow: MINUTE_MS,
    keyGenerator: (request) => request.ip,
    allowList: () => false,
  });
  return async (request, reply) => {
    const counted = await failedKeys(request);
    if (counted.isAllowed || !counted.isExceeded) return;
    reply.header("retry-after", counted.ttlInSeconds);
    throw tooMany(`${counted.max} invalid keys per minute and address`, counted.ttl);
  };
}

function tooMany(rule: string, waitMs: number): WireError {
  const seconds = Math.ceil(waitMs / 1000);
  return new WireError("rate_limit_exceeded", `More than ${rule}. Try again in ${seconds} s.`);
}
