import { readFile } from "node:fs/promises";

import { type Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";

import { isBrowserMissing, openChromium } from "../../../test/chromium.ts";
import { openPage } from "./browser.ts";
import { type FixtureSize } from "./fixture-events.ts";
import { type FixtureServer, startFixtureServer } from "./fixture-server.ts";

/** How long something may take that comes by itself. */
const PATIENT = { timeout: 30_000 };

describe.skipIf(isBrowserMissing)("in Chromium", () => {
  let browser: Browser;
  const serve = (size: FixtureSize, apiKey?: string): Promise<FixtureServer> =>
    startFixtureServer({ root: inject("builtDashboard"), size, ...(apiKey === undefined ? {} : { apiKey }) });

  beforeAll(async () => {
    browser = await openChromium();
  });

  afterAll(async () => {
    await browser.close();
  });

  test("no page breaks the content security policy, runs what a user wrote, or is wider than the window", async () => {
    await using server = await serve("odd");
    const paths = [
      "/",
      "/?as=table&group=user",
      "/explore?group=property:vehicle&range=last-month&user=nobody",
      "/requests",
      "/requests?pricing=unpriced&request=req_00000001",
      "/use-cases",
      "/use-cases/trail_finder",
      "/use-cases/trail_finder?tab=kpis",
      "/use-cases/trail_finder?tab=limits",
      "/use-cases/trail_finder?tab=instances",
      "/prices",
      "/prices?tab=list&category=system.anthropic",
      "/prices?tab=custom",
      "/prices?tab=books",
      "/prices?tab=books&book=cand-dear",
      "/accounts",
      "/users/jane",
      "/limits",
      "/limits/per_user",
      "/limits/trail_finder_daily?tab=rules",
      "/value",
      "/use-cases/trail_finder?tab=value",
      "/alerts",
      "/alerts?tab=history",
      "/nowhere",
    ];
    await using opened = await openPage(browser, server.url);
    const { page } = opened;
    for (const path of paths) {
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.goto(`${server.url}${path}`);
      await page.locator("main h1").waitFor();
      await expect.poll(() => page.getByText("Loading").count(), PATIENT).toBe(0);
      expect({ path, faults: opened.faults }).toEqual({ path, faults: [] });
      expect(await page.title()).not.toBe("owned");
      for (const width of [1440, 400]) {
        await page.setViewportSize({ width, height: 900 });
        await expect
          .poll(() => page.evaluate("document.documentElement.scrollWidth"), { ...PATIENT, message: path })
          .toBe(width);
      }
    }
    expect(server.reports).toEqual([]);
  });

  test("an empty platform says how to begin and shows the first event by itself", async () => {
    await using server = await serve("none");
    await using opened = await openPage(browser, server.url);
    await opened.page.getByText("Waiting for the first event").waitFor();
    await opened.page.getByText("npm install @payi/core @payi/express").waitFor();
    server.sendRequest();
    await opened.page.getByRole("heading", { name: "Spend over time" }).waitFor();
    expect(await opened.page.getByText("Waiting for the first event").count()).toBe(0);
  });

  test("a request appears while the list is open, and opens with the lines of its cost", async () => {
    await using server = await serve("little");
    await using opened = await openPage(browser, `${server.url}/requests`);
    const { page } = opened;
    await page.getByRole("status").getByText("Live").first().waitFor();
    await expect.poll(() => page.locator("tbody tr").count(), PATIENT).toBe(3);
    const id = server.sendRequest();
    await expect.poll(() => page.locator("tbody tr").count(), PATIENT).toBe(4);
    await page.locator("tbody tr").first().getByRole("link").first().click();
    expect(page.url()).toContain(`request=${id}`);
    const drawer = page.getByRole("dialog");
    await drawer.getByRole("heading", { name: "How the cost comes about" }).waitFor();
    expect(await drawer.getByRole("row").count()).toBeGreaterThan(2);
    await page.goBack();
    await drawer.waitFor({ state: "hidden" });
  });

  test("an event stream that breaks off is opened again by itself", async () => {
    await using server = await serve("little");
    await using opened = await openPage(browser, `${server.url}/requests`);
    const { page } = opened;
    const mark = page.getByRole("status").getByText("Live").first();
    await mark.waitFor();
    server.dropStreams();
    await page.getByText("Connecting").first().waitFor();
    await mark.waitFor();
    server.sendRequest();
    await expect.poll(() => page.locator("tbody tr").count(), PATIENT).toBe(4);
  });

  test("an unknown cost is a dash that says why, and a free one is $0", async () => {
    await using server = await serve("odd");
    await using opened = await openPage(browser, `${server.url}/requests`);
    const { page } = opened;
    const unpriced = page.locator("tr", { hasText: "my-own-finetune-v7" }).first();
    await unpriced.waitFor();
    expect(await unpriced.getByTitle("No price is known for this resource.").count()).toBeGreaterThan(0);
    expect(await page.getByRole("cell", { name: "$0", exact: true }).count()).toBeGreaterThan(0);
    expect(await page.getByText("$0.00", { exact: true }).count()).toBe(0);
  });

  test("every figure of a use case leads to its rows: use case, instance, request", async () => {
    await using server = await serve("much");
    await using opened = await openPage(browser, `${server.url}/use-cases?range=30d`);
    const { page } = opened;
    await page.getByRole("table", { name: "Use cases" }).getByRole("link", { name: "trail_finder" }).click();
    await page.getByRole("tab", { name: "Instances" }).click();
    await page.getByRole("table", { name: "Instances" }).locator("tbody a").first().click();
    await page.getByRole("table", { name: "Calls in order of time" }).locator("tbody a").first().click();
    await page.getByRole("dialog").getByText("How the cost comes about").waitFor();
    expect(page.url()).toContain("range=30d");
  });

  test("a bar opens the requests behind it", async () => {
    await using server = await serve("much");
    await using opened = await openPage(browser, server.url);
    const { page } = opened;
    await page
      .locator("svg.recharts-surface")
      .first()
      .click({ position: { x: 600, y: 120 } });
    await page.getByRole("heading", { name: "Requests", level: 1 }).waitFor();
    const search = new URL(page.url()).searchParams;
    expect(Date.parse(search.get("to") ?? "") - Date.parse(search.get("from") ?? "")).toBe(86_400_000);
  });

  test("a stretch drawn over the chart becomes the period", async () => {
    await using server = await serve("much");
    await using opened = await openPage(browser, server.url);
    const { page } = opened;
    const chart = page.locator("svg.recharts-surface").first();
    await chart.hover({ position: { x: 300, y: 120 } });
    await page.mouse.down();
    await chart.hover({ position: { x: 700, y: 120 } });
    await page.mouse.up();
    await page.waitForURL(/from=/);
    const { pathname, searchParams } = new URL(page.url());
    expect(pathname).toBe("/");
    const length = Date.parse(searchParams.get("to") ?? "") - Date.parse(searchParams.get("from") ?? "");
    expect(length / 86_400_000).toBeGreaterThan(1);
    expect(length / 86_400_000).toBeLessThan(7);
  });

  test("a chart has a table twin, and its CSV has exact amounts", async () => {
    await using server = await serve("much");
    await using opened = await openPage(browser, server.url);
    const { page } = opened;
    await page.getByRole("button", { name: "Show as a table" }).click();
    const table = page.getByRole("table", { name: "Spend over time" });
    await table.waitFor();
    expect(await table.getByRole("row").count()).toBe(8);
    expect(page.url()).toContain("as=table");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page
        .getByRole("region", { name: "Spend over time" })
        .getByRole("button", { name: "Save as CSV" })
        .click(),
    ]);
    const lines = (await readFile(await download.path(), "utf8")).trim().split("\r\n");
    expect(lines[0]).toMatch(/^Day \(UTC\),.*No use case$/);
    expect(lines).toHaveLength(8);
    expect(lines[1]).toMatch(/,\d+\.\d{4,}/);
  });

  test("what narrows the view is in the URL, and back takes it away", async () => {
    await using server = await serve("much");
    await using opened = await openPage(browser, `${server.url}/requests`);
    const { page } = opened;
    await page.getByRole("button", { name: "30d" }).click();
    await page.getByRole("button", { name: "Filter", exact: true }).click();
    await page.getByLabel("is (leave empty for: has none)").fill("jane");
    await page.keyboard.press("Enter");
    await page.getByText("User: jane").waitFor();
    expect(new URL(page.url()).search).toBe("?range=30d&user=jane");
    await page.goBack();
    await page.getByText("User: jane").waitFor({ state: "hidden" });
    expect(new URL(page.url()).search).toBe("?range=30d");
  });

  test("the keyboard goes to pages, searches, helps and closes", async () => {
    await using server = await serve("much");
    await using opened = await openPage(browser, server.url);
    const { page } = opened;
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("r");
    await page.getByRole("heading", { name: "Requests", level: 1 }).waitFor();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keyboard" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog", { name: "Keyboard" }).waitFor({ state: "hidden" });
    await page.keyboard.press("/");
    await page.getByRole("combobox", { name: "Search" }).fill("trail_pl");
    await page.getByRole("option", { name: /trail_planner/ }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "trail_planner" }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/use-cases/trail_planner");
  });

  test("a platform that wants a key gets it from the sign-in page, for the event stream too", async () => {
    await using server = await serve("little", "secret");
    await using opened = await openPage(browser, `${server.url}/requests`);
    const { page } = opened;
    await page.getByLabel("API key").fill("wrong");
    await page.keyboard.press("Enter");
    await page.getByText("The platform does not accept that key.").waitFor();
    await page.getByLabel("API key").fill("secret");
    await page.keyboard.press("Enter");
    await page.getByRole("status").getByText("Live").first().waitFor();
    await expect.poll(() => page.locator("tbody tr").count(), PATIENT).toBe(3);
    server.sendRequest();
    await expect.poll(() => page.locator("tbody tr").count(), PATIENT).toBe(4);
  });

  test("demo data is loaded with one click, marked, and removed with another", async () => {
    await using server = await serve("none");
    await using opened = await openPage(browser, server.url);
    const { page } = opened;
    await page.getByRole("button", { name: "Load demo data" }).click();
    await page.getByText("6,000 of 6,000 requests").waitFor();
    await page.getByRole("button", { name: "Remove demo data" }).click();
    await page.getByText("Waiting for the first event").waitFor();
    expect(await page.getByRole("button", { name: "Remove demo data" }).count()).toBe(0);
  });

  test("copying an amount copies all of its decimals", async () => {
    await using server = await serve("little");
    await using opened = await openPage(browser, `${server.url}/requests`);
    const { page } = opened;
    const amount = page.locator("tbody data").first();
    await amount.waitFor();
    const copied = await amount.evaluate((element) => {
      getSelection()?.selectAllChildren(element);
      const transfer = new DataTransfer();
      document.dispatchEvent(new ClipboardEvent("copy", { clipboardData: transfer, cancelable: true }));
      return transfer.getData("text/plain");
    });
    expect(copied).toBe(await amount.getAttribute("data-exact"));
    expect(copied.length).toBeGreaterThan((await amount.innerText()).length);
  });

  test("what the platform refuses is said in its words, with the id of the request", async () => {
    await using server = await serve("little");
    await using opened = await openPage(browser, `${server.url}/use-cases/trail_finder/no-such-instance`);
    const alert = opened.page.getByRole("alert");
    await alert.waitFor();
    expect(await alert.innerText()).toContain("request req_fixture");
  });
});
