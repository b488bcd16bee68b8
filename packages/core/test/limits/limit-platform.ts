import { price } from "../../src/cost/engine.ts";
/** A platform with limits, on the loopback: the book behind the routes, ingest that settles, and faults on demand. */
import { builtInPriceBook } from "../../src/cost/price-book.ts";
import { type Money } from "../../src/money.ts";
import { encodeGuardDefinitions } from "../../src/wire/guard.ts";
import { decodeHoldRequest, encodeHoldAnswer } from "../../src/wire/holds.ts";
import { type IngestEvent, decodeIngestItem } from "../../src/wire/ingest.ts";
import { decodeLeaseRequest, encodeLeaseAnswer } from "../../src/wire/leases.ts";
import { decodeLimitInput } from "../../src/wire/limits.ts";
import { type Answer, type Loopback, type Received, startLoopback } from "../support.ts";
import { LimitBook } from "./limit-book.ts";

export interface LimitPlatform extends Loopback {
  readonly book: LimitBook;
  readonly events: IngestEvent[];
  /** `down`: connections break; `hang`: nobody answers; undefined: all is well. */
  fault: "down" | "hang" | undefined;
  /** Requests to the routes of holds and leases. */
  asked(path: RegExp): readonly Received[];
}

export async function startLimitPlatform(
  costOf: (event: IngestEvent) => Money = listPrice,
): Promise<LimitPlatform> {
  const book = new LimitBook();
  const events: IngestEvent[] = [];
  const state: { fault: LimitPlatform["fault"] } = { fault: undefined };
  const answer: Answer = (request, response) => {
    if (state.fault === "hang") return;
    if (state.fault === "down") {
      response.destroy();
      return;
    }
    const [status, body] = respond(book, events, costOf, request);
    response.writeHead(status, {
      "content-type": "application/json",
      "x-payi-limits-version": String(book.version),
    });
    response.end(body === undefined ? "" : JSON.stringify(body));
  };
  const loopback = await startLoopback(answer);
  const platform = {
    book,
    events,
    asked: (path: RegExp) => loopback.received.filter(({ url }) => path.test(url)),
  };
  return Object.defineProperty(Object.assign(loopback, platform, { fault: undefined }), "fault", {
    get: () => state.fault,
    set: (fault: LimitPlatform["fault"]) => {
      state.fault = fault;
    },
  });
}

/** The same platform without a network: for a client's `fetch`. */
export function fetchFrom(book: LimitBook, costOf: (event: IngestEvent) => Money = listPrice): typeof fetch {
  const events: IngestEvent[] = [];
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const [status, body] = respond(book, events, costOf, {
      method: init?.method ?? "GET",
      url: url.pathname,
      headers: Object.fromEntries(new Headers(init?.headers)),
      body: typeof init?.body === "string" ? init.body : "",
    });
    const headers = { "x-payi-limits-version": String(book.version) };
    return new Response(status === 304 ? null : JSON.stringify(body), { status, headers });
  };
}

function respond(
  book: LimitBook,
  events: IngestEvent[],
  costOf: (event: IngestEvent) => Money,
  { method, url, headers, body }: Received,
): readonly [status: number, body: unknown] {
  const [path = "", id = "", action] = url.replace("/api/v1/", "").split("/");
  const json: unknown = body === "" ? {} : JSON.parse(body);
  if (path === "guard") {
    if (headers["if-none-match"] === `"${book.version}"`) return [304, undefined];
    return [200, encodeGuardDefinitions(book.definitions())];
  }
  if (path === "limits" && method === "POST") return [201, { limit: createLimit(book, json) }];
  if (path === "ingest") return [200, { request_id: "b", results: ingest(book, events, costOf, json) }];
  if (path === "holds" && method === "POST" && action === undefined) {
    return [200, encodeHoldAnswer(book.hold(decodeHoldRequest(json)))];
  }
  if (path === "holds" && method === "PUT") {
    const { ttl_ms: ttlMs } = json as { ttl_ms: number };
    return book.renew(id, ttlMs) ? [200, { hold_id: id, expires_in_ms: ttlMs }] : notFound("hold_not_found");
  }
  if (path === "holds") {
    return book.knows(id) ? [200, { hold_id: id, ended: book.end(id) }] : notFound("hold_not_found");
  }
  if (path === "leases" && method === "DELETE") return [200, { lease_id: id, ended: book.end(id) }];
  if (path === "leases") {
    const found = book.lease(decodeLeaseRequest(json, id === "" ? undefined : id), method === "POST");
    return found === undefined ? notFound("lease_not_found") : [200, encodeLeaseAnswer(found)];
  }
  return notFound("not_found");
}

function createLimit(book: LimitBook, json: unknown): unknown {
  const input = decodeLimitInput(json);
  const limit = { ...withoutUndefined(input), limitId: input.limitId ?? crypto.randomUUID() };
  book.put(limit);
  return { limit_id: limit.limitId, limit_name: limit.limitName, limit_type: limit.limitType, max: 1 };
}

function withoutUndefined<Fields extends object>(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Fields;
}

function notFound(code: string): readonly [number, unknown] {
  return [404, { statusCode: 404, message: code, xproxy_error: { code, message: code } }];
}

/** As contract 5 and the additions have it: block limits only with a hold, or in the report of a refusal. */
function ingest(
  book: LimitBook,
  events: IngestEvent[],
  costOf: (event: IngestEvent) => Money,
  items: unknown,
): readonly unknown[] {
  return (items as unknown[]).map((item) => {
    const event = decodeIngestItem(item);
    const held = event.holdId !== undefined && book.knows(event.holdId);
    const refusal = event.properties?.["system.refused_by"] !== undefined;
    const blocking = event.limitIds?.find((limitId) => book.limits.get(limitId)?.limitType === "block");
    if (blocking !== undefined && !held && !refusal) {
      return { error: { code: "blocking_limit_not_allowed", message: `${blocking} blocks` } };
    }
    events.push(event);
    const { category, resource, useCaseName, useCaseId, userId, accountName, limitIds } = event;
    const properties = { ...event.useCaseProperties, ...event.properties };
    const context = { category, resource, useCaseName, useCaseId, userId, accountName, properties };
    if (!refusal) book.charge({ context, limitIds }, event.holdId, costOf(event));
    return { request_id: event.providerResponseId, xproxy_result: { request_id: event.providerResponseId } };
  });
}

function listPrice({ category, resource = "", units, eventTimeMs = Date.now() }: IngestEvent): Money {
  return price({ category, resource, units, timeMs: eventTimeMs }, builtInPriceBook()).total ?? 0n;
}
