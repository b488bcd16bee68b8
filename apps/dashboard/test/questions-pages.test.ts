/** What people come with, and how few clicks it takes to know. */
import { readFile } from "node:fs/promises";

import { type Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";

import { isBrowserMissing, openChromium } from "../../../test/chromium.ts";
import { openPage } from "./browser.ts";
import { type FixtureSize } from "./fixture-events.ts";
import { type FixtureServer, startFixtureServer } from "./fixture-server.ts";

describe.skipIf(isBrowserMissing)("in Chromium, a person who asks", () => {
  let browser: Browser;
  const serve = (size: FixtureSize = "much"): Promise<FixtureServer> =>
    startFixtureServer({ root: inject("builtDashboard"), size });

  beforeAll(async () => {
    browser = await openChromium();
  });

  afterAll(async () => {
    await browser.close();
  });

  test("who spent most yesterday, and on which model, is led from day to person to model", async () => {
    await using server = await serve();
    await using opened = await openPage(browser, `${server.url}/accounts?tab=users`);
    const { page } = opened;
    await page.getByRole("button", { name: "Choose days or times" }).click();
    await page.getByRole("button", { name: "Yesterday" }).click();
    await page.waitForURL(/range=yesterday/);
    const table = page.getByRole("table", { name: "Sums by user" });
    const most = table.locator("tbody tr").first().getByRole("link").first();
    const name = await most.innerText();
    await most.click();
    await page.getByRole("heading", { name, level: 1 }).waitFor();
    expect(page.url()).toContain("range=yesterday");
    await page.getByLabel("by", { exact: true }).click();
    await page.getByRole("option", { name: "Resource" }).click();
    await page.getByRole("table", { name: "Sums by resource" }).getByRole("link").first().waitFor();
    expect(opened.faults).toEqual([]);
  });

  test("why a user was refused sees which limit had no room, and goes to it", async () => {
    await using server = await serve();
    server.sendRefusal();
    await using opened = await openPage(browser, server.url);
    const { page } = opened;
    await page.getByRole("group", { name: "Refused by limits" }).getByRole("link").click();
    await page.getByText("Outcome: refused").waitFor();
    await page.locator("tbody tr").first().getByRole("link").first().click();
    const drawer = page.getByRole("dialog", { name: "Request" });
    const verdicts = drawer.getByRole("link", { name: /refused/ });
    await verdicts.first().waitFor();
    expect(await verdicts.allInnerTexts()).toEqual(["refused this call", "had room; another limit refused"]);
    await drawer.getByText("every call · each user · over 24h, rolling").waitFor();
    await verdicts.first().click();
    await page.getByRole("heading", { name: /Every user/, level: 1 }).waitFor();
    await page.getByText("bit by bit").waitFor();
    expect(opened.faults).toEqual([]);
  });

  test("what a request costs is told without those that were refused", async () => {
    await using server = await serve("little");
    await using opened = await openPage(browser, server.url);
    const { page } = opened;
    const mean = page.getByRole("group", { name: "Cost per request" }).locator("data");
    await mean.waitFor();
    const before = await mean.getAttribute("data-exact");
    server.sendRefusal();
    await page.getByRole("group", { name: "Refused by limits" }).getByRole("link", { name: "1" }).waitFor();
    await page.getByRole("group", { name: "Requests" }).getByText("4", { exact: true }).waitFor();
    expect(await mean.getAttribute("data-exact")).toBe(before);
  });

  test("what is wrong right now finds limits that are used up on the first page", async () => {
    await using server = await serve();
    await using opened = await openPage(browser, server.url);
    const rows = opened.page.getByRole("table", { name: "Limits at risk" }).locator("tbody tr");
    await rows.first().waitFor();
    expect((await rows.allInnerTexts()).map((text) => text.split("\n")[0])).toEqual([
      expect.stringContaining("Every user"),
      "Trail finder per day",
    ]);
    await rows.nth(1).getByRole("link").click();
    await opened.page.getByRole("heading", { name: "Trail finder per day", level: 1 }).waitFor();
  });

  test("what a use case may still spend finds its limits on its page", async () => {
    await using server = await serve();
    await using opened = await openPage(browser, `${server.url}/use-cases/trail_finder`);
    const { page } = opened;
    await page.getByRole("tab", { name: "Limits" }).click();
    await page.getByRole("table", { name: "Its limits" }).getByText("Trail finder per day").waitFor();
    await page.goto(`${server.url}/use-cases/gear_advisor?tab=limits`);
    await page.getByText("No limit is for this use case alone").waitFor();
    expect(opened.faults).toEqual([]);
  });

  test("the same thing every week saves it as a report, opens it, takes its table and deletes it", async () => {
    await using server = await serve();
    await using opened = await openPage(browser, `${server.url}/explore?group=user&use_case=trail_finder`);
    const { page } = opened;
    await page.getByRole("button", { name: "Save as a report" }).click();
    await page.getByLabel("Name").fill("Finder by user");
    await page.getByRole("button", { name: "Save the report" }).click();
    const saved = page.getByRole("table", { name: "Saved reports" });
    await saved.getByText("Spend by user per day over 7 days, where use case is trail_finder").waitFor();
    await page.goto(`${server.url}/explore`);
    await saved.getByRole("link", { name: "Finder by user" }).click();
    await page.getByText("Use case: trail_finder").waitFor();
    expect(new URL(page.url()).search).toBe("?granularity=day&group=user&use_case=trail_finder");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      saved.getByRole("button", { name: "Save as CSV" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("Finder by user.csv");
    expect(await readFile(await download.path(), "utf8")).not.toBe("");
    await saved.getByRole("button", { name: "Delete" }).click();
    await saved.waitFor({ state: "hidden" });
    expect(opened.faults).toEqual([]);
  });

  test("for what there is none of learns which filter took it away, and takes that filter away", async () => {
    await using server = await serve();
    await using opened = await openPage(browser, `${server.url}/explore?user=nobody&use_case=trail_finder`);
    const { page } = opened;
    await page.getByRole("button", { name: /^Without the filter User there are [\d,]+ requests$/ }).click();
    await page.getByRole("table", { name: "Sums by use case" }).getByText("trail_finder").waitFor();
    expect(new URL(page.url()).search).toBe("?use_case=trail_finder");
    expect(opened.faults).toEqual([]);
  });

  test("in a program copies an address that answers the same sums", async () => {
    await using server = await serve();
    await using opened = await openPage(browser, `${server.url}/explore?group=user&range=yesterday`);
    const { page } = opened;
    await page.getByRole("button", { name: "Ask by API" }).click();
    const command = await page.getByText(/^curl /).innerText();
    const path = /'(http[^']*)'/.exec(command)?.[1] ?? "";
    const { searchParams } = new URL(path);
    expect(searchParams.get("group_by")).toBe("user");
    expect(Date.parse(searchParams.get("to") ?? "") - Date.parse(searchParams.get("from") ?? "")).toBe(
      86_400_000,
    );
    expect((await fetch(path)).status).toBe(200);
  });

  test("on a narrow screen sees which page is open", async () => {
    await using server = await serve();
    await using opened = await openPage(browser, `${server.url}/settings`, {
      size: { width: 390, height: 800 },
    });
    const { page } = opened;
    const open = page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Settings" });
    await open.waitFor();
    await expect
      .poll(async () => {
        const box = await open.boundingBox();
        return box !== null && box.x >= 0 && box.x + box.width <= 390;
      })
      .toBe(true);
  });
});
