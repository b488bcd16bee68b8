/** A production build of Next.js: clients at module scope, streams, instrumentation in `register()`. */
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { type AddressInfo } from "node:net";
import { dirname, join } from "node:path";

import { afterEach, expect, test } from "vitest";

import { startPlatform, until } from "../support.ts";
import { startProvider } from "../transparency/provider.ts";

const root = new URL("../../../../", import.meta.url).pathname;
const releases: (() => void)[] = [];

afterEach(() => {
  for (const release of releases.splice(0).toReversed()) release();
});

const FILES: Readonly<Record<string, string>> = {
  "package.json": JSON.stringify({ name: "next-app", private: true, type: "module" }),
  "next.config.mjs": `
import { withPayi } from "@payi/core/next-config";
export default withPayi({ turbopack: { root: ${JSON.stringify(root)} } });
`,
  "instrumentation.js": `
export async function register() {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { payiInstrument } = await import("@payi/core");
  payiInstrument({ config: { hostMappings: { [process.env.PROVIDER_HOST]: {} } } });
}
`,
  "app/layout.jsx":
    "export default function Layout({ children }) { return <html><body>{children}</body></html>; }",
  "app/page.jsx": "export default function Page() { return <p>hello</p>; }",
  "app/api/ask/route.js": `
import OpenAI from "openai";
import Anthropic from "@anthropic-ai/sdk";
import { trackContext } from "@payi/core";
export const dynamic = "force-dynamic";
const openai = new OpenAI();
const anthropic = new Anthropic();
const messages = [{ role: "user", content: "hello" }];
export async function GET() {
  return trackContext({ useCaseName: "next_route", userId: "jane" }, async () => {
    const words = [];
    const stream = await openai.chat.completions.create({ model: "gpt-5", messages, stream: true });
    for await (const chunk of stream) words.push(chunk.choices[0].delta.content ?? "");
    const message = await anthropic.messages
      .stream({ model: "claude-sonnet-4-6", max_tokens: 9, messages })
      .finalMessage();
    return Response.json({ words: words.join(""), id: message.id });
  });
}
`,
};

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

test("a Next.js production app records each call once, with usage and context", async () => {
  await using provider = await startProvider();
  await using platform = await startPlatform();
  const environment = {
    PATH: process.env["PATH"] ?? "",
    HOME: process.env["HOME"] ?? "/tmp",
    NODE_ENV: "production" as const,
    NEXT_TELEMETRY_DISABLED: "1",
    PAYI_API_KEY: "k",
    PAYI_BASE_URL: platform.url,
    OPENAI_API_KEY: "k",
    OPENAI_BASE_URL: `${provider.url}/v1`,
    ANTHROPIC_API_KEY: "k",
    ANTHROPIC_BASE_URL: provider.url,
    PROVIDER_HOST: provider.host,
  };
  // Next loads the package as an application would: built.
  spawnSync(process.execPath, [
    join(root, "node_modules/typescript/bin/tsc"),
    "-b",
    join(root, "packages/core"),
  ]);
  const folder = mkdtempSync(new URL("../../next-app-", import.meta.url).pathname);
  releases.push(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const next = createRequire(import.meta.url).resolve("next/dist/bin/next");
  const built = spawnSync(process.execPath, [next, "build", folder], { env: environment, encoding: "utf8" });
  expect(`${String(built.status)} ${built.stdout}${built.stderr}`).toMatch(/^0 /);

  const port = await freePort();
  const server = spawn(process.execPath, [next, "start", folder, "-H", "127.0.0.1", "-p", String(port)], {
    env: environment,
  });
  let output = "";
  server.stdout.on("data", (text: Buffer) => (output += text.toString()));
  server.stderr.on("data", (text: Buffer) => (output += text.toString()));
  releases.push(() => server.kill("SIGKILL"));
  await until(() => output.includes("Ready"), "next start", 30_000);
  const answer = await fetch(`http://127.0.0.1:${port}/api/ask`);
  expect(await answer.json()).toEqual({ words: "word 0 word 1 word 2 word 3 word 4 word 5 ", id: "msg_1" });
  await until(() => platform.events.length === 2, "both events", 10_000);
  expect(platform.events).toMatchObject([
    {
      category: "system.openai",
      useCaseName: "next_route",
      userId: "jane",
      units: { text: { input: 9, output: 6 } },
    },
    {
      category: "system.anthropic",
      useCaseName: "next_route",
      userId: "jane",
      units: { text: { input: 25, output: 40 } },
    },
  ]);
}, 240_000);
