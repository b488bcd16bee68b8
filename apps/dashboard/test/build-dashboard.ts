import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "vite";
import { vi } from "vitest";

/** A build of the dashboard in a folder of its own, as it is shipped. */
export interface DashboardBuild {
  readonly root: string;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}

export async function buildDashboard(): Promise<DashboardBuild> {
  const outDir = await mkdtemp(join(tmpdir(), "payi-dashboard-"));
  // Vite takes what the test runner set for the kind of build.
  vi.stubEnv("NODE_ENV", "production");
  await build({
    root: fileURLToPath(new URL("..", import.meta.url)),
    logLevel: "error",
    build: { outDir, emptyOutDir: true },
  });
  vi.unstubAllEnvs();
  return { root: outDir, [Symbol.asyncDispose]: () => rm(outDir, { recursive: true, force: true }) };
}
