import { afterAll, beforeAll, expect, test } from "vitest";

import { createApp } from "../../src/app.ts";
import { offerSetUp } from "../../src/domain/sign-in.ts";
import { type BrowserSession, signUpOwner } from "../browser-session.ts";
import { type Answer, type TestServer, sonnet, startTestServer } from "../support.ts";

/** Operations that write data, or nothing: what calls cost, scored and held, sessions, tries. All others are audited. */
const NOT_ADMINISTRATIVE: ReadonlySet<string> = new Set([
  "POST /ingest",
  "POST /ingest/bulk",
  "POST /ingest/bulk-upsert",
  "POST /ingest/copilot/transcripts",
  "POST /ingest/copilot/licensing",
  "PUT /requests/:id/properties",
  "PUT /requests/provider/:category/:id/properties",
  "POST /scores",
  "POST /holds",
  "PUT /holds/:id",
  "POST /holds/:id/settle",
  "DELETE /holds/:id",
  "POST /leases",
  "PUT /leases/:id",
  "DELETE /leases/:id",
  "POST /use_cases/instances/:name",
  "PUT /use_cases/instances/:name/:id/properties",
  "PUT /use_cases/instances/:name/:id/kpis/:kpi",
  "POST /use_cases/instances/:name/:id/kpis/:kpi",
  "POST /use_cases/instances/:name/:id/kpis/:kpi/increment",
  "POST /limits/simulate",
  "POST /value-policies/preview",
  "POST /alerts/channels/:id/test",
  "POST /alerts/history/:id/retry",
  "DELETE /session",
]);

const UNITS = { text: { input_price: 0.001, output_price: 0.002 } };
const ROW = {
  category: "system.anthropic",
  resources: ["claude-audited"],
  units: { text: { input: { usd: "4", per: 1_000_000 }, output: { usd: "20", per: 1_000_000 } } },
  source: { url: "https://example.com/prices", read: "2026-11-21", confidence: "A" },
};
const MAPPING = {
  category: "system.anthropic",
  resource: "claude-unheard-of",
  price_as_category: "system.anthropic",
  price_as_resource: "claude-sonnet-4-20250514",
  reprice: false,
};
const LIMIT = { limit_id: "l", limit_name: "l", max: 10, limit_type: "allow" };
const KPI = { name: "k", description: "d", kpi_type: "boolean", goal: 1 };
const CHANNEL = { name: "c", kind: "webhook", url: "https://example.com/hook" };
const RULE = { name: "r", kind: "limit_blocked" };
const DBU = {
  category: "system.databricks.aws",
  usd_per_dbu: "0.055",
  start_timestamp: "2026-01-01T00:00:00Z",
};
const MEMBER = { email: "eve@example.com", name: "Eve", role: "viewer" };

/** An operation, a call of it, and the entry that it has to leave. `:id` in the path is the id that `keep` kept. */
type Sample = readonly [
  operation: string,
  path: string,
  body: unknown,
  action: string,
  keep?: (body: Answer["body"]) => string,
];

