/** Builds the dashboard once for all tests, as it is shipped, into a folder of their own and for the platform to serve. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { type TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** The folder with the built dashboard. */
    readonly builtDashboard: string;
  }
}

export default function buildOnce(project: TestProject): () => void {
  const dashboard = new URL("../", import.meta.url);
  const folder = mkdtempSync(join(tmpdir(), "payi-dashboard-"));
  const vite = fileURLToPath(new URL("node_modules/.bin/vite", dashboard));
  execFileSync(vite, ["build", "--logLevel", "error", "--outDir", folder, "--emptyOutDir"], {
    cwd: fileURLToPath(dashboard),
    stdio: "inherit",
    // Vite would take what the test runner set, and build for development.
    env: { ...process.env, NODE_ENV: "production" },
  });
  // Beside what is there: somebody may be looking at it.
  cpSync(folder, fileURLToPath(new URL("dist", dashboard)), { recursive: true });
  project.provide("builtDashboard", folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
