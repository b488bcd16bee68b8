/** The programs in the READMEs run as they are printed, against a provider and a platform on loopback. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { type Server, createServer } from "node:http";
import { type AddressInfo } from "node:net";

import { afterEach, expect, test } from "vitest";

import { filesOf, writeRecipe } from "./recipe-files.ts";

const root = new URL("../", import.meta.url);
const releases: (() => unknown)[] = [];

afterEach(async () => {
  for (const release of releases.splice(0).toReversed()) await release();
});

/** The first TypeScript program of a README. */
function program(readme: string): string {
  const text = readFileSync(new URL(readme, root), "utf8");
  const code = /```ts\n([\s\S]*?)```/.exec(text)?.[1];
  if (code === undefined) throw new Error(`${readme} has no program.`);
  return code;
}

/** The app of a recipe, beside the other files that it tells to write. */
function recipe(page: string): { readonly folder: string; readonly code: string } {
  const { folder, release } = writeRecipe(page);
  releases.push(release);
  return { folder, code: filesOf(page)["app.ts"] ?? "" };
}

async function serve(answer: (body: string, url: string) => object): Promise<string> {
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(answer(Buffer.concat(chunks).toString(), request.url ?? "")));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  releases.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

interface Run {
  readonly child: ChildProcess;
  readonly events: Record<string, unknown>[];
  readonly output: () => string;
}

/** Starts a program from a file beside its README, where its imports resolve as they would for a reader. */
async function run(folder: string, code: string): Promise<Run> {
  const events: Record<string, unknown>[] = [];
  const provider = await serve((body) => ({
    id: `msg_${Math.random()}`,
    type: "message",
    role: "assistant",
    model: (JSON.parse(body) as { model: string }).model,
    content: [{ type: "text", text: "Fins and Things" }],
    stop_reason: "end_turn",
    usage: { input_tokens: 25, output_tokens: 40 },
  }));
  const platform = await serve((body, url) => {
    if (!url.endsWith("/ingest/bulk")) return {};
    const items = JSON.parse(body) as Record<string, unknown>[];
    events.push(...items);
    return { request_id: "b", results: items.map(() => ({ request_id: "r" })) };
  });
  const file = new URL(`${folder}readme-example.ts`, root);
  writeFileSync(file, code);
  releases.push(() => rmSync(file));
  const child = spawn(process.execPath, ["--conditions=@payi/source", file.pathname], {
    env: {
      PATH: process.env["PATH"],
      NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
      PAYI_API_KEY: "test",
      PAYI_BASE_URL: platform,
      ANTHROPIC_API_KEY: "test",
      ANTHROPIC_BASE_URL: provider,
    },
  });
  releases.push(() => child.kill("SIGKILL"));
  let output = "";
  child.stdout.on("data", (text: Buffer) => (output += text.toString()));
  child.stderr.on("data", (text: Buffer) => (output += text.toString()));
  return { child, events, output: () => output };
}

async function until(condition: () => boolean | Promise<boolean>, what: () => string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Waited 60 s in vain: ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test("the program in core's README meters one call", async () => {
  const { child, events, output } = await run("packages/core/", program("packages/core/README.md"));
  await until(() => child.exitCode !== null, output);
  expect({ code: child.exitCode, output: output() }).toMatchObject({ code: 0 });
  expect(output()).toContain("sent: 1");
  expect(events).toMatchObject([{ use_case_name: "doc_summary", user_id: "jane", account_name: "acme" }]);
});

test.for(["ai-sdk", "langchain"])("the program in %s's README meters one run", async (name) => {
  const folder = `packages/${name}/`;
  const { child, events, output } = await run(folder, program(`${folder}README.md`));
  await until(() => child.exitCode !== null, output);
  expect({ code: child.exitCode, output: output() }).toMatchObject({ code: 0 });
  expect(output()).toContain("Fins and Things");
  expect(events).toMatchObject([
    { use_case_name: "trail_finder", user_id: "jane", account_name: "acme", category: "system.anthropic" },
  ]);
});

test.for([
  ["README.md", "packages/express/"] as const,
  ["packages/express/README.md", "packages/express/"] as const,
  ["docs/recipes/hono.md", undefined] as const,
  ["docs/recipes/fastify.md", undefined] as const,
])("the app in %s serves, meters and stops", async ([page, packageFolder]) => {
  const { folder, code } =
    packageFolder === undefined ? recipe(page) : { folder: packageFolder, code: program(page) };
  const server = createServer().listen(0);
  const port = (server.address() as AddressInfo).port;
  await new Promise((resolve) => server.close(resolve));
  const { child, events, output } = await run(folder, code.replace("3000", String(port)));
  const url = `http://127.0.0.1:${port}/trails`;
  const ask = (): Promise<Response> => fetch(url, { method: "POST", headers: { "x-user": "jane" } });
  await until(async () => (await ask().catch(() => undefined))?.ok === true, output);
  await until(() => events.length > 0, output);
  expect(events[0]).toMatchObject({
    use_case_name: "trail_finder",
    user_id: "jane",
    category: "system.anthropic",
  });
  child.kill("SIGTERM");
  await until(() => child.exitCode !== null || child.signalCode !== null, output);
});
