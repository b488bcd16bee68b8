/**
 * What `@payi/nestjs` adds to a request: Nest alone, with a middleware and an interceptor that do nothing, with the transport
 * metered, and with the module. Decorators have to be compiled, so that this suite measures what `tsc` has built.
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

import { type BenchOptions, type BenchRow } from "./bench-row.ts";
import { contest } from "./contest.ts";

const KINDS: Readonly<Record<string, readonly string[]>> = {
  plain: ["bare", "hooks", "payi"],
  ask: ["bare", "hooks", "core", "payi"],
};

export async function run(options: BenchOptions): Promise<readonly BenchRow[]> {
  execFileSync("tsc", ["-b", fileURLToPath(new URL("../packages/nestjs", import.meta.url))], {
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  // What is published of core is its bundle, which the compiler does not write.
  execFileSync(process.execPath, [
    fileURLToPath(new URL("../packages/core/scripts/bundle.ts", import.meta.url)),
  ]);
  const module = new URL("../packages/nestjs/scripts/bench-contestant.ts", import.meta.url);
  const rows: BenchRow[] = [];
  for (const [kind, names] of Object.entries(KINDS)) {
    const contestants = names.map((name) => ({ name, module, arguments: [kind, name], built: true }));
    rows.push(...(await contest(`nestjs ${kind}`, contestants, options)));
  }
  return rows;
}
