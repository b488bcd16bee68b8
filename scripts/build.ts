/**
 * Builds what changed before `start`, `serve` and `bench`, which measures some of what is built. Quiet unless something
 * fails, and nothing is reported to anybody.
 */
import { spawnSync } from "node:child_process";

const { status } = spawnSync("turbo", ["run", "build", "--output-logs=errors-only"], {
  stdio: "inherit",
  shell: process.platform === "win32",
  env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1", TURBO_NO_UPDATE_NOTIFIER: "1" },
});
process.exitCode = status ?? 1;
