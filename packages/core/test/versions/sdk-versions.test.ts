/** The versions of the SDKs that teams run, each as ESM and as CommonJS, and as a bundle. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import { afterEach, expect, test } from "vitest";

import {
  type Loopback,
  type Platform,
  meter,
  settledEvents,
  startLoopback,
  startPlatform,
} from "../support.ts";
import { startProvider } from "../transparency/provider.ts";

const require = createRequire(import.meta.url);
const releases: (() => void)[] = [];

afterEach(() => {
  for (const release of releases.splice(0)) release();
});

const USER = [{ role: "user" as const, content: "hello" }];

interface Client {
  readonly chat: { readonly completions: { create(body: object): Promise<unknown> } };
  readonly messages: {
    create(body: object): Promise<unknown>;
    stream(body: object): { finalMessage(): Promise<unknown> };
  };
}
type ClientClass = new (options: object) => Client;

async function load(name: string, format: "ESM" | "CommonJS"): Promise<ClientClass> {
  const module = (format === "ESM" ? await import(name) : require(name)) as { default?: ClientClass };
  return module.default ?? (module as unknown as ClientClass);
}

const VERSIONS = ["openai-5", "openai-6", "openai", "anthropic-0", "@anthropic-ai/sdk"] as const;
const MATRIX = VERSIONS.flatMap((name) => [[name, "ESM"] as const, [name, "CommonJS"] as const]);

test.for(MATRIX)(
  "%s as %s: an answer and a stream are one event each, with usage",
  async ([name, format]) => {
    await using provider = await startProvider();
    const isOpenai = name.startsWith("openai");
    await using metered = await meter([provider], isOpenai ? "system.openai" : "system.anthropic");
    const Class = await load(name, format);
    const client = new Class({ apiKey: "k", baseURL: isOpenai ? `${provider.url}/v1` : provider.url });
    if (isOpenai) {
      await client.chat.completions.create({ model: "gpt-5", messages: USER });
      const stream = await client.chat.completions.create({ model: "gpt-5", messages: USER, stream: true });
      for await (const _chunk of stream as AsyncIterable<unknown>);
    } else {
      const body = { model: "claude-sonnet-4-6", max_tokens: 9, messages: USER };
      await client.messages.create(body);
      await settledEvents(metered);
      await client.messages.stream({ ...body, metadata: { user_id: "stream" } }).finalMessage();
    }
    const events = await settledEvents(metered);
    const sources = events.map(({ properties }) => properties?.["system.usage_source"]);
    // The stand-in gives its messages one id, which counts once.
    expect(sources).toEqual(isOpenai ? ["provider", "provider"] : ["provider"]);
  },
);

test.for(MATRIX)("%s as %s: clients made early are adopted through their class", async ([name, format]) => {
  await using provider = await startProvider();
  const isOpenai = name.startsWith("openai");
  const Class = await load(name, format);
  const early = new Class({ apiKey: "k", baseURL: isOpenai ? `${provider.url}/v1` : provider.url });
  const ask = (): Promise<unknown> =>
    isOpenai
      ? early.chat.completions.create({ model: "gpt-5", messages: USER })
      : early.messages.create({ model: "claude-sonnet-4-6", max_tokens: 9, messages: USER });
  const prototype = Object.getPrototypeOf(early) as object;
  const before = Reflect.get(prototype, "fetchWithTimeout") as unknown;
  {
    await using metered = await meter([provider], isOpenai ? "system.openai" : "system.anthropic", {
      modules: isOpenai ? { OpenAI: Class } : { Anthropic: Class },
    });
    await ask();
    expect(await settledEvents(metered)).toHaveLength(1);
  }
  expect(Reflect.get(prototype, "fetchWithTimeout")).toBe(before);
});

/** Runs a program of its own against a provider and a platform. */
async function run(
  file: string,
  provider: Loopback,
  platform: Platform,
  args: string[] = [],
): Promise<string> {
  const child = spawn(process.execPath, [...args, file], {
    env: {
      PATH: process.env["PATH"],
      NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
      PAYI_API_KEY: "k",
      PAYI_BASE_URL: platform.url,
      OPENAI_API_KEY: "k",
      OPENAI_BASE_URL: `${provider.url}/v1`,
      ANTHROPIC_API_KEY: "k",
      ANTHROPIC_BASE_URL: provider.url,
      PROVIDER_HOST: provider.host,
    },
  });
  let output = "";
  child.stdout.on("data", (text: Buffer) => (output += text.toString()));
  child.stderr.on("data", (text: Buffer) => (output += text.toString()));
  const code = await new Promise((resolve) => child.on("close", resolve));
  return `${String(code)} ${output}`;
}

