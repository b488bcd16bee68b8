/** Builds the packages once before the system tests: some load them as an application would. */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

export default function buildPackages(): void {
  const packages = fileURLToPath(new URL("../packages/", import.meta.url));
  const tsc = fileURLToPath(new URL("../node_modules/typescript/bin/tsc", import.meta.url));
  const { status } = spawnSync(process.execPath, [tsc, "-b", ...readdirSync(packages)], {
    cwd: packages,
    stdio: "inherit",
  });
  if (status !== 0) throw new Error("The packages do not compile; `tsc -b` says why.");
  const bundle = fileURLToPath(new URL("../packages/core/scripts/bundle.ts", import.meta.url));
  const bundled = spawnSync(process.execPath, [bundle], { stdio: "inherit" });
  if (bundled.status !== 0)
    throw new Error("Core cannot be bundled; packages/core/scripts/bundle.ts says why.");
}
