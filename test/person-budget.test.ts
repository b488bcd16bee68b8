/**
 * What a person does who wants nobody to spend more than a dollar a day: sets the limit, searches until it refuses, gets
 * the alert, and sees it on the dashboard. Every part is a process of its own.
 */
import { type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { type Receiver, openWebhook, startReceiver } from "../apps/server/test/receiver.ts";
import { isBrowserMissing, openChromium } from "./chromium.ts";
import { API_KEY, type House, PAGE_MS, openHouse, read, search, until } from "./house.ts";

const LIMIT = "Trailblazer per person and day";
/** One for each attempt: a budget is spent once. */
const SPENDERS = ["ben", "omar", "li"];
/** Of four searches each: far more than a dollar pays for. */
const MOST_ROUNDS = 50;

interface Alert {
  readonly type: string;
  readonly data: { readonly title: string; readonly facts: Readonly<Record<string, unknown>> };
}

describe.skipIf(isBrowserMissing)("a dollar for each person and day", () => {
  let house: House;
  let receiver: Receiver;
  let browser: Browser;
  let page: Page;
  let secret: string;
  let limitId: string;
  let spender = "";

  beforeAll(async () => {
    receiver = await startReceiver();
    [house, browser] = await Promise.all([
      openHouse({ PAYI_WEBHOOK_ALLOWED_HOSTS: "http://127.0.0.1:*" }),
      openChromium(),
    ]);
    page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
    page.setDefaultTimeout(PAGE_MS);
  });

  afterAll(async () => {
    await browser?.close();
    await house?.[Symbol.asyncDispose]();
    await receiver?.[Symbol.asyncDispose]();
  });

  async function write(path: string, body: object): Promise<Record<string, string>> {
    const response = await fetch(`${house.platformUrl}/api/v1${path}`, {
      method: "POST",
      headers: { "xproxy-api-key": API_KEY, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(201);
    return (await response.json()) as Record<string, string>;
  }

  async function billed(): Promise<number> {
    const ledger = (await (await fetch(`${house.simulatorUrl}/ledger`)).json()) as { count: number };
    return ledger.count;
  }

  /** What went out while the platform did not answer in time: events say so of themselves. A busy machine may be that slow. */
  async function spentUnchecked(): Promise<number> {
    const path = `/analytics/requests?user_id=${spender}&property.system.limit_check=unreachable&limit=1000`;
    const { items } = await read<{ items: { cost: string }[] }>(house, path);
    return items.reduce((sum, { cost }) => sum + Number(cost), 0);
  }

  /** What the spender's budget says. */
  async function standing(): Promise<{ readonly spent: number; readonly held: string }> {
    const path = `/limits/${limitId}/windows?value=${spender}`;
    const { items } = await read<{ items: { spent: string; held: string }[] }>(house, path);
    return { spent: Number(items[0]?.spent), held: items[0]?.held ?? "" };
  }

  /** The first of its kind that is about the spender. */
  async function arrived(type: string): Promise<Alert> {
    for (let count = 1; ; count += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one alert after the other
      const alerts = (await receiver.arrived(count)).map((one) => openWebhook(secret, one) as Alert);
      const found = alerts.find(
        ({ type: kind, data }) => kind === type && data.title.includes(`of ${spender} `),
      );
      if (found !== undefined) return found;
      count = alerts.length;
    }
  }

  test("is set on Trailblazer's page, with a signed webhook for what it tells", async () => {
    const channel = await write("/alerts/channels", {
      name: "ops",
      kind: "webhook",
      url: `${receiver.url}/hook`,
    });
    ({ secret = "" } = channel);
    for (const kind of ["limit_threshold", "limit_blocked"]) {
      // oxlint-disable-next-line no-await-in-loop -- two rules
      await write("/alerts/rules", { name: kind, kind, channels: [channel["id"]] });
    }
    await page.goto(house.trailblazerUrl);
    await page.selectOption("#person", "jane");
    await page.goto(`${house.trailblazerUrl}/admin`);
    expect(await page.inputValue("#usd")).toBe("1");
    await page.click("text=Set the limit");
    await page.waitForSelector("text=of $1, refuses");
    const { items } = await read<{ items: Record<string, string>[] }>(house, "/limits");
    const limit = items.find((item) => item["limit_name"] === LIMIT);
    expect(limit).toMatchObject({ limit_type: "block", max: 1, per: "user_id", period: "day" });
    limitId = limit?.["limit_id"] ?? "";
  });

  test("stops a loop of searches before a cent more is spent, and says when it starts again", async () => {
    spender = SPENDERS.shift() ?? "ben";
    const billedBefore = await billed();
    let passed = 0;
    const searchIn = async (windows: number): Promise<Response | undefined> => {
      const answers = await Promise.all(Array.from({ length: windows }, () => search(house, spender)));
      const found = answers.filter(({ status }) => status === 200);
      await Promise.all(found.map((answer) => answer.text()));
      passed += found.length;
      return answers.find(({ status }) => status !== 200);
    };
    const settled = (): Promise<void> =>
      until(async () => (await standing()).held === "0", "the events of all searches to arrive");
    let refused: Response | undefined;
    for (let round = 0; refused === undefined && round < MOST_ROUNDS; round += 1) {
      // oxlint-disable-next-line no-await-in-loop -- somebody who cannot stop
      if ((await searchIn(round === 0 ? 1 : 4)) === undefined && round > 0) continue;
      // What is held for other windows may refuse as well; nothing is left once one search alone is refused.
      // oxlint-disable-next-line no-await-in-loop
      await settled();
      // oxlint-disable-next-line no-await-in-loop
      refused = await searchIn(1);
    }
    expect(passed).toBeGreaterThan(20);
    expect(refused?.status).toBe(429);
    expect(refused?.headers.get("content-type")).toContain("application/problem+json");
    const midnight = new Date().setUTCHours(24, 0, 0, 0);
    const seconds = Number(refused?.headers.get("retry-after"));
    expect(Math.abs(Date.now() + 1_000 * seconds - midnight)).toBeLessThan(60_000);
    expect(await refused?.json()).toMatchObject({ status: 429, limitName: LIMIT });
    expect((await billed()) - billedBefore).toBe(passed);
    const { spent } = await standing();
    expect(spent).toBeGreaterThan(0.9);
    expect(spent - (await spentUnchecked())).toBeLessThanOrEqual(1);
    const others = await search(house, "sofia");
    expect(others.status).toBe(200);
    await others.text();
  });

  test("is told once to the webhook: signed, whose it is, and how much was spent", async () => {
    expect((await arrived("alert.limit_threshold")).data.title).toBe(
      `Limit ${LIMIT} of ${spender} has reached 80 % of its budget`,
    );
    const alert = await arrived("alert.limit_blocked");
    expect(alert.data).toMatchObject({
      title: `Limit ${LIMIT} of ${spender} refuses calls`,
      facts: { limit_id: limitId, value: spender, max: "1" },
    });
    // One that is cheaper than the one refused may still fit.
    let again = await search(house, spender);
    for (let round = 0; again.status === 200 && round < MOST_ROUNDS; round += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one search after the other
      await again.text();
      // oxlint-disable-next-line no-await-in-loop
      again = await search(house, spender);
    }
    expect(again.status).toBe(429);
    const { items } = await read<{ items: { kind: string; subject: string }[] }>(house, "/alerts/history");
    const told = items.filter(({ kind, subject }) => kind === "limit_blocked" && subject.endsWith(spender));
    expect(told).toHaveLength(1);
  });

  test("shows on the dashboard as a bar, whose it is, and the calls that it refused", async () => {
    await page.goto(`${house.platformUrl}/limits`);
    await page.getByRole("link", { name: LIMIT }).click();
    await page.getByRole("heading", { name: /^Budget with the most spent: (?:ben|omar|li)$/ }).waitFor();
    const meter = page.getByRole("meter").first();
    expect(await meter.getAttribute("aria-valuetext")).toMatch(/^\d+(?:\.\d)?% of \$1(?:\.00)? used/);
    expect(Number(await meter.getAttribute("aria-valuenow"))).toBeGreaterThan(50);
    await page.getByRole("tab", { name: "Requests" }).click();
    const rows = page.getByRole("table", { name: "Requests it was charged with" }).locator("tbody tr");
    await rows.filter({ hasText: "sofia" }).first().waitFor();
    expect(await rows.filter({ hasText: "blocked" }).count()).toBeGreaterThan(0);
  });
});
