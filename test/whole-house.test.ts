/** One request metered from a browser to the dashboard, and what must hold when parts of the house fail. */
import { type BreakdownAnswer, type InstanceDetail, type Page, type RequestSummary } from "@payi/core/wire";
import { type Browser, type Page as BrowserPage } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { isBrowserMissing, openChromium } from "./chromium.ts";
import { type House, PAGE_MS, openHouse, read, search, until } from "./house.ts";

let house: House;

beforeAll(async () => {
  house = await openHouse();
});

afterAll(async () => {
  await house?.[Symbol.asyncDispose]();
});

async function requests(): Promise<readonly RequestSummary[]> {
  return (await read<Page<RequestSummary>>(house, "/analytics/requests?limit=1000")).items;
}

async function recordedInstance(id: string): Promise<InstanceDetail> {
  const path = `/analytics/instances/trail_finder/${id}`;
  await until(async () => {
    const instance = await read<InstanceDetail>(house, path).catch(() => undefined);
    return (instance?.kpis.length ?? 0) >= 4 && (instance?.calls.length ?? 0) > 0;
  }, `instance ${id} with its call and KPIs`);
  return read<InstanceDetail>(house, path);
}

test("a search is attributed to use case, instance, user, account and properties, with tokens, cost and KPIs", async () => {
  const answer = await search(house, "jane");
  const id = answer.headers.get("x-payi-use-case-id") ?? "";
  const body = await answer.text();
  const found = body.match(/^event: trail$/gm)?.length ?? 0;
  expect(found).toBeGreaterThan(0);
  const instance = await recordedInstance(id);
  expect(instance).toMatchObject({
    user_id: "jane",
    account_name: "acme",
    properties: { location: "Moab, Utah", vehicle_make: "Toyota", difficulty: "moderate" },
  });
  const [call, ...more] = instance.calls;
  expect(more).toEqual([]);
  expect(call).toMatchObject({
    category: "system.anthropic",
    resource: "claude-sonnet-4-20250514",
    streamed: true,
    outcome: "ok",
    usage_source: "provider",
    status: "priced",
  });
  expect(call?.units["web_search_request"]?.output).toBeGreaterThan(0);
  expect(call?.latency_ms).toBeGreaterThanOrEqual(call?.time_to_first_token_ms ?? Number.NaN);
  const scores = Object.fromEntries(instance.kpis.map(({ kpi_name: name, score }) => [name, score]));
  expect(scores).toMatchObject({ search_success: 1, result_count: found, success: 1 });
  expect(scores["latency_ms"]).toBeGreaterThan(0);
});

test("what the platform says it cost is what the provider billed, to the last digit", async () => {
  await Promise.all(["jane", "omar", "li"].map(async (person) => (await search(house, person)).text()));
  interface Ledger {
    readonly entries: readonly { readonly id: string; readonly cost: string }[];
    readonly total: string;
  }
  const ledger = async (): Promise<Ledger> =>
    (await (await fetch(`${house.simulatorUrl}/ledger`)).json()) as Ledger;
  await until(async () => (await requests()).length >= (await ledger()).entries.length, "every billed call");
  const answer = await read<BreakdownAnswer>(house, "/analytics/breakdown?group_by=user");
  expect(answer.total.cost).toBe((await ledger()).total);
});

test("a stream that the browser leaves half-way is recorded once, as partial", async () => {
  const abort = new AbortController();
  const answer = await fetch(`${house.trailblazerUrl}/api/trails/search`, {
    method: "POST",
    signal: abort.signal,
    headers: { "content-type": "application/json", "x-user-id": "sofia" },
    body: JSON.stringify({
      location: "Ouray, Colorado",
      vehicleMake: "Jeep",
      vehicleModel: "Wrangler",
      difficulty: "hard",
    }),
  });
  const id = answer.headers.get("x-payi-use-case-id") ?? "";
  const reader = answer.body?.getReader();
  await reader?.read();
  abort.abort();
  await until(
    async () => (await requests()).some((request) => request.use_case_id === id),
    "the abandoned call",
  );
  const calls = (await requests()).filter((request) => request.use_case_id === id);
  expect(calls).toHaveLength(1);
  expect(calls[0]).toMatchObject({ outcome: "aborted", usage_source: "partial", status: "priced" });
  expect(calls[0]?.tokens_input).toBeGreaterThan(0);
});

test("with the platform away no search fails, and everything arrives afterwards, once", async () => {
  const before = (await requests()).length;
  await house.platform.current.end("SIGKILL");
  const people = ["jane", "omar", "li", "sofia", "ben"];
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => search(house, people[index % people.length] ?? "jane")),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
  await Promise.all(answers.map((answer) => answer.text()));
  house.platform.current = await house.startPlatform();
  await until(async () => (await requests()).length >= before + 20, "what was metered during the outage");
  const ids = (await requests()).map((request) => request.request_id);
  expect(new Set(ids).size).toBe(before + 20);
  const answer = await read<BreakdownAnswer>(house, "/analytics/breakdown?group_by=resource");
  expect(answer.total.requests).toBe(before + 20);
});

describe.skipIf(isBrowserMissing)("in Chromium", () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await openChromium();
  });

  afterAll(async () => {
    await browser?.close();
  });

  /** A page that fails the test when anything on it breaks the content security policy or throws. */
  async function openPage(url: string): Promise<{ page: BrowserPage; troubles: string[] }> {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(PAGE_MS);
    const troubles: string[] = [];
    page.on("pageerror", (error) => troubles.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") troubles.push(message.text());
    });
    await page.goto(url);
    return { page, troubles };
  }

  test("a search on Trailblazer's page appears with its cost on the dashboard's live view", async () => {
    const dashboard = await openPage(`${house.platformUrl}/requests`);
    const trailblazer = await openPage(house.trailblazerUrl);
    await trailblazer.page.fill("input[name=location]", "Sedona, Arizona");
    await trailblazer.page.click("button[type=submit]");
    await trailblazer.page.getByText(/mile/i).first().waitFor();
    const row = dashboard.page.locator("tr", { hasText: "trail_finder" }).first();
    await row.waitFor();
    const newest = (await requests())[0];
    expect(newest?.cost).toMatch(/^0\.\d+$/);
    await dashboard.page
      .locator("tr", { hasText: `$${newest?.cost?.slice(0, 4)}` })
      .first()
      .waitFor();
    expect([dashboard.troubles, trailblazer.troubles]).toEqual([[], []]);
    await dashboard.page.close();
    await trailblazer.page.close();
  });

  test.for(["/", "/requests", "/use-cases", "/use-cases/trail_finder"])(
    "%s opens without a fault",
    async (path) => {
      const { page, troubles } = await openPage(house.platformUrl + path);
      await page.getByText("trail_finder").first().waitFor();
      expect(troubles).toEqual([]);
      await page.close();
    },
  );
});
