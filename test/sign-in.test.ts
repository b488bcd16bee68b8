/** Members in a browser: from the address that the server prints to an invitation, a sign-out and a refusal. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { isBrowserMissing, openChromium } from "./chromium.ts";
import { PAGE_MS } from "./house.ts";

const MAIN =
  process.env["PAYI_TEST_SERVER"] ?? fileURLToPath(new URL("../apps/server/src/main.ts", import.meta.url));
const DENIED = /status of 40[01]/;

describe.skipIf(isBrowserMissing)("signing in, in Chromium", () => {
  let directory: string;
  let child: ChildProcess;
  const faults: string[] = [];
  let browser: Browser;
  let link: string;
  let origin: string;

  beforeAll(async () => {
    faults.length = 0;
    directory = mkdtempSync(join(tmpdir(), "payi-sign-in-"));
    child = spawn(process.execPath, ["--conditions=@payi/source", MAIN, "serve"], {
      env: {
        PATH: process.env["PATH"],
        NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
        PORT: "0",
        PAYI_DATA_DIR: directory,
        PAYI_PARENT_PID: String(process.pid),
      },
      stdio: ["ignore", "pipe", "inherit"],
    });
    link = await new Promise((resolve, reject) => {
      let out = "";
      child.stdout?.on("data", (chunk: unknown) => {
        out += String(chunk);
        const [printed] = /http:\S+\/set-up#\S+(?=\n)/.exec(out) ?? [];
        if (printed !== undefined) resolve(printed);
      });
      child.once("exit", () => reject(new Error(`The server ended: ${out}`)));
    });
    ({ origin } = new URL(link));
    browser = await openChromium();
  });

  afterAll(async () => {
    await browser?.close();
    child.kill();
    rmSync(directory, { recursive: true, force: true });
  });

  async function open(url: string): Promise<Page> {
    const context = await browser.newContext();
    context.setDefaultTimeout(PAGE_MS);
    const page = await context.newPage();
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error" && !DENIED.test(message.text())) faults.push(message.text());
    });
    await page.goto(url);
    return page;
  }

  test("the first member makes keys and invites another, who sees figures and no settings", async () => {
    const owner = await open(link);
    await owner.getByLabel("E-mail address").fill("ann@example.com");
    await owner.getByLabel("New password").fill("a good long sentence");
    await owner.getByRole("button", { name: "Become the owner" }).click();
    await owner.waitForURL(`${origin}/`);

    await owner.goto(`${origin}/settings`);
    await owner.getByRole("button", { name: "Create a key" }).click();
    await owner.getByLabel("Name: where").fill("production");
    await owner.getByRole("button", { name: "Create the key" }).click();
    const key = (await owner.locator("pre").innerText()).trim();
    await owner.getByRole("button", { name: "I have put it away" }).click();
    const reading = await fetch(`${origin}/api/v1/limits`, { headers: { authorization: `Bearer ${key}` } });
    expect([reading.status, await reading.text()]).toEqual([
      403,
      expect.stringContaining("permission_denied"),
    ]);

    await owner.getByRole("tab", { name: "Members" }).click();
    await owner.getByRole("button", { name: "Invite a member" }).click();
    await owner.getByLabel("E-mail address").fill("bob@example.com");
    await owner.getByRole("button", { name: "Make the invitation" }).click();
    const invitation = (await owner.locator("pre").innerText()).trim();

    const bob = await open(invitation);
    await bob.getByLabel("New password").fill("another long sentence");
    await bob.getByRole("button", { name: "Choose this password" }).click();
    await bob.waitForURL(`${origin}/`);
    await bob.goto(`${origin}/settings`);
    await bob.getByText("Settings are for administrators").waitFor();
    await bob.getByRole("button", { name: "Sign out" }).click();
    await bob.getByLabel("Password").waitFor();
    expect(await bob.context().cookies()).toEqual([]);

    await owner.goto(`${origin}/settings?tab=audit`);
    await owner.getByRole("cell", { name: "bob@example.com" }).first().waitFor();
  });

  test("no other page shows the platform in a frame, reads its answers or uses its cookie", async () => {
    const page = await open(`${origin}/sign-in`);
    await page.getByLabel("E-mail address").fill("ann@example.com");
    await page.getByLabel("Password").fill("a good long sentence");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.waitForURL(`${origin}/`);
    const cookies = await page.context().cookies();
    expect(cookies).toMatchObject([{ httpOnly: true, sameSite: "Lax", path: "/" }]);
    expect(await page.evaluate<string>("document.cookie")).toBe("");
    // Another site, as far as a browser is concerned: localhost by another name.
    const foreign = await page.context().newPage();
    await foreign.route("http://elsewhere.example/", (route) =>
      route.fulfill({ contentType: "text/html", body: `<iframe src="${origin}/"></iframe>` }),
    );
    await foreign.goto("http://elsewhere.example/");
    const tried = await foreign.evaluate(async (platform) => {
      const headers = { "content-type": "application/json" };
      const attempts: RequestInit[] = [
        { credentials: "include" },
        { credentials: "include", method: "POST", headers, body: '{"name":"stolen"}' },
      ];
      const answers = [];
      for (const attempt of attempts) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        answers.push(await fetch(`${platform}/api/v1/keys`, attempt).then(String, () => "refused"));
      }
      return answers;
    }, origin);
    expect(tried).toEqual(["refused", "refused"]);
    await page.goto(`${origin}/settings`);
    await page.getByRole("cell", { name: "production" }).waitFor();
    expect(await page.getByRole("cell", { name: "stolen" }).count()).toBe(0);
    expect(foreign.frames().map((frame) => frame.url())).not.toContain(`${origin}/`);
  });

  test("nothing went wrong in any page, its content security policy included", () => {
    const ours = faults.filter((fault) => !/elsewhere|CORS|frame-ancestors|ERR_FAILED/i.test(fault));
    expect(ours).toEqual([]);
  });
});
