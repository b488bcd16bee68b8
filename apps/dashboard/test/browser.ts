import { existsSync } from "node:fs";

import { type Browser, type Page, chromium } from "playwright-core";

const executablePath: string = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

/** Outside of CI the browser tests may be left out where there is no Chromium. */
export const isBrowserMissing: boolean = process.env["CI"] === undefined && !existsSync(executablePath);

export async function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath, args: ["--no-sandbox"] });
}

/** A page that keeps what goes wrong in it; closed with `await using`. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors of the console, uncaught exceptions and breaches of the content security policy. */
  readonly faults: string[];
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}

export async function openPage(
  browser: Browser,
  url: string,
  size: { readonly width: number; readonly height: number } = { width: 1440, height: 900 },
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: size, reducedMotion: "reduce" });
  // The browser of a busy machine is slow.
  context.setDefaultTimeout(120_000);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(error.message));
  await page.goto(url);
  return { page, faults, [Symbol.asyncDispose]: () => context.close() };
}
