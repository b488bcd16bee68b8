import { type Program, get, run } from "./program.ts";

/** Something that `GET /guard` tells has changed. */
export function* noteLimitChange(application: string): Program<void> {
  yield* run(
    `INSERT INTO limit_version (application, version) VALUES (?, 1)
     ON CONFLICT (application) DO UPDATE SET version = limit_version.version + 1`,
    application,
  );
}

/** Changes with every change of the definitions, and when a raise ends. */
export function* limitVersion(application: string): Program<string> {
  const row = yield* get("SELECT version FROM limit_version WHERE application = ?", application);
  const ended = yield* get(
    "SELECT count(*) AS n FROM limit_def WHERE application = ? AND raised IS NOT NULL AND raised_until_ms <= ?",
    application,
    Date.now(),
  );
  return `${Number(row?.["version"] ?? 0)}.${Number(ended?.["n"])}`;
}
