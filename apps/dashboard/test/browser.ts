import { type Browser, type Page } from "playwright-core";

/** A page that keeps what goes wrong in it; closed with `await using`. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors of the console, uncaught exceptions and breaches of the content security policy. */
  readonly faults: string[];
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}

export interface PageOptions {
  readonly size?: { readonly width: number; readonly height: number };
  /** What is to happen before the page is loaded. */
  readonly before?: (page: Page) => Promise<unknown>;
}

export async function openPage(
  browser: Browser,
  url: string,
  { size = { width: 1440, height: 900 }, before }: PageOptions = {},
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
  await before?.(page);
  await page.goto(url);
  return { page, faults, [Symbol.asyncDispose]: () => context.close() };
}
