import { createServer } from "node:http";

import { createClient } from "@payi/core";
import { type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { isBrowserMissing, openChromium } from "../../../test/chromium.ts";
import { Judge } from "../src/judge/judge.ts";
import { listen } from "../src/process/listen.ts";
import { createTrailblazer } from "../src/server.ts";
import { areaNames } from "../src/trail-guide.ts";
import { type SimulatedProviders, startProviders } from "./support.ts";

describe.skipIf(isBrowserMissing)("in Chromium", () => {
  let providers: SimulatedProviders;
  let open: (theme?: "dark") => Promise<{ page: Page; troubles: string[] }>;
  let close: () => Promise<void>;

  beforeAll(async () => {
    providers = await startProviders();
    const server = createServer(
      createTrailblazer({
        providers,
        forwardHeaders: (header) => ({ "x-simulate": header("x-simulate") ?? "" }),
        judge: new Judge(providers, undefined),
        platform: createClient({ apiKey: "test", baseUrl: "http://127.0.0.1:1" }),
        dashboardUrl: "http://dashboard.test",
        simulated: true,
      }),
    );
    const url = await listen(server, 0, "TRAILBLAZER_PORT");
    const browser = await openChromium();
    open = async (theme) => {
      const colorScheme = theme ?? "light";
      const viewport = theme === "dark" ? { width: 360, height: 740 } : { width: 1200, height: 900 };
      const page = await browser.newPage({ colorScheme, viewport });
      const troubles: string[] = [];
      page.on("pageerror", (error) => troubles.push(error.message));
      page.on("console", (message) => message.type() === "error" && troubles.push(message.text()));
      await page.goto(url);
      return { page, troubles };
    };
    close = async () => {
      await browser.close();
      server.close();
      server.closeAllConnections();
      await providers.simulator.close();
    };
  });

  afterAll(() => close?.());

  test("a person searches, sees trails, rates them and gets a link to the search's cost", async () => {
    const { page, troubles } = await open();
    await page.selectOption("#person", "sofia");
    expect(await page.inputValue("[name=vehicleMake]")).toBe("Land Rover");
    const places = await page.$$eval("#places option", (options) => options.map((option) => option.value));
    expect(places).toEqual(areaNames());
    await page.fill("[name=location]", "Ouray, Colorado");
    await page.check("[name=difficulty][value=hard]", { force: true });
    await page.click("text=Find trails");
    await page.waitForSelector("text=4 trails for you");
    expect(await page.locator(".trail h2").allTextContents()).toContain("Black Bear Pass");
    expect(await page.getAttribute("#dashboard", "href")).toMatch(
      /^http:\/\/dashboard\.test\/use-cases\/trail_finder\/[0-9a-f-]{36}$/,
    );
    await page.click("[data-helpful=true]");
    await page.waitForSelector("#thanks:not([hidden])");
    expect(troubles).toEqual([]);
  });

  test("a search that is made to fail says what happened and can be tried again", async () => {
    const { page } = await open();
    await page.selectOption("#fault", "529");
    await page.click("text=Find trails");
    await page.waitForSelector("text=The model failed: Overloaded");
    expect(await page.locator(".trail").count()).toBe(0);
    await page.selectOption("#fault", "");
    await page.click("text=Find trails");
    await page.waitForSelector("text=4 trails for you");
    expect(await page.locator(".trail").count()).toBe(4);
  });

  test("Stop ends the search and the model", async () => {
    const { page } = await open();
    await page.selectOption("#fault", "slow:4000");
    const before = providers.simulator.ledger().count;
    await page.click("text=Find trails");
    await page.click("text=Stop");
    await page.waitForSelector("text=Stopped.");
    await expect.poll(() => providers.simulator.ledger().count).toBe(before + 1);
    expect(providers.simulator.ledger().entries.at(-1)?.finished).toBe(false);
  });

  test("on a small dark screen nothing is wider than the screen", async () => {
    const { page, troubles } = await open("dark");
    await page.click("text=Find trails");
    await page.waitForSelector("text=4 trails for you");
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(360);
    expect(troubles).toEqual([]);
  });
});
