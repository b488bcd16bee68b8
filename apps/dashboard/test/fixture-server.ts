/**
 * Serves the built dashboard under the platform's content security policy, and made-up answers in the shapes of the
 * wire. What the browser reports against the policy is kept.
 */
import { readFile } from "node:fs/promises";
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import { type AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";

import { type RequestDetail } from "@payi/core/wire";

import { type FixtureAlerts, makeAlerts } from "./fixture-alerts.ts";
import { breakdown, instances, kpis, select, series } from "./fixture-answers.ts";
import {
  type FixtureData,
  type FixtureSize,
  makeFixture,
  makeRequest,
  randomFrom,
} from "./fixture-events.ts";
import { makeLimits } from "./fixture-limits.ts";
import { makePrices } from "./fixture-prices.ts";
import { makeReports } from "./fixture-reports.ts";
import { makeValue } from "./fixture-value.ts";

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; " +
  "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; report-uri /reports";
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

export interface FixtureServer {
  readonly url: string;
  /** What the browser reported against the policy. */
  readonly reports: readonly string[];
  /** Stores one more request and tells it to everyone who follows the stream. */
  readonly sendRequest: (odd?: boolean) => string;
  /** Stores a request of jane's that her own limit refused, and tells it as well. */
  readonly sendRefusal: () => string;
  /** Breaks every open event stream off. */
  readonly dropStreams: () => void;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}

export interface FixtureOptions {
  /** The built dashboard. */
  readonly root: string;
  readonly size: FixtureSize;
  /** When given, requests without this key are answered 401. */
  readonly apiKey?: string;
  /** 0, the default, is any free port. */
  readonly port?: number;
}

export async function startFixtureServer(options: FixtureOptions): Promise<FixtureServer> {
  let data: FixtureData = makeFixture(options.size, Date.now());
  const reports: string[] = [];
  const prices = makePrices(() => data);
  const others: Readonly<Record<string, FixtureAlerts>> = {
    limits: makeLimits(() => data),
    alerts: makeAlerts(),
    reports: makeReports(),
    "value-policies": makeValue(() => data),
    requests: (_method, url, body) => voidRequest(data, url, body),
  };
  const answerOthers = (method: string, url: URL, body: unknown): object | undefined =>
    (others[url.pathname.split("/")[3] ?? ""] ?? prices.answer)(method, url, body);
  const followers = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    if (url.pathname === "/reports") {
      void readBody(request).then((body) => reports.push(body));
      response.writeHead(204).end();
    } else if (!url.pathname.startsWith("/api/")) {
      void sendFile(options.root, url.pathname, response);
    } else if (url.pathname === "/api/v1/session") {
      sendJson(response, 200, NO_MEMBERS);
    } else if (options.apiKey !== undefined && request.headers["xproxy-api-key"] !== options.apiKey) {
      sendJson(response, 401, failure(401, "unauthorized", "The key is missing or not known here."));
    } else if (url.pathname === "/api/v1/events/stream") {
      response.writeHead(200, { "content-type": "text/event-stream" }).write(": hello\n\n");
      followers.add(response);
      response.on("close", () => followers.delete(response));
    } else if (url.pathname === "/api/v1/demo") {
      data = makeFixture(request.method === "POST" ? "much" : "none", Date.now());
      sendJson(response, 200, { request_id: "fixture" });
    } else {
      void readBody(request).then((body) => {
        const answer =
          url.pathname === "/api/v1/analytics/value"
            ? others["value-policies"]?.("GET", url, undefined)
            : url.pathname.startsWith("/api/v1/analytics/")
              ? answerOf(data, url)
              : answerOthers(request.method ?? "GET", url, body === "" ? undefined : JSON.parse(body));
        return answer === undefined
          ? sendJson(response, 404, failure(404, "not_found", `Nothing at ${url.pathname}.`))
          : sendJson(response, 200, answer);
      });
    }
  });
  const made = (odd: boolean): RequestDetail => {
    const index = data.requests.length + 100_000;
    return makeRequest(index, Date.now(), odd, randomFrom(index));
  };
  const send = (request: RequestDetail): string => {
    data.requests.unshift(request);
    for (const follower of followers) follower.write(`event: request\ndata: ${JSON.stringify(request)}\n\n`);
    return request.request_id;
  };
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    reports,
    sendRequest: (odd = false) => send(made(odd)),
    sendRefusal: () => send({ ...made(false), ...REFUSED }),
    dropStreams: () => {
      for (const follower of followers) follower.destroy();
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const REFUSED = {
  user_id: "jane",
  use_case_name: "trail_finder",
  outcome: "refused",
  units: {},
  tokens_input: 0,
  tokens_output: 0,
  status: "priced",
  cost: "0",
  cost_input: "0",
  cost_output: "0",
  failure: null,
  lines: [],
  limits: { trail_finder_daily: { state: "blocked_external" }, per_user: { state: "blocked" } },
} as const;

/** `POST /requests/{request_id}/void`: the call stays, its cost is 0. */
function voidRequest(data: FixtureData, url: URL, body: unknown): object | undefined {
  const id = url.pathname.split("/")[4];
  const index = data.requests.findIndex((request) => request.request_id === id);
  const request = data.requests[index];
  if (request === undefined) return undefined;
  const { reason } = body as { readonly reason: string };
  const record = { reason, actor: "dashboard", time: new Date().toISOString() };
  data.requests[index] = { ...request, cost: "0", voided: true, void: record };
  return { request_id: request.request_id, void: record };
}

/** As a platform answers that nobody has set up sign-in for. */
const NO_MEMBERS = {
  request_id: "fixture",
  caller: null,
  needs_set_up: true,
  identity_provider: false,
  member: null,
  permissions: [],
  application: null,
  declared_properties: [],
  applications: [],
};

function answerOf(data: FixtureData, url: URL): object | undefined {
  const query = url.searchParams;
  const path = url.pathname.slice("/api/v1/analytics/".length).split("/").map(decodeURIComponent);
  const [resource, first, second] = path;
  if (resource === "status") {
    return {
      request_id: "fixture",
      application: "Trailblazer",
      book: "2026-11-18.4f1c",
      first_event: data.requests.at(-1)?.time ?? null,
      last_event: data.requests[0]?.time ?? null,
      events: data.requests.length,
      time_zone: "UTC",
      seeded_events: data.requests.filter(({ seeded }) => seeded).length,
      now: new Date().toISOString(),
      version: "0.1.0",
    };
  }
  if (resource === "breakdown") return breakdown(data, query);
  if (resource === "series") return series(data, query);
  if (resource === "kpis") return kpis(data, query);
  if (resource === "requests") {
    return first === undefined
      ? page(select(data, query), query)
      : data.requests.find((request) => request.request_id === first);
  }
  if (resource !== "instances") return undefined;
  if (first === undefined) return page(instances(data, query), query);
  return instances(data, new URLSearchParams({ use_case_name: first, use_case_id: second ?? "" }))[0];
}

function page(all: readonly object[], query: URLSearchParams): object {
  const start = Number(query.get("cursor") ?? 0);
  const end = start + Number(query.get("limit") ?? 50);
  return {
    request_id: "fixture",
    items: all.slice(start, end),
    cursor: end < all.length ? String(end) : null,
  };
}

function failure(statusCode: number, code: string, message: string): object {
  return { statusCode, message, xproxy_error: { code, message } };
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json", "x-request-id": "req_fixture" });
  response.end(JSON.stringify(body));
}

async function sendFile(root: string, path: string, response: ServerResponse): Promise<void> {
  const file = extname(path) === "" ? "index.html" : normalize(path);
  const body = await readFile(join(root, file)).catch(() => undefined);
  if (body === undefined) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, {
    "content-type": TYPES[extname(file)] ?? "application/octet-stream",
    "content-security-policy": POLICY,
    ...(path.startsWith("/assets/") ? { "cache-control": "public, max-age=31536000, immutable" } : {}),
  });
  response.end(body);
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}
