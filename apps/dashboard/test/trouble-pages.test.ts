/** A platform that does not answer, or says no: nothing that is not known looks like nothing. */
import { type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";

import { isBrowserMissing, openChromium } from "../../../test/chromium.ts";
import { openPage } from "./browser.ts";
import { type FixtureServer, startFixtureServer } from "./fixture-server.ts";

const FORBIDDEN = {
  statusCode: 403,
  message: "This key may send events, and not read.",
  xproxy_error: { code: "forbidden", message: "This key may send events, and not read." },
};

describe.skipIf(isBrowserMissing)("in Chromium, in trouble", () => {
  let browser: Browser;
  const serve = (): Promise<FixtureServer> =>
    startFixtureServer({ root: inject("builtDashboard"), size: "little" });

  beforeAll(async () => {
    browser = await openChromium();
  });

  afterAll(async () => {
    await browser.close();
  });

  async function refuseAll(page: Page): Promise<void> {
    await page.route("**/api/v1/**", (route) => route.fulfill({ status: 403, json: FORBIDDEN }));
  }

  test.each(["/", "/explore", "/requests", "/use-cases", "/accounts", "/limits", "/limits/daily", "/value"])(
    "%s says what was refused and what to do, and waits for nothing",
    async (path) => {
      await using server = await serve();
      await using opened = await openPage(browser, `${server.url}${path}`, { before: refuseAll });
      const { page } = opened;
      await page.getByRole("alert").getByText("Sign in with a key that may.").first().waitFor();
      await expect.poll(() => page.locator("main").getByText("Loading").count()).toBe(0);
    },
  );

  test("a figure that does not come is a dash that says why, and no event is not the same as none", async () => {
    await using server = await serve();
    const url = `${server.url}/use-cases/trail_finder`;
    await using opened = await openPage(browser, url, { before: refuseAll });
    const { page } = opened;
    const spend = page.getByRole("group", { name: "Spend", exact: true });
    await spend.getByTitle(FORBIDDEN.message).waitFor();
    await page.goto(`${server.url}/requests`);
    const strip = page.getByLabel("Coverage of this period");
    await strip.waitFor();
    expect(await strip.innerText()).not.toMatch(/none yet|\d/);
  });

  test("figures come back by themselves once the platform is there again", async () => {
    await using server = await serve();
    await using opened = await openPage(browser, `${server.url}/requests`, {
      before: (page) => page.route("**/api/v1/analytics/**", (route) => route.abort()),
    });
    const { page } = opened;
    await page.getByText("The platform cannot be reached.").first().waitFor({ timeout: 60_000 });
    await page.unroute("**/api/v1/analytics/**");
    await page.getByRole("button", { name: "Try again" }).click();
    await expect.poll(() => page.locator("tbody tr").count()).toBe(3);
  });
});
