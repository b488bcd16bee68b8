/** The reference app as a person uses it: four features and the set-up in a browser, then every cent of the bill. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Anthropic } from "@anthropic-ai/sdk";
import { type Instrumentation, createClient, payiInstrument, uninstrument } from "@payi/core";
import { parseMoney } from "@payi/core/cost";
import { type BreakdownAnswer, type InstanceDetail } from "@payi/core/wire";
import { OpenAI } from "openai";
import { type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { Judge } from "../apps/trailblazer/src/judge/judge.ts";
import { listen } from "../apps/trailblazer/src/process/listen.ts";
import {
  type ProviderSimulator,
  startProviderSimulator,
} from "../apps/trailblazer/src/provider-simulator.ts";
import { createTrailblazer } from "../apps/trailblazer/src/server.ts";
import { simulatedPrices } from "../apps/trailblazer/src/simulated-providers.ts";
import { freePort } from "../packages/core/test/free-port.ts";
import { isBrowserMissing, openChromium } from "./chromium.ts";
import { API_KEY, PAGE_MS, SERVER, launch, untilHealthy } from "./house.ts";

const FEATURES = ["trail_finder", "trail_analysis", "trail_planner"] as const;
type Feature = (typeof FEATURES)[number];

describe.skipIf(isBrowserMissing)("in Chromium", () => {
  let platformUrl: string;
  let appUrl: string;
  let simulator: ProviderSimulator;
  let instrumentation: Instrumentation;
  let page: Page;
  const troubles: string[] = [];
  const closing: (() => unknown)[] = [];
  /** What the page said, per feature: the id of its instance, and each cost in USD. */
  const shown = new Map<Feature, { readonly id: string; readonly costs: readonly string[] }>();

  beforeAll(async () => {
    troubles.length = 0;
    shown.clear();
    const dataDirectory = mkdtempSync(join(tmpdir(), "payi-reference-"));
    const port = await freePort();
    platformUrl = `http://localhost:${port}`;
    const environment = { PORT: port, PAYI_DATA_DIR: dataDirectory, PAYI_API_KEY: API_KEY };
    const platform = launch(SERVER, ["serve"], environment);
    closing.push(() => rmSync(dataDirectory, { recursive: true, force: true }));
    closing.push(() => platform.end());

    simulator = await startProviderSimulator({ port: 0, speed: "instant" });
    closing.push(() => simulator.close());
    const client = createClient({ apiKey: API_KEY, baseUrl: platformUrl });
    const config = { ...simulatedPrices(), spool: { mode: "memory" as const } };
    instrumentation = payiInstrument({ payi: client, config });
    closing.push(uninstrument);
    const settings = { apiKey: "simulated", maxRetries: 0 };
    const providers = {
      anthropic: new Anthropic({ ...settings, baseURL: simulator.url }),
      openai: new OpenAI({ ...settings, baseURL: `${simulator.url}/v1` }),
    };
    const judge = new Judge(providers, "claude-haiku-4-5");
    closing.push(() => judge.close());
    const server = createServer(
      createTrailblazer({
        providers,
        judge,
        platform: client,
        forwardHeaders: () => ({}),
        dashboardUrl: platformUrl,
        simulated: true,
      }),
    );
    appUrl = await listen(server, 0, "TRAILBLAZER_PORT");
    closing.push(() => {
      server.close();
      server.closeAllConnections();
    });
    const [browser] = await Promise.all([openChromium(), untilHealthy(`${platformUrl}/healthz`, platform)]);
    closing.push(() => browser.close());
    page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
    page.setDefaultTimeout(PAGE_MS);
    page.on("pageerror", (error) => troubles.push(error.message));
    page.on("console", (message) => message.type() === "error" && troubles.push(message.text()));
  });

  afterAll(async () => {
    for (const close of closing.splice(0).toReversed()) await close();
  });

  async function read<Answer>(path: string): Promise<Answer> {
    const response = await fetch(`${platformUrl}/api/v1${path}`, { headers: { "xproxy-api-key": API_KEY } });
    expect(response.status).toBe(200);
    return (await response.json()) as Answer;
  }

  /** Waits for the answer's cost and the judge's verdict, and keeps what they say. */
  async function keepCosts(feature: Feature): Promise<void> {
    await page.waitForSelector(".verdict:not(:empty):not(:text('is reading'))");
    expect(await page.textContent(".verdict")).toContain("The judge cost $");
    const costs = [".cost", ".verdict"].map(async (place) => {
      const text = (await page.textContent(place)) ?? "";
      return /cost \$(\d+\.\d*[1-9])/.exec(text)?.[1] ?? text;
    });
    const href = (await page.getAttribute("#dashboard", "href")) ?? "";
    const id = href.slice(`${platformUrl}/use-cases/${feature}/`.length);
    shown.set(feature, { id, costs: await Promise.all(costs) });
  }

  test("the administrator runs the set-up, twice without harm, and limits what each person may spend", async () => {
    await page.goto(`${appUrl}/admin`);
    await page.click("#setup");
    await page.waitForSelector("text=25 created");
    expect(await page.locator("#limits li").count()).toBe(2);
    await page.click("#setup");
    await page.waitForSelector("text=0 created");
    await page.click("text=Set the limit");
    await page.waitForSelector("text=Trailblazer per person and day");
    expect(await page.textContent("#limits li:has-text('per person')")).toContain("of $1, refuses");
    await page.click("text=Lift it");
    await page.waitForSelector("text=Trailblazer per person and day", { state: "detached" });
    const { items } = await read<{ items: { name: string; type_version: number }[] }>(
      "/use_cases/definitions",
    );
    const versions = Object.fromEntries(items.map((item) => [item.name, item.type_version]));
    expect(versions).toEqual({ trail_finder: 1, trail_analysis: 2, trail_planner: 1, judge_validation: 1 });
    expect(troubles).toEqual([]);
  });

  test("somebody else may not", async () => {
    const response = await fetch(`${appUrl}/api/admin/setup`, {
      method: "POST",
      headers: { "x-user-id": "omar" },
    });
    expect(response.status).toBe(403);
  });

  test("a search, a photo and a plan each show their own cost, and the judge's", async () => {
    await page.goto(appUrl);
    await page.selectOption("#person", "omar");
    await page.click("text=Find trails");
    await page.waitForSelector("text=4 trails for you");
    await keepCosts("trail_finder");

    await page.click("nav >> text=Analyze");
    expect(await page.inputValue("#person")).toBe("omar");
    await page.click("text=Take the sample photo");
    await page.waitForSelector(".previews img");
    await page.click("text=Look at it");
    await page.waitForSelector("text=/difficulty \\d of 5/");
    await keepCosts("trail_analysis");

    await page.click("nav >> text=Plan");
    await page.fill("[name=days]", "2");
    await page.click("text=Plan it");
    await page.waitForSelector("text=Your plan");
    expect(await page.textContent("#plan")).toMatch(/^Day 1: .+\nDay 2: .+\nFuel: 23 gallons/);
    await keepCosts("trail_planner");
    expect(troubles).toEqual([]);
  });

  test("four use cases cost what the provider billed, to the last digit, and so do the page's own figures", async () => {
    await instrumentation.flush({ timeoutMs: 30_000 });
    const bill = simulator.ledger();
    const answer = await read<BreakdownAnswer>("/analytics/breakdown?group_by=use_case");
    expect(answer.rows.map(({ key }) => key).toSorted()).toEqual(
      ["judge_validation", ...FEATURES].toSorted(),
    );
    expect([answer.unattributed, answer.other]).toEqual([null, null]);
    expect(answer.total.cost).toBe(bill.total);
    expect(answer.total.requests).toBe(bill.count);
    const costs = [...shown.values()].flatMap((feature) => feature.costs);
    expect(costs.reduce((sum, cost) => sum + parseMoney(cost), 0n)).toBe(parseMoney(bill.total));
    const photo = bill.entries.find(({ model }) => model === "claude-sonnet-4-6");
    // 960 × 640 pixels are 820 tokens, beside the question's own.
    expect(photo?.usage.input).toBeGreaterThan(820);
    expect(bill.entries.some(({ usage }) => usage.webSearches > 0)).toBe(true);
  });

  test.each([
    ["trail_finder", 1, [null], { search_success: 1, result_count: 4 }],
    ["trail_analysis", 2, ["look"], { analysis_success: 1, image_count: 1 }],
    ["trail_planner", 1, ["gather", "write"], { plan_complete: 1, tool_calls: 2, tool_errors: 0 }],
  ] as const)(
    "an instance of %s has version %i, steps %j and its KPIs",
    async (feature, version, steps, kpis) => {
      const { id = "" } = shown.get(feature) ?? {};
      const instance = await read<InstanceDetail>(`/analytics/instances/${feature}/${id}`);
      expect(instance).toMatchObject({ user_id: "omar", account_name: "acme", use_case_version: version });
      expect(instance.calls.map((call) => call.use_case_step)).toEqual(steps);
      const scores = Object.fromEntries(instance.kpis.map((kpi) => [kpi.kpi_name, kpi.score]));
      expect(scores).toMatchObject({ ...kpis, success: 1 });
      for (const quality of ["accuracy", "safety", "helpfulness"]) {
        expect(scores[`judge_${quality}`]).toBeGreaterThanOrEqual(1);
        expect(scores[`judge_${quality}`]).toBeLessThanOrEqual(5);
      }
    },
  );

  test("a person who has spent their limit is refused before a model is asked, and nobody else is", async () => {
    await page.goto(appUrl);
    await page.selectOption("#person", "jane");
    await page.goto(`${appUrl}/admin`);
    await page.fill("#usd", "0.05");
    await page.click("text=Set the limit");
    await page.waitForSelector("text=of $0.05, refuses");
    await page.goto(appUrl);
    await page.selectOption("#person", "ben");
    const refused = page.locator("text=Spending limit reached: Trailblazer per person and day");
    let before = 0;
    // What a search costs varies: one pays for all of it, or two.
    for (let searches = 0; searches < 5 && !(await refused.isVisible()); searches += 1) {
      await instrumentation.flush({ timeoutMs: 30_000 });
      before = simulator.ledger().count;
      await page.click("text=Find trails");
      await refused.or(page.locator("text=The judge cost $")).first().waitFor();
    }
    expect(await refused.isVisible()).toBe(true);
    expect(simulator.ledger().count).toBe(before);
    await page.selectOption("#person", "sofia");
    await page.click("text=Find trails");
    await page.waitForSelector("text=4 trails for you");
    // The browser tells of the refusal's status by itself.
    expect(troubles.splice(0)).toEqual([expect.stringContaining("429")]);
  });

  test("the dashboard shows the four use cases", async () => {
    await page.goto(`${platformUrl}/use-cases`);
    for (const name of ["judge_validation", ...FEATURES]) await page.waitForSelector(`text=${name}`);
    expect(troubles).toEqual([]);
  });
});
