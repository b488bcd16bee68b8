/**
 * The server from one bundle of its sources, for the tests. A server has four threads, the suite hundreds of servers, and
 * finding and compiling some hundred modules for each was most of what those tests took: a server starts with a third of
 * the work. For runs alone: who watches wants the sources as they are by now.
 */
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";

import { build } from "vite";
import { type Plugin } from "vitest/config";
import { type TestProject } from "vitest/node";

const SOURCES = new URL("../apps/server/src/", import.meta.url);
/** Below the server, so that what it does not bring itself is found where the sources find it. */
const FOLDER = fileURLToPath(new URL("../apps/server/node_modules/.payi-bundle/", import.meta.url));
const ENTRIES = ["main", "store/sqlite/writer", "store/sqlite/reader", "store/postgres/writer-thread"];
const CLIENT = "/store/thread/worker-client.ts";
const THREAD = /new URL\("\.\.\/(?:sqlite|postgres)\/([\w-]+)\.ts", import\.meta\.url\)/g;

/** Projects, and the plugins of each, load this file for themselves: the bundle is one for all. */
const run = globalThis as { payiTestBundle?: Promise<string> };

/** The global set-up of projects whose tests start the server as a program: they find its path in PAYI_TEST_SERVER. */
export default async function offerServer({ vitest }: TestProject): Promise<void> {
  if (vitest.config.watch) return;
  process.env["PAYI_TEST_SERVER"] = `${await bundled()}/main.js`;
}

/** Lets the store of a test run its threads from the bundle. */
export function bundledThreads(): Plugin {
  let isWatching = false;
  return {
    name: "bundled-threads",
    enforce: "pre",
    configureVitest({ vitest, defineCacheKeyGenerator }) {
      isWatching = vitest.config.watch;
      // What is kept from an earlier run would name the bundle of that run, whatever the sources are by now.
      defineCacheKeyGenerator(({ id }) => (id.endsWith(CLIENT) ? false : undefined));
    },
    async transform(code, id) {
      if (isWatching || !id.endsWith(CLIENT)) return null;
      const folder = await bundled();
      const replaced = code.replaceAll(
        THREAD,
        (_all, name: string) => `new URL(${JSON.stringify(pathToFileURL(`${folder}/${name}.js`).href)})`,
      );
      return { code: replaced, map: null };
    },
  };
}

function bundled(): Promise<string> {
  return (run.payiTestBundle ??= bundle());
}

/** Threads are beside the bundle; all else that a source finds from where it is, it finds from where the source is. */
const places: Plugin = {
  name: "places-of-sources",
  enforce: "pre",
  transform(code, id) {
    if (!id.endsWith(".ts") || !code.includes("import.meta.url")) return null;
    const replaced = code
      .replaceAll(THREAD, (_all, name: string) => `new URL(import.meta.resolve("./${name}.js"))`)
      .replaceAll("import.meta.url", JSON.stringify(pathToFileURL(id).href));
    return { code: replaced, map: null };
  },
};

/** The folder of the bundle, named by what it contains, so that runs at the same time do not disturb each other. */
async function bundle(): Promise<string> {
  const conditions = ["@payi/source"];
  const result = await build({
    configFile: false,
    logLevel: "error",
    plugins: [places],
    resolve: { conditions },
    ssr: { noExternal: true, resolve: { conditions } },
    build: {
      ssr: true,
      write: false,
      target: "node22",
      rolldownOptions: {
        input: ENTRIES.map((name) => fileURLToPath(new URL(`${name}.ts`, SOURCES))),
        output: { chunkFileNames: "[name].js" },
      },
    },
  });
  const chunks = [result].flat().flatMap((part) => ("output" in part ? part.output : []));
  const files = chunks.flatMap((chunk) => (chunk.type === "chunk" ? [chunk] : []));
  const hash = createHash("sha256");
  for (const { code } of files) hash.update(code);
  mkdirSync(FOLDER, { recursive: true });
  const folder = `${FOLDER}${hash.digest("hex").slice(0, 16)}`;
  const draft = mkdtempSync(`${FOLDER}draft-`);
  for (const { fileName, code } of files) writeFileSync(`${draft}/${fileName}`, code);
  try {
    renameSync(draft, folder);
  } catch {
    // The same has been bundled before.
    rmSync(draft, { recursive: true });
  }
  return folder;
}
