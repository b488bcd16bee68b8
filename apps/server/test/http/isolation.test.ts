/** No tenant sees, changes or learns of anything of another: whatever B asks about A's ids is as if they did not exist. */
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";

import { createApp } from "../../src/app.ts";
import { createKey } from "../../src/domain/keys.ts";
// oxlint-disable-next-line import/no-unassigned-import -- declares what the configuration of a route may hold
import "../../src/http/auth.ts";
import { type Answer, type TestServer, request, sonnet, startTestServer } from "../support.ts";
import { SIZED_TIMEOUT, sized } from "../test-size.ts";

const TENANTS = ["alpha", "beta", "gamma"] as const;
type Tenant = (typeof TENANTS)[number];

/** What stands for a path parameter: an id of the tenant by the beginning of the route. */
type Ids = Readonly<Record<string, string>>;

let server: TestServer;
const keys = new Map<Tenant, string>();
const ids = new Map<Tenant, Ids>();

function ask(tenant: Tenant, method: string, path: string, body?: unknown): Promise<Answer> {
  const headers = { "xproxy-api-key": keys.get(tenant) ?? "" };
  return request(`${server.url}/api/v1${path}`, method, body, headers);
}

beforeAll(async () => {
  server = await startTestServer({ rates: { requestsPerMinute: 0 } });
  for (const tenant of TENANTS) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    ids.set(tenant, await makeTenant(tenant));
  }
});
afterAll(() => server.close());

async function makeTenant(tenant: Tenant): Promise<Ids> {
  keys.set(tenant, (await createKey(server.store, tenant, "key")).text);
  const name = `${tenant}_case`;
  const made = await ask(tenant, "POST", "/limits", { limit_name: `${tenant} limit`, max: 5 });
  const limit = made.body.limit.limit_id;
  await ask(tenant, "POST", "/use_cases/definitions", { name, description: tenant });
  const kpi = { name: `${tenant}_kpi`, description: tenant, kpi_type: "boolean", goal: 1 };
  await ask(tenant, "POST", `/use_cases/definitions/${name}/kpis`, kpi);
  const event = sonnet({
    use_case_name: name,
    use_case_id: `${tenant}-instance`,
    user_id: `${tenant}-user`,
    account_name: `${tenant}-account`,
    provider_response_id: `${tenant}-response`,
    limit_ids: [limit],
    properties: { owner: `${tenant}-property` },
  });
  const recorded = (await ask(tenant, "POST", "/ingest", event)).body.request_id;
  await ask(tenant, "PUT", `/use_cases/instances/${name}/${tenant}-instance/kpis/${tenant}_kpi`, {
    score: true,
  });
  const [key] = await server.store.keys(tenant);
  const repriced = await ask(tenant, "POST", "/reprice", { from: "2020-01-01", dry_run: true });
  const report = await ask(tenant, "POST", "/reports", { name: `${tenant}-report`, group_by: "user" });
  return {
    limits: limit,
    name,
    instance: `${tenant}-instance`,
    kpi: `${tenant}_kpi`,
    requests: recorded,
    provider: `${tenant}-response`,
    keys: key?.id ?? "",
    reprice: String(repriced.body?.reprice_id ?? repriced.body?.id ?? recorded),
    reports: String(report.body?.report_id ?? report.body?.report?.report_id ?? recorded),
  };
}

/** The path of a route with ids of a tenant in it; ids of a kind that the tenant has none of are any other. */
function fill(url: string, known: Ids): string {
  return url
    .replace("/provider/:category/:id", `/provider/system.anthropic/${known["provider"]}`)
    .replace("/instances/:name/:id", `/instances/${known["name"]}/${known["instance"]}`)
    .replace(":name", known["name"] ?? "")
    .replace(":kpi", known["kpi"] ?? "")
    .replace(/\/(\w[\w-]*)\/:id/, (_, kind: string) => `/${kind}/${known[kind] ?? known["requests"]}`)
    .replace(":id", known["requests"] ?? "");
}

/** An answer without what differs for every request, and without the ids that were asked for. */
function comparable({ status, body }: Answer, known: Ids): string {
  let text = JSON.stringify([status, body], (name, value: unknown) =>
    name === "request_id" || /timestamp|_at$/.test(name) ? "" : value,
  );
  for (const id of Object.values(known)) if (id !== "") text = text.replaceAll(id, "ID");
  return text;
}

