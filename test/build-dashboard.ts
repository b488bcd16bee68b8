/** Builds the dashboard once before the system tests: the platform serves what a user would see. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

export default function buildDashboard(): void {
  const dashboard = new URL("../apps/dashboard/", import.meta.url);
  const vite = fileURLToPath(new URL("node_modules/.bin/vite", dashboard));
  execFileSync(vite, ["build", "--logLevel", "error"], {
    cwd: fileURLToPath(dashboard),
    stdio: "inherit",
    // Vite would take what the test runner set, and build for development.
    env: { ...process.env, NODE_ENV: "production" },
  });
}
