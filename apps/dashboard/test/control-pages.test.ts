import { type Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";

import { isBrowserMissing, openChromium } from "../../../test/chromium.ts";
import { openPage } from "./browser.ts";
import { type FixtureServer, startFixtureServer } from "./fixture-server.ts";

describe.skipIf(isBrowserMissing)("limits, value and alerts in Chromium", () => {
  let browser: Browser;
  const serve = (size: "odd" | "none" = "odd"): Promise<FixtureServer> =>
    startFixtureServer({ root: inject("builtDashboard"), size });

  beforeAll(async () => {
    browser = await openChromium();
  });

  afterAll(async () => {
    await browser.close();
  });

  test("the fullest limit comes first, and what is held is told apart from what is spent", async () => {
    await using server = await serve();
    await using opened = await openPage(browser, `${server.url}/limits`);
    const rows = opened.page.getByRole("table", { name: "Limits" }).locator("tbody tr");
    await rows.first().waitFor();
    expect(await rows.first().innerText()).toContain("Every user");
    const meter = rows.nth(1).getByRole("meter");
    expect(await meter.getAttribute("aria-valuetext")).toBe("84.6% of $5.00 used, above its threshold");
    expect(await rows.nth(1).innerText()).toMatch(/\$3\.92[\s\S]*\$0\.31[\s\S]*\$0\.77/);
    expect(opened.faults).toEqual([]);
  });

  test("a limit is tried on the past, then made, and its page opens", async () => {
    await using server = await serve();
    await using opened = await openPage(browser, `${server.url}/limits`);
    const { page } = opened;
    await page.getByRole("button", { name: "Create a limit" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("Finder");
    await dialog.getByLabel("Maximum, in USD").fill("0.01");
    await dialog.getByLabel("is", { exact: true }).fill("trail_finder");
    await dialog.getByRole("button", { name: "Try it on the last 7 days" }).click();
    await dialog.getByText(/It would have refused \d+ of \d+ calls/).waitFor();
    await dialog.getByLabel("Threshold, per cent from 75 to 99").fill("50");
    await dialog.getByRole("button", { name: "Create the limit" }).click();
    await dialog.getByRole("alert").getByText('between 75 and 99 per cent, got "50"').waitFor();
    await dialog.getByLabel("Threshold, per cent from 75 to 99").fill("75");
    await dialog.getByRole("button", { name: "Create the limit" }).click();
    await page.getByRole("heading", { name: "Finder", level: 1 }).waitFor();
    await page.getByText("use case trail_finder · per day").waitFor();
    expect(opened.faults).toEqual([]);
  });

  test("a ladder is made step by step, corrected, and found again in the form and among the rules", async () => {
    await using server = await serve();
    await using opened = await openPage(browser, `${server.url}/limits/trail_finder_daily`);
    const { page } = opened;
    const dialog = page.getByRole("dialog");
    await page.getByRole("button", { name: "Edit" }).click();
    await dialog.getByText("Without steps no request is ever changed.").waitFor();
    const steps = dialog.getByRole("listitem");
    await dialog.getByRole("button", { name: "Add a step" }).click();
    await steps.getByLabel("Model that is asked for").fill("gpt-5");
    await steps.getByLabel("Model that is asked instead").fill("gpt-5-mini");
    await dialog.getByRole("button", { name: "Add a step" }).click();
    await steps.nth(1).getByLabel("Step 2: from, per cent used").fill("60");
    await steps.nth(1).getByLabel("it is to").click();
    await page.getByRole("option", { name: "cap the answer" }).click();
    await steps.nth(1).getByLabel("Most output tokens").fill("300");
    await dialog.getByRole("button", { name: "Save the limit" }).click();
    await dialog.getByRole("alert").getByText("before step 1 at 80. Put them in order.").waitFor();
    await dialog.getByRole("button", { name: "Move step 2 up" }).click();
    await dialog.getByRole("button", { name: "Save the limit" }).click();
    await dialog.waitFor({ state: "hidden" });
    await page.getByRole("tab", { name: "Rules" }).click();
    await page.getByText("at most 300 output tokens").waitFor();
    await page.getByText("ask gpt-5-mini instead of gpt-5").waitFor();
    await page.getByRole("button", { name: "Edit" }).click();
    expect(await steps.first().getByLabel("Most output tokens").inputValue()).toBe("300");
    expect(await steps.nth(1).getByLabel("Step 2: from, per cent used").inputValue()).toBe("80");
    expect(opened.faults).toEqual([]);
  });

  test("each step of a ladder shows what it saved, also one that is gone; and the limit lists its own requests", async () => {
    await using server = await serve();
    await using opened = await openPage(browser, `${server.url}/limits/per_user?tab=ladder`);
    const { page } = opened;
    const rows = page.getByRole("table", { name: "Ladder" }).locator("tbody tr");
    await rows.first().waitFor();
    expect(await rows.allInnerTexts()).toEqual([
      expect.stringMatching(/^80%\s+ask gpt-5-mini instead of gpt-5\s+12\s+\$1\.23/),
      expect.stringMatching(/^100%\s+refuse\s+0\s+\$0/),
      expect.stringMatching(/^50%\s+capped the output, until it was edited\s+2\s+\$0\s+\$0\.75\s+1$/),
    ]);
    const asked = page.waitForRequest((request) => request.url().includes("limit_id=per_user"));
    await page.getByRole("tab", { name: "Requests" }).click();
    expect((await asked).url()).toContain("/analytics/requests?");
    await page.getByRole("table", { name: "Requests it was charged with" }).waitFor();
    expect(opened.faults).toEqual([]);
  });

  test("a raise has an end, a reset makes history, and a deleted limit is gone", async () => {
    await using server = await serve();
    await using opened = await openPage(browser, `${server.url}/limits/trail_finder_daily`);
    const { page } = opened;
    const dialog = page.getByRole("dialog");
    await page.getByRole("button", { name: "Raise" }).click();
    await dialog.getByLabel("Maximum until then, in USD").fill("7.50");
    await dialog.getByRole("button", { name: "Raise" }).click();
    await page.getByText(/raised from \$5\.00 to \$7\.50 until/).waitFor();
    await page.getByRole("button", { name: "Reset" }).click();
    await dialog.getByRole("button", { name: "Reset the limit" }).click();
    await dialog.waitFor({ state: "hidden" });
    await page.getByRole("tab", { name: "History" }).click();
    await page.getByRole("table", { name: "Windows that are over" }).getByText("$3.92").waitFor();
    await page.getByRole("button", { name: "Delete" }).click();
    await dialog.getByRole("button", { name: "Delete the limit" }).click();
    const table = page.getByRole("table", { name: "Limits" });
    await table.getByText("Prepaid").waitFor();
    expect(await table.getByText("Trail finder per day").count()).toBe(0);
  });

  test("a user's page leads from the list to what the user's own budget leaves", async () => {
    await using server = await serve();
    await using opened = await openPage(browser, `${server.url}/accounts?tab=users`);
    const { page } = opened;
    const table = page.getByRole("table", { name: "Sums by user" });
    await table.getByRole("link", { name: "jane", exact: true }).click();
    await page.getByRole("heading", { name: "jane", level: 1 }).waitFor();
    await page.getByRole("table", { name: "Its limits" }).getByText("Every user").waitFor();
    expect(opened.faults).toEqual([]);
  });

  test("a policy is tried before it is in force, and unknown values are told apart from nothing", async () => {
    await using server = await serve();
    await using opened = await openPage(browser, `${server.url}/value`);
    const { page } = opened;
    await page.getByRole("button", { name: /^Write one for / }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText('kpi["search_success"]').waitFor();
    await dialog.getByLabel("Money that one instance is worth").fill("if(kpi.search_success, 0.40, 0)");
    await dialog.getByRole("button", { name: /^Try it/ }).click();
    await dialog.getByText('Unknown for 3: the KPI "search_success" has no score').waitFor();
    await dialog.getByRole("button", { name: "Put it in force" }).click();
    const table = page.getByRole("table", { name: "Value by use case" });
    await table.getByText("3.25×").waitFor();
    await table.getByRole("link", { name: "version 1" }).click();
    await page.getByRole("button", { name: "Take out of force" }).click();
    await page.getByText("No policy in force").waitFor();
    expect(opened.faults).toEqual([]);
  });

  test("a channel's secret is shown once, a failed test says why, and a rule tells the channel", async () => {
    await using server = await serve();
    await using opened = await openPage(browser, `${server.url}/alerts?tab=channels`);
    const { page } = opened;
    const dialog = page.getByRole("dialog");
    await page.getByRole("button", { name: "Create a channel" }).click();
    await dialog.getByLabel("Name").fill("Ops");
    await dialog.getByLabel("Address that is called").fill("https://ops.example/hook?key=hidden");
    await dialog.getByRole("button", { name: "Create the channel" }).click();
    await dialog.getByText("whsec_TOLDONCE").waitFor();
    await dialog.getByRole("button", { name: "Done" }).click();
    await page.getByText("webhook: https://ops.example").waitFor();
    expect(await page.getByText("hidden").count()).toBe(0);
    await page.getByRole("button", { name: "Send a test" }).click();
    await page.getByText("It answered 503.").waitFor();
    await page.getByRole("tab", { name: "Rules" }).click();
    await page.getByRole("button", { name: "Tell when any limit reaches its threshold" }).click();
    await page.getByRole("table", { name: "Rules" }).getByRole("cell", { name: "Ops" }).waitFor();
    await page.getByRole("tab", { name: "History" }).click();
    await page.getByText("Pager <b>: given up after 8 attempts").waitFor();
    expect(opened.faults).toEqual([]);
  });

  test("a voided request keeps its place, says why and costs nothing", async () => {
    await using server = await serve();
    await using opened = await openPage(browser, `${server.url}/requests?request=req_00000003`);
    const { page } = opened;
    const cost = page.getByRole("dialog", { name: "Request" }).locator("data").first();
    expect(await cost.innerText()).not.toBe("$0");
    await page.getByRole("button", { name: "Void" }).click();
    const dialog = page.getByRole("dialog", { name: "Void this request" });
    await dialog.getByLabel("Why").fill("billed twice");
    await dialog.getByRole("button", { name: "Take its cost back" }).click();
    await page.getByText(/taken back by dashboard.*billed twice/).waitFor();
    expect(await page.getByRole("button", { name: "Void", exact: true }).count()).toBe(0);
    expect(await cost.innerText()).toBe("$0");
    expect(opened.faults).toEqual([]);
  });

  test("versions of a use case stand side by side with their KPIs, and lead to their requests", async () => {
    await using server = await serve();
    await using opened = await openPage(browser, `${server.url}/use-cases/trail_finder?tab=versions`);
    const { page } = opened;
    const row = page.getByRole("table", { name: "Versions side by side" }).locator("tbody tr").first();
    await row
      .getByText(/of the goal/)
      .first()
      .waitFor();
    const requests = await row.getByRole("link").innerText();
    await row.getByRole("link").click();
    await page.getByText(/^Version: \d+$/).waitFor();
    await expect.poll(() => page.getByRole("table").locator("tbody tr").count()).toBe(Number(requests));
    expect(opened.faults).toEqual([]);
  });
});