const PROGRAM = `
import OpenAI from "openai";
import Anthropic from "@anthropic-ai/sdk";
import { close, payiInstrument, trackContext } from "@payi/core";
payiInstrument({ config: { hostMappings: { [process.env.PROVIDER_HOST]: {} } } });
async function main() {
  const messages = [{ role: "user", content: "hello" }];
  const stream = await trackContext({ userId: "jane" }, () =>
    new OpenAI().chat.completions.create({ model: "gpt-5", messages, stream: true }));
  for await (const _ of stream);
  await new Anthropic().messages.stream({ model: "claude-sonnet-4-6", max_tokens: 9, messages }).finalMessage();
  console.log(JSON.stringify(await close({ timeoutMs: 30_000 })));
}
main();
`;

/** What the program prints at its end; on a busy machine one of the two calls was told before. */
const SENT = /^0 \{"sent":[12],"spooled":0,"failed":0,"dropped":0\}/;

test("an app that esbuild bundled and minified to CommonJS records correctly", async () => {
  const { build } = await import("esbuild-wasm");
  const folder = mkdtempSync(new URL("../../bundle-", import.meta.url).pathname);
  releases.push(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "app.ts"), PROGRAM);
  const file = join(folder, "app.cjs");
  await build({
    entryPoints: [join(folder, "app.ts")],
    outfile: file,
    bundle: true,
    minify: true,
    platform: "node",
    format: "cjs",
    conditions: ["@payi/source"],
    logLevel: "error",
  });
  await using provider = await startProvider();
  await using platform = await startPlatform();
  // On a busy machine one may have been sent before the end.
  expect(await run(file, provider, platform)).toMatch(
    /^0 \{"sent":[12],"spooled":0,"failed":0,"dropped":0\}/,
  );
  expect(platform.events.map(({ category, userId, units }) => [category, userId, units])).toEqual([
    ["system.openai", "jane", { text: { input: 9, output: 6 } }],
    ["system.anthropic", undefined, { text: { input: 25, output: 40 } }],
  ]);
});

test("a program under --disable-proto=throw works, and hostile names stay data", async () => {
  const folder = mkdtempSync(new URL("../../program-", import.meta.url).pathname);
  releases.push(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "app.mjs");
  writeFileSync(
    file,
    PROGRAM.replace(
      '{ userId: "jane" }',
      `JSON.parse('{"userId":"jane","requestProperties":{"__proto__":"a","constructor":"b"}}')`,
    ),
  );
  await using provider = await startProvider();
  await using platform = await startPlatform();
  const args = ["--disable-proto=throw", "--conditions=@payi/source"];
  expect(await run(file, provider, platform, args)).toMatch(SENT);
  const properties = Object.entries(platform.events[0]?.properties ?? {});
  expect(properties).toContainEqual(["__proto__", "a"]);
  expect(properties).toContainEqual(["constructor", "b"]);
});

test("the global fetch of an app that never calls a provider is untouched but for its name", async () => {
  await using other = await startLoopback((_request, response) => void response.end("plain"));
  await using metered = await meter([], "own");
  expect(await (await fetch(other.url)).text()).toBe("plain");
  expect(metered.stats().produced).toBe(0);
});
