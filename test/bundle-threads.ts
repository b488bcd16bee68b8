/**
 * Lets the SQLite store of a test run each of its threads from one file, bundled from the sources. A server has three
 * threads, the suite hundreds of servers, and finding two hundred modules for each was most of what those tests took.
 */
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";

import { build } from "vite";
import { type Plugin } from "vitest/config";

const SOURCES = new URL("../apps/server/src/store/sqlite/", import.meta.url);
/** As deep below the server as the sources are, since they find the migrations from where they are themselves. */
const FOLDER = fileURLToPath(new URL("../apps/server/node_modules/.payi-threads/", import.meta.url));
const CLIENT = "/store/sqlite/worker-client.ts";
const THREAD = /new URL\("\.\/(writer|reader)\.ts", import\.meta\.url\)/g;

let bundled: Promise<string> | undefined;

/** For runs alone: who watches wants the sources as they are by now. */
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
      const folder = await (bundled ??= bundle());
      const replaced = code.replaceAll(
        THREAD,
        (_all, name: string) => `new URL(${JSON.stringify(pathToFileURL(`${folder}/${name}.js`).href)})`,
      );
      return { code: replaced, map: null };
    },
  };
}

/** The folder of the bundles, named by what they contain, so that runs at the same time do not disturb each other. */
async function bundle(): Promise<string> {
  const conditions = ["@payi/source"];
  const result = await build({
    configFile: false,
    logLevel: "error",
    resolve: { conditions },
    ssr: { noExternal: true, resolve: { conditions } },
    build: {
      ssr: true,
      write: false,
      target: "node22",
      rolldownOptions: {
        input: ["writer", "reader"].map((name) => fileURLToPath(new URL(`${name}.ts`, SOURCES))),
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