test("every operation with an id answers about another tenant's as about one that never was", async () => {
  const urls: (readonly [method: string, url: string])[] = [];
  const app = await createApp({
    store: server.store,
    dashboardIsOpen: true,
    onRoute({ method, url, config }) {
      for (const one of [method].flat()) {
        // Prices and categories belong to the organization.
        const isShared = /^\/api\/v1\/(?:categories|price-books|members|applications|unpriced|session)/.test(
          url,
        );
        if (one === "HEAD" || isShared || config?.access === "open" || !url.includes(":")) continue;
        urls.push([one, url.slice("/api/v1".length)]);
      }
    },
  });
  await app.close();
  expect(urls.length).toBeGreaterThan(40);
  const missing: Ids = Object.fromEntries(
    Object.keys(ids.get("alpha") ?? {}).map((kind) => [kind, `missing-${kind.replace("_", "-")}`]),
  );
  const alpha = ids.get("alpha") ?? {};
  for (const [method, url] of urls) {
    const body =
      method === "GET" ? undefined : { score: true, properties: {}, reason: "r", max: 1, name: "n" };
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const about = await ask("beta", method, fill(url, alpha), body);
    // oxlint-disable-next-line no-await-in-loop
    const nothing = await ask("beta", method, fill(url, missing), body);
    expect(`${method} ${url} ${comparable(about, alpha)}`).toBe(
      `${method} ${url} ${comparable(nothing, missing)}`,
    );
  }
});

const LISTS = [
  "/limits",
  "/use_cases/definitions",
  "/analytics/requests",
  "/analytics/instances",
  "/analytics/breakdown",
  "/analytics/series",
  "/analytics/status",
  "/reports",
  "/reprice",
  "/unpriced",
  "/value-policies",
  "/alerts/rules",
  "/alerts/channels",
  "/alerts/history",
] as const;

test(
  "no list, filter, sort, page or export tells a tenant of another",
  async () => {
    const markers = fc.constantFrom("case", "limit", "instance", "user", "account", "property", "kpi");
    const query = fc.record(
      {
        group_by: fc.constantFrom("use_case", "user", "account", "resource", "property:owner"),
        use_case_name: markers.map((kind) => `alpha_${kind}`),
        user_id: markers.map((kind) => `alpha-${kind}`),
        account_name: markers.map((kind) => `alpha-${kind}`),
        limit_name: fc.constant("alpha limit"),
        "property.owner": fc.constant("alpha-property"),
        sort_ascending: fc.constantFrom("true", "false"),
        limit: fc.constantFrom("1", "1000"),
        format: fc.constantFrom("csv", "json"),
        from: fc.constant("2020-01-01"),
        to: fc.constant("2100-01-01"),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...LISTS), query, async (path, parameters) => {
        const headers = { "xproxy-api-key": keys.get("beta") ?? "" };
        const search = new URLSearchParams(parameters as Record<string, string>).toString();
        const response = await fetch(`${server.url}/api/v1${path}?${search}`, { headers });
        const text = await response.text();
        expect(response.status).toBeLessThan(500);
        // A refusal repeats what was asked.
        expect(response.ok ? text : "").not.toMatch(/alpha|gamma/);
      }),
      { numRuns: sized(150, 5000) },
    );
  },
  SIZED_TIMEOUT,
);

test("events that name what belongs to another tenant take nothing from there, in bulk, too", async () => {
  const alpha = ids.get("alpha") ?? {};
  const stolen = sonnet({ limit_ids: [alpha["limits"]] });
  const single = await ask("beta", "POST", "/ingest", stolen);
  expect(single.body.xproxy_error.code).toBe("invalid_limit_ids");
  const bulk = await ask("beta", "POST", "/ingest/bulk", [
    stolen,
    sonnet({ use_case_name: alpha["name"], use_case_id: alpha["instance"] }),
    sonnet({ provider_response_id: alpha["provider"] }),
  ]);
  expect(JSON.stringify(bulk.body)).not.toContain(alpha["requests"]);
  const untouched = await ask("alpha", "GET", `/limits/${alpha["limits"]}`);
  expect(untouched.body.limit.totals.requests.total).toBe(1);
  const instance = await ask("alpha", "GET", `/analytics/instances/${alpha["name"]}/${alpha["instance"]}`);
  expect(instance.body.calls).toHaveLength(1);
});

test("a live stream has one's own events and no other's", async () => {
  const headers = { "xproxy-api-key": keys.get("gamma") ?? "", "last-event-id": "0" };
  const stop = new AbortController();
  const response = await fetch(`${server.url}/api/v1/events/stream`, { headers, signal: stop.signal });
  await ask("alpha", "POST", "/ingest", sonnet({ user_id: "alpha-user" }));
  await ask("gamma", "POST", "/ingest", sonnet({ user_id: "gamma-last" }));
  let text = "";
  const decoder = new TextDecoder();
  for await (const part of response.body ?? []) {
    text += decoder.decode(part as Uint8Array, { stream: true });
    if (text.includes("gamma-last")) break;
  }
  stop.abort();
  expect(text).toContain("gamma-user");
  expect(text).not.toMatch(/alpha|beta/);
});
