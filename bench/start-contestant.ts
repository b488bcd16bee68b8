/** One contestant of the `start` suite, alone in its process: `openai|payi`, from nothing to ready. */
import type * as core from "@payi/core";

import { tellOnce } from "./tell.ts";

const [contestant] = process.argv.slice(2);

/** True where what was started is in place. */
async function start(): Promise<boolean> {
  if (contestant === "openai") return typeof (await import("openai")).default === "function";
  const plain = globalThis.fetch;
  const built = new URL("../packages/core/dist/bundle/index.js", import.meta.url);
  const { createClient, payiInstrument } = (await import(built.href)) as typeof core;
  payiInstrument({ payi: createClient({ apiKey: "k", baseUrl: "http://127.0.0.1:4470" }) });
  return globalThis.fetch !== plain;
}

await tellOnce(start);
