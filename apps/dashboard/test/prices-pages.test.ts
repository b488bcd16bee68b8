import { readFile } from "node:fs/promises";

import { type Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";

import { isBrowserMissing, openChromium } from "../../../test/chromium.ts";
import { openPage } from "./browser.ts";
import { type FixtureServer, startFixtureServer } from "./fixture-server.ts";

describe.skipIf(isBrowserMissing)("models and prices in Chromium", () => {
  let browser: Browser;
  const serve = (size: "odd" | "none" = "odd"): Promise<FixtureServer> =>
    startFixtureServer({ root: inject("builtDashboard"), size });

  beforeAll(async () => {
    browser = await openChromium();
  });

  afterAll(async () => {
    await browser.close();
  });

  test("the share of priced requests leads to what is unpriced, and from there to the calls", async () => {
    await using server = await serve();
    await using opened = await openPage(browser, server.url);
    const { page } = opened;
    await page.getByLabel("Coverage of this period").getByRole("link", { name: "80%" }).first().click();
    const table = page.getByRole("table", { name: "Unpriced usage" });
    await table.getByText("system.anthropic").waitFor();
    const row = table.getByRole("row", { name: /system\.anthropic/ });
    const calls = Number(await row.getByRole("cell").nth(3).innerText());
    expect(calls).toBeGreaterThan(1);
    expect(await table.getByText("$0").count()).toBe(0);
    await row.getByRole("link").click();
    await page.getByRole("heading", { name: "Requests", level: 1 }).waitFor();
    await expect.poll(() => page.getByRole("table").locator("tbody tr").count()).toBe(calls);
  });

  test("mapped usage is re-priced only after the difference was shown", async () => {
    await using server = await serve();
    await using opened = await openPage(browser, `${server.url}/prices`);
    const { page } = opened;
    const row = page.getByRole("row", { name: /system\.anthropic/ });
    await row.getByRole("button", { name: "Map to a resource" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("combobox", { name: "Resource" }).fill("haiku");
    await page.getByRole("option", { name: "claude-3-5-haiku-20241022" }).click();
    await dialog.getByRole("button", { name: "Map", exact: true }).click();
    const difference = dialog.getByRole("table", { name: "What re-pricing would change" });
    await difference.getByText("All of them").waitFor();
    expect(await difference.getByText(/^\+\$0\.0/).count()).toBeGreaterThan(1);
    await dialog.getByRole("button", { name: /^Re-price \d+ calls$/ }).click();
    await dialog.getByText(/^Re-priced \d+ calls$/).waitFor();
    await dialog.getByRole("button", { name: "Done" }).click();
    await row.waitFor({ state: "detached" });
    expect(opened.faults).toEqual([]);
  });

  test("the past stays as it is unless somebody says otherwise", async () => {
    await using server = await serve();
    await using opened = await openPage(browser, `${server.url}/prices`);
    const { page } = opened;
    const row = page.getByRole("row", { name: /system\.anthropic/ });
    await row.getByRole("button", { name: "Map to a resource" }).click();
    await page.getByRole("combobox", { name: "Resource" }).fill("haiku");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Map", exact: true }).click();
    await page.getByRole("button", { name: "Leave the past as it is" }).click();
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await page.reload();
    await row.waitFor();
    expect(await row.count()).toBe(1);
  });

  test("a custom resource made for unpriced usage prices it, and is listed with its versions", async () => {
    await using server = await serve();
    await using opened = await openPage(browser, `${server.url}/prices`);
    const { page } = opened;
    await page
      .getByRole("row", { name: /system\.openai/ })
      .getByRole("button", { name: "Create a custom resource" })
      .click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Save the prices" }).click();
    await dialog.getByText("text has no price.").waitFor();
    await dialog.getByLabel("Price of text, input").fill("2.50");
    await dialog.getByLabel("Price of text, output").fill("0");
    await dialog.getByRole("button", { name: "Save the prices" }).click();
    await dialog.getByText("All of them").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("tab", { name: "Custom resources" }).click();
    const table = page.getByRole("table", { name: "Custom resources" });
    await table.locator("td", { hasText: "$2.50" }).waitFor();
    expect(await table.getByRole("cell", { name: "$0", exact: true }).count()).toBe(1);
    await table.getByRole("button", { name: "Add a version" }).click();
    await dialog.getByLabel("Price of text, input").fill("3");
    await dialog.getByRole("button", { name: "Save the prices" }).click();
    await table.locator("td", { hasText: "$3.00" }).waitFor();
    expect(await table.locator("tbody tr").count()).toBe(2);
  });

  test("the price list shows a missing price as unknown, is searched in the URL, and exports exact prices", async () => {
    await using server = await serve();
    await using opened = await openPage(browser, `${server.url}/prices?tab=list`);
    const { page } = opened;
    const table = page.getByRole("table", { name: "Prices of system.openai" });
    await table.getByText("gpt-4o-2024-08-06").waitFor();
    expect(await table.getByTitle(/are unpriced, not free/).count()).toBeGreaterThan(0);
    expect(await table.getByText("$0", { exact: true }).count()).toBe(0);
    await page.getByLabel("Search the price list").fill("mini");
    await expect.poll(() => table.locator("tbody tr").count()).toBe(1);
    expect(new URL(page.url()).search).toBe("?tab=list&q=mini");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save as CSV" }).click(),
    ]);
    const lines = (await readFile(await download.path(), "utf8")).trim().split("\r\n");
    expect(lines[1]).toBe(
      "gpt-4o-mini-2024-07-18,0.15,0.6,0.015,,web_search_request out 0.01 USD each,,tier: batch,B https://example.com/pricing,2025-05-22T00:00:00.000Z",
    );
  });

  test("an unpriced request says why and offers to give it a price", async () => {
    await using server = await serve();
    await using opened = await openPage(browser, `${server.url}/requests?request=req_00000001`);
    const { page } = opened;
    const drawer = page.getByRole("dialog", { name: "Request" });
    await drawer.getByText("No price is known for this resource.").first().waitFor();
    await drawer.getByRole("button", { name: "Map to a resource" }).click();
    const dialog = page.getByRole("dialog", { name: "Map to a resource" });
    await dialog.getByRole("combobox", { name: "Resource" }).fill("haiku");
    await page.keyboard.press("Enter");
    await dialog.getByRole("button", { name: "Map", exact: true }).click();
    await page.getByRole("button", { name: /^Re-price \d+ calls$/ }).click();
    await page.getByRole("button", { name: "Done" }).click();
    await drawer.getByRole("button", { name: "Map to a resource" }).waitFor({ state: "detached" });
    expect(await drawer.getByText("No price is known").count()).toBe(0);
  });

  test("a candidate shows its reasons and the money difference, and goes in force only when approved", async () => {
    await using server = await serve();
    await using opened = await openPage(browser, `${server.url}/prices?tab=books`);
    const { page } = opened;
    await page.getByRole("link", { name: "new contract" }).click();
    expect(page.url()).toContain("book=cand-dear");
    const dialog = page.getByRole("dialog", { name: "Price book" });
    await dialog.getByText("changes by × 12").waitFor();
    const replay = dialog.getByRole("table", { name: "What the last day would have cost" });
    expect(await replay.getByText("+$0.0279").count()).toBe(1);
    expect(await replay.getByText("$0", { exact: true }).count()).toBe(0);
    const activate = dialog.getByRole("button", { name: "Activate this book" });
    expect(await activate.getAttribute("aria-disabled")).toBe("true");
    await dialog.getByLabel("I have looked at these changes and approve them").check();
    await activate.click();
    await dialog.getByText("now, since").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("row", { name: /new contract.*in force/ }).waitFor();
    await page.getByRole("row", { name: /ships with Payi.*was in force/ }).waitFor();
    expect(opened.faults).toEqual([]);
  });

  test("the book before is rolled back to with one click, and a refused one cannot be activated", async () => {
    await using server = await serve();
    await using opened = await openPage(browser, `${server.url}/prices?tab=books&book=cand-free`);
    const { page } = opened;
    const dialog = page.getByRole("dialog", { name: "Price book" });
    await dialog.getByText("This book cannot go in force.").waitFor();
    expect(await dialog.getByRole("button", { name: /Activate|Roll back/ }).count()).toBe(0);
    await page.goto(`${server.url}/prices?tab=books&book=cand-fine`);
    await dialog.getByRole("button", { name: "Activate this book" }).click();
    await dialog.getByText("now, since").waitFor();
    await page.goto(`${server.url}/prices?tab=books&book=book-1`);
    await dialog.getByRole("button", { name: "Roll back to this book" }).click();
    await dialog.getByText("now, since").waitFor();
  });

  test("where every call has a price, the page says so and what to try", async () => {
    await using server = await serve("none");
    await using opened = await openPage(browser, server.url);
    const { page } = opened;
    await page.getByText("Waiting for the first event").waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("p");
    await page.getByText("Every call has a price").waitFor();
    await page.getByText(/payi price -/).waitFor();
    expect(opened.faults).toEqual([]);
  });
});
