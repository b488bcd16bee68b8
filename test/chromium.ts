import { existsSync } from "node:fs";

import { type Browser, chromium } from "playwright-core";

const executablePath: string = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const isThere = existsSync(executablePath);
if (!isThere) console.warn(`SKIPPED: no Chromium at ${executablePath}; set CHROMIUM to where it is.`);

/** Outside of CI the tests in a browser may be left out where there is no Chromium. */
export const isBrowserMissing: boolean = process.env["CI"] === undefined && !isThere;

/**
 * What Playwright switches off, since of two switches of one name the last counts, and two more: the drop-downs of the
 * address bar. Chromium loads both as web pages for every window, which took longer than the page of the test.
 */
const OFF = [
  "AimEnabled",
  "AvoidCorsURLLoaderRestartOnRedirect",
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsFirstBalancedModeAutoEnable",
  "HttpsUpgrades",
  "LensOverlay",
  "MediaRouter",
  "NetworkTimeServiceQuerying",
  "OptimizationHints",
  "PaintHolding",
  "PreconnectToSearch",
  "ThirdPartyStoragePartitioning",
  "WebUIOmniboxAimPopup",
  "WebUIOmniboxPopup",
];

export async function openChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", `--disable-features=${OFF.join(",")}`],
  });
}
