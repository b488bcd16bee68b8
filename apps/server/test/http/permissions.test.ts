import { afterAll, beforeAll, expect, test } from "vitest";

import { createApp } from "../../src/app.ts";
import { createKey } from "../../src/domain/keys.ts";
// oxlint-disable-next-line import/no-unassigned-import -- declares what the configuration of a route may hold
import "../../src/http/auth.ts";
import { type Permission, ROLES, SCOPES } from "../../src/domain/permissions.ts";
import { offerSetUp } from "../../src/domain/sign-in.ts";
import { type KeyScope } from "../../src/store/key.ts";
import { type BrowserSession, signUp, signUpOwner } from "../browser-session.ts";
import { TEST_KEY, type TestServer, startTestServer } from "../support.ts";

/**
 * Every operation that does not follow the rule "read for GET, else write", and what it needs instead. Who adds a
 * route that needs something else lists it here.
 */
const EXCEPTIONS: Readonly<Record<string, readonly Permission[]>> = {
  ...needing(
    "ingest",
    "POST /ingest",
    "POST /ingest/bulk",
    "POST /ingest/bulk-upsert",
    "POST /scores",
    "POST /ingest/copilot/transcripts",
    "POST /ingest/copilot/licensing",
    "PUT /requests/:id/properties",
    "PUT /requests/provider/:category/:id/properties",
    "POST /holds",
    "PUT /holds/:id",
    "POST /holds/:id/settle",
    "DELETE /holds/:id",
    "POST /leases",
    "PUT /leases/:id",
    "DELETE /leases/:id",
    "GET /guard",
    "POST /use_cases/instances/:name",
    "PUT /use_cases/instances/:name/:id/properties",
    "PUT /use_cases/instances/:name/:id/kpis/:kpi",
    "POST /use_cases/instances/:name/:id/kpis/:kpi",
    "POST /use_cases/instances/:name/:id/kpis/:kpi/increment",
  ),
  ...needing("read", "POST /value-policies/preview", "POST /limits/simulate"),
  ...needing(
    "admin",
    "GET /applications",
    "GET /applications/:id",
    "GET /keys",
    "POST /keys",
    "POST /keys/:id/rotate",
    "DELETE /keys/:id",
    "GET /settings",
    "PUT /settings",
    "GET /audit",
    "POST /users/forget",
  ),
  // Prices of all applications.
  ...needing(
    "prices",
    "POST /price-books",
    "POST /price-books/:id/activate",
    "POST /dbu-prices",
    "POST /unpriced/map",
  ),
  "GET /price-books": ["read", "prices"],
  "GET /price-books/:id": ["read", "prices"],
  ...needing(
    "organization",
    "GET /organizations",
    "PUT /organizations",
    "POST /applications",
    "PUT /applications/:id",
    "DELETE /applications/:id",
    "GET /members",
    "POST /members",
    "PUT /members/:id",
    "DELETE /members/:id",
    "POST /members/:id/invitation",
  ),
};

let server: TestServer;
let owner: BrowserSession;
beforeAll(async () => {
  server = await startTestServer({ rates: { requestsPerMinute: 0 } });
  // A second one, so that prices are no longer the matter of the first.
  await createKey(server.store, "other", "other");
  owner = await signUpOwner(server, (await offerSetUp(server.store)) ?? "");
});
afterAll(() => server.close());

interface Route {
  readonly name: string;
  readonly method: string;
  readonly url: string;
  readonly needs: readonly Permission[];
}

/** All operations of the API that are not open to anybody; those stand in access.test.ts. */
async function routes(): Promise<readonly Route[]> {
  const found: Route[] = [];
  const app = await createApp({
    store: server.store,
    dashboardIsOpen: true,
    onRoute({ method, url, config }) {
      for (const one of [method].flat()) {
        if (one === "HEAD" || config?.access === "open" || !url.startsWith("/api/v1/")) continue;
        const name = `${one} ${url.slice("/api/v1".length)}`;
        const needs = EXCEPTIONS[name] ?? [one === "GET" ? "read" : "write"];
        found.push({ name, method: one, url: server.url + url.replaceAll(/:\w+/g, "x"), needs });
      }
    },
  });
  await app.close();
  return found;
}

/** True when the request was let through to the operation, whatever that made of it. */
async function isLetIn({ method, url, name }: Route, headers: Record<string, string>): Promise<boolean> {
  const body = method === "GET" ? null : '{"days":0}';
  const response = await fetch(url, {
    method,
    headers: { ...headers, ...(body === null ? {} : { "content-type": "application/json" }) },
    body,
  });
  if (name === "GET /events/stream") {
    await response.body?.cancel();
    return response.ok;
  }
  const text = await response.text();
  if (response.status === 401) throw new Error(`${name} answered 401: ${text}`);
  return !(response.status === 403 && text.includes("permission_denied"));
}

/** The names of the operations that let in whoever sends these headers. */
async function letIn(all: readonly Route[], headers: Record<string, string>): Promise<readonly string[]> {
  const answers = await Promise.all(all.map((route) => isLetIn(route, headers)));
  return all.filter((_, index) => answers[index]).map(({ name }) => name);
}

function allowed(all: readonly Route[], permissions: readonly Permission[]): readonly string[] {
  return all.filter(({ needs }) => needs.some((one) => permissions.includes(one))).map(({ name }) => name);
}

test("each operation lets in exactly the keys whose scope has what it needs", async () => {
  const keys = new Map<KeyScope, string>([["full", TEST_KEY]]);
  for (const scope of ["ingest", "read", "admin", "metrics"] as const) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    keys.set(scope, (await createKey(server.store, "default", scope, { scope })).text);
  }
  const all = await routes();
  expect(all.length).toBeGreaterThan(90);
  expect(Object.keys(EXCEPTIONS).filter((name) => !all.some((route) => route.name === name))).toEqual([]);
  for (const [scope, key] of keys) {
    // oxlint-disable-next-line no-await-in-loop
    expect([scope, await letIn(all, { "xproxy-api-key": key })]).toEqual([
      scope,
      allowed(all, SCOPES[scope]),
    ]);
  }
});

test("each operation lets in exactly the members whose role has what it needs", async () => {
  const all = await routes();
  for (const role of ["viewer", "editor", "admin"] as const) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const member = await signUp(server, owner, { email: `${role}@example.com`, role });
    // oxlint-disable-next-line no-await-in-loop
    expect([role, await letIn(all, member.headers())]).toEqual([role, allowed(all, ROLES[role])]);
  }
});

function needing(permission: Permission, ...names: readonly string[]): Record<string, [Permission]> {
  return Object.fromEntries(names.map((name) => [name, [permission]]));
}