/** In an order in which each finds what it needs. */
const SAMPLES: readonly Sample[] = [
  ["POST /limits", "/limits", LIMIT, "limit.created"],
  ["PUT /limits/:id", "/limits/l", { max: 20 }, "limit.changed"],
  ["PUT /limits/:id/properties", "/limits/l/properties", { properties: { a: "b" } }, "limit.changed"],
  ["POST /limits/:id/top_up", "/limits/l/top_up", { amount: "5" }, "limit.topped_up"],
  ["POST /limits/:id/raise", "/limits/l/raise", { max: "50", until: "2999-01-01T00:00:00Z" }, "limit.raised"],
  ["POST /limits/:id/reset", "/limits/l/reset", {}, "limit.reset"],
  ["DELETE /limits/:id", "/limits/l", undefined, "limit.deleted"],
  [
    "POST /use_cases/definitions",
    "/use_cases/definitions",
    { name: "u", description: "d" },
    "use_case.created",
  ],
  ["PUT /use_cases/definitions/:name", "/use_cases/definitions/u", { description: "e" }, "use_case.changed"],
  [
    "POST /use_cases/definitions/:name/increment_version",
    "/use_cases/definitions/u/increment_version",
    {},
    "use_case.changed",
  ],
  [
    "POST /use_cases/definitions/:name/limit_config",
    "/use_cases/definitions/u/limit_config",
    { max: 1 },
    "use_case.changed",
  ],
  [
    "DELETE /use_cases/definitions/:name/limit_config",
    "/use_cases/definitions/u/limit_config",
    undefined,
    "use_case.changed",
  ],
  ["POST /use_cases/definitions/:name/kpis", "/use_cases/definitions/u/kpis", KPI, "kpi.created"],
  [
    "PUT /use_cases/definitions/:name/kpis/:kpi",
    "/use_cases/definitions/u/kpis/k",
    { goal: 0.5 },
    "kpi.changed",
  ],
  [
    "POST /value-policies",
    "/value-policies",
    { use_case_name: "u", money: "kpi.k * 2", activate: false },
    "value_policy.created",
    (body) => body.value_policy_id,
  ],
  ["POST /value-policies/:id/activate", "/value-policies/:id/activate", {}, "value_policy.activated"],
  ["POST /value-policies/:id/deactivate", "/value-policies/:id/deactivate", {}, "value_policy.deactivated"],
  [
    "DELETE /use_cases/definitions/:name/kpis/:kpi",
    "/use_cases/definitions/u/kpis/k",
    undefined,
    "kpi.deleted",
  ],
  ["DELETE /use_cases/instances/:name/:id", "/use_cases/instances/u/i", undefined, "instance.deleted"],
  ["DELETE /use_cases/definitions/:name", "/use_cases/definitions/u", undefined, "use_case.deleted"],
  [
    "POST /reports",
    "/reports",
    { name: "r", group_by: "resource" },
    "report.created",
    (body) => body.report_id,
  ],
  ["PUT /reports/:id", "/reports/:id", { name: "s", group_by: "user" }, "report.changed"],
  ["DELETE /reports/:id", "/reports/:id", undefined, "report.deleted"],
  ["POST /requests/:id/void", "/requests/:request/void", { reason: "wrong" }, "request.voided"],
  [
    "POST /categories/:category/resources/:resource",
    "/categories/own/resources/tool",
    { units: UNITS },
    "custom_resource.created",
    (body) => body.resource_id,
  ],
  [
    "DELETE /categories/:category/resources/:resource/:id",
    "/categories/own/resources/tool/:id",
    undefined,
    "custom_resource.deleted",
  ],
  [
    "POST /categories/:category/resources/:resource",
    "/categories/own/resources/two",
    { units: UNITS },
    "custom_resource.created",
  ],
  [
    "DELETE /categories/:category/resources/:resource",
    "/categories/own/resources/two",
    undefined,
    "custom_resource.deleted",
  ],
  [
    "POST /categories/:category/resources/:resource",
    "/categories/own/resources/six",
    { units: UNITS },
    "custom_resource.created",
  ],
  ["DELETE /categories/:category", "/categories/own", undefined, "custom_resource.deleted"],
  ["POST /unpriced/map", "/unpriced/map", MAPPING, "resource.mapped"],
  ["POST /dbu-prices", "/dbu-prices", DBU, "dbu_price.set"],
  ["POST /price-books", "/price-books", { name: "own", rows: [ROW] }, "price_book.added", (body) => body.id],
  ["POST /price-books/:id/activate", "/price-books/:id/activate", { approve: true }, "price_book.activated"],
  ["POST /reprice", "/reprice", { from: "2026-01-01T00:00:00Z" }, "reprice.started"],
  ["POST /alerts/channels", "/alerts/channels", CHANNEL, "alert_channel.created", (body) => body.id],
  ["PUT /alerts/channels/:id", "/alerts/channels/:id", { enabled: false }, "alert_channel.changed"],
  ["DELETE /alerts/channels/:id", "/alerts/channels/:id", undefined, "alert_channel.deleted"],
  ["POST /alerts/rules", "/alerts/rules", RULE, "alert_rule.created", (body) => body.id],
  ["PUT /alerts/rules/:id", "/alerts/rules/:id", { enabled: false }, "alert_rule.changed"],
  ["DELETE /alerts/rules/:id", "/alerts/rules/:id", undefined, "alert_rule.deleted"],
  ["POST /demo", "/demo", { days: 1 }, "demo.loaded"],
  ["DELETE /demo", "/demo", undefined, "demo.removed"],
  ["PUT /organizations", "/organizations", { name: "Acme" }, "organization.changed"],
  ["POST /applications", "/applications", { name: "a", application_id: "a" }, "application.created"],
  ["PUT /applications/:id", "/applications/a", { name: "b" }, "application.changed"],
  ["DELETE /applications/:id", "/applications/a", undefined, "application.archived"],
  ["POST /keys", "/keys", { name: "k", scope: "read" }, "key.created", (body) => body.key.key_id],
  ["POST /keys/:id/rotate", "/keys/:id/rotate", {}, "key.rotated", (body) => body.key.key_id],
  ["DELETE /keys/:id", "/keys/:id", undefined, "key.revoked"],
  ["PUT /settings", "/settings", { time_zone: "Asia/Tokyo" }, "settings.changed"],
  ["POST /members", "/members", MEMBER, "member.created", (body) => body.member.member_id],
  ["POST /members/:id/invitation", "/members/:id/invitation", {}, "member.invited"],
  ["PUT /members/:id", "/members/:id", { role: "editor" }, "member.changed"],
  ["DELETE /members/:id", "/members/:id", undefined, "member.removed"],
  ["POST /users/forget", "/users/forget", { user_id: "jane" }, "user.forgotten"],
];

