/** A production build of Next.js: the README's program, clients at module scope, an action, `instrumentation.ts`. */
import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire, stripTypeScriptTypes } from "node:module";
import { dirname, join } from "node:path";

import { afterEach, expect, test } from "vitest";

import { freePort } from "../packages/core/test/free-port.ts";
import { startPlatform, until } from "../packages/core/test/support.ts";
import { startProvider } from "../packages/core/test/transparency/provider.ts";

const root = new URL("../", import.meta.url).pathname;
const releases: (() => void)[] = [];

afterEach(() => {
  for (const release of releases.splice(0).toReversed()) release();
});

/** The files of the README's program, by the comment in their first line; as JavaScript, so that Next needs no compiler. */
function readmeFiles(): Readonly<Record<string, string>> {
  const readme = readFileSync(new URL("../packages/next/README.md", import.meta.url), "utf8");
  const blocks = [...readme.matchAll(/```ts\n\/\/ (\S+)\.ts\n([\s\S]*?)```/g)];
  return Object.fromEntries(blocks.map(([, file, code]) => [`${file}.js`, stripTypeScriptTypes(code ?? "")]));
}

const README = readmeFiles();

const FILES: Readonly<Record<string, string>> = {
  "package.json": JSON.stringify({ name: "next-app", private: true, type: "module" }),
  ...README,
  // A temporary folder inside a workspace: Next has to be told where it ends, and the SDK whose prices the loopback has.
  "next.config.js": (README["next.config.js"] ?? "").replace(
    "withPayi({})",
    `withPayi({ turbopack: { root: ${JSON.stringify(root)} }, experimental: { cpus: 1 } })`,
  ),
  "instrumentation.js": (README["instrumentation.js"] ?? "").replace(
    "payiInstrument()",
    "payiInstrument({ config: { hostMappings: { [process.env.PROVIDER_HOST]: {} } } })",
  ),
  "app/layout.jsx":
    "export default function Layout({ children }) { return <html><body>{children}</body></html>; }",
  "app/page.jsx": `
import { find } from "./actions.js";
export const dynamic = "force-dynamic";
export default function Page() { return <form action={find}><input name="near" /></form>; }
`,
  "app/found/page.jsx": "export default function Found() { return <p>found</p>; }",
  "app/actions.js": `
"use server";
import OpenAI from "openai";
import { redirect } from "next/navigation";
import { cookies } from "next/headers";
import { withTracking } from "@payi/next";
const openai = new OpenAI();
const track = withTracking.action(
  async (form) => {
    const messages = [{ role: "user", content: String(form.get("near")) }];
    await openai.chat.completions.create({ model: "gpt-5", messages });
    redirect("/found");
  },
  { useCaseName: "next_action", userId: async () => (await cookies()).get("user")?.value },
);
export async function find(form) { return track(form); }
`,
  "app/api/ask/route.js": `
import OpenAI from "openai";
import { withTracking } from "@payi/next";
export const dynamic = "force-dynamic";
const openai = new OpenAI();
const messages = [{ role: "user", content: "hello" }];
export const GET = withTracking(
  async () => {
    const words = [];
    const stream = await openai.chat.completions.create({ model: "gpt-5", messages, stream: true });
    for await (const chunk of stream) words.push(chunk.choices[0].delta.content ?? "");
    return Response.json({ words: words.join("") });
  },
  { useCaseName: "next_route", userId: "jane", exposeCost: true },
);
`,
};

/** The newest; with `PAYI_MATRIX` also the other end of the range, which takes another build. */
const VERSIONS = process.env["PAYI_MATRIX"] === undefined ? ["next"] : ["next", "next-15"];

test.each(VERSIONS)(
  "a production app on %s records each call once, with usage, context and outcome",
  async (version) => {
    await using provider = await startProvider();
    await using platform = await startPlatform();
    const environment = {
      PATH: process.env["PATH"] ?? "",
      NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
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
    const folder = mkdtempSync(new URL("../packages/next/next-app-", import.meta.url).pathname);
    releases.push(() => rmSync(folder, { recursive: true, force: true }));
    for (const [name, text] of Object.entries(FILES)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    mkdirSync(join(folder, "node_modules/@payi"), { recursive: true });
    // A copy, so that it finds the application's Next.js, as an installed package does, and not the one beside its sources.
    for (const part of ["package.json", "dist"]) {
      cpSync(join(root, "packages/next", part), join(folder, "node_modules/@payi/next", part), {
        recursive: true,
      });
    }
    symlinkSync(join(root, "packages/core"), join(folder, "node_modules/@payi/core"));
    symlinkSync(join(root, "packages/next/node_modules", version), join(folder, "node_modules/next"));
    const next = createRequire(join(root, "packages/next/package.json")).resolve(`${version}/dist/bin/next`);
    const built = spawnSync(process.execPath, [next, "build", folder], {
      env: environment,
      encoding: "utf8",
    });
    expect(`${String(built.status)} ${built.stdout}${built.stderr}`).toMatch(/^0 /);

    const port = await freePort();
    const server = spawn(process.execPath, [next, "start", folder, "-H", "127.0.0.1", "-p", String(port)], {
      env: environment,
    });
    let output = "";
    server.stdout.on("data", (text: Buffer) => (output += text.toString()));
    server.stderr.on("data", (text: Buffer) => (output += text.toString()));
    releases.push(() => server.kill("SIGKILL"));
    await until(() => output.includes("Ready"), "next start");
    const url = `http://127.0.0.1:${port}`;

    const answer = await fetch(`${url}/api/ask`);
    expect(await answer.json()).toEqual({ words: "word 0 word 1 word 2 word 3 word 4 word 5 " });
    expect(Number(answer.headers.get("x-payi-cost"))).toBeGreaterThan(0);

    const trails = await fetch(`${url}/api/trails`, {
      method: "POST",
      headers: { "x-user": "omar" },
      body: "Trails near Moab?",
    });
    expect(await trails.text()).toContain("message_stop");

    const page = await (await fetch(url)).text();
    const form = new FormData();
    form.set(/name="(\$ACTION_ID_\w+)"/.exec(page)?.[1] ?? "none", "");
    form.set("near", "Moab");
    const redirected = await fetch(url, {
      method: "POST",
      body: form,
      headers: { cookie: "user=ada" },
      redirect: "manual",
    });
    expect([redirected.status, redirected.headers.get("location")]).toEqual([303, "/found"]);

    await until(() => platform.events.length === 3, "three events");
    expect(platform.events).toMatchObject([
      {
        category: "system.openai",
        useCaseName: "next_route",
        userId: "jane",
        useCaseId: answer.headers.get("x-payi-use-case-id"),
        units: { text: { input: 9, output: 6 } },
      },
      {
        category: "system.anthropic",
        useCaseName: "trail_finder",
        userId: "omar",
        useCaseId: trails.headers.get("x-payi-use-case-id"),
        units: { text: { input: 25, output: 40 } },
      },
      { category: "system.openai", useCaseName: "next_action", userId: "ada" },
    ]);
    const successes = (): unknown[] =>
      platform.scores.filter(({ path }) => path.endsWith("/kpis/success")).map(({ score }) => score);
    await until(() => successes().length === 3, "three successes");
    expect(successes()).toEqual([true, true, true]);
  },
  240_000,
);