let server: TestServer;
let owner: BrowserSession;
let request: string;
beforeAll(async () => {
  server = await startTestServer();
  owner = await signUpOwner(server, (await offerSetUp(server.store)) ?? "");
  const call = sonnet({ use_case_name: "u", use_case_id: "i", user_id: "jane" });
  request = (await server.post("/ingest", call)).body.request_id;
});
afterAll(() => server.close());

/** Everything that changes something, but for the ways in, which stand open: those of members are below. */
async function writes(): Promise<readonly string[]> {
  const found: string[] = [];
  const app = await createApp({
    store: server.store,
    dashboardIsOpen: true,
    onRoute({ method, url, config }) {
      for (const one of [method].flat()) {
        if (one === "HEAD" || one === "GET" || config?.access === "open") continue;
        if (url.startsWith("/api/v1/")) found.push(`${one} ${url.slice("/api/v1".length)}`);
      }
    },
  });
  await app.close();
  return found;
}

test("every operation that writes is audited, or listed here as none of administration", async () => {
  const audited = new Set(SAMPLES.map(([operation]) => operation));
  const all = await writes();
  expect(all.filter((name) => !audited.has(name) && !NOT_ADMINISTRATIVE.has(name))).toEqual([]);
  expect([...audited].filter((name) => !all.includes(name))).toEqual([]);
});

test("each leaves an entry with who, what and on what, in the order in which they were made", async () => {
  const entries = async () =>
    (await owner.ask("GET", "/audit?limit=1000&sort_ascending=true")).body.items as readonly {
      readonly action: string;
      readonly actor: string;
      readonly subject: string;
    }[];
  let kept = "";
  let before = (await entries()).length;
  for (const [operation, path, body, action, keep] of SAMPLES) {
    const [method = ""] = operation.split(" ");
    const url = path.replace(":request", request).replace(":id", kept);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const answer = await owner.ask(method, url, body);
    expect([operation, answer.status, answer.body.message]).toEqual([
      operation,
      expect.toSatisfy((status: number) => status < 300),
      answer.body.message,
    ]);
    kept = keep?.(answer.body) ?? kept;
    // oxlint-disable-next-line no-await-in-loop
    const after = await entries();
    const fresh = after.slice(before);
    expect([operation, fresh.map((entry) => [entry.action.slice(0, action.length), entry.actor])]).toEqual([
      operation,
      expect.arrayContaining([[action, "owner@example.com"]]),
    ]);
    expect(fresh.every(({ subject }) => subject !== "")).toBe(true);
    before = after.length;
  }
});

test("what changes nothing leaves no entry", async () => {
  await owner.ask("POST", "/limits", LIMIT);
  const count = async () => (await owner.ask("GET", "/audit?action=limit")).body.items.length as number;
  const before = await count();
  await owner.ask("POST", "/limits", LIMIT);
  await owner.ask("PUT", "/limits/l/properties", { properties: {} });
  await owner.ask("PUT", "/limits/gone", { max: 1 });
  expect(await count()).toBe(before);
});
