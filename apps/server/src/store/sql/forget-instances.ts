import { type ForgetOutcome, type ForgetStep, renameValues } from "../forget.ts";
import { json, text, toJson } from "./columns.ts";
import { type Program, all, run } from "./program.ts";

/** Instances that name the user: whose they are, what their events get by default, and properties. */
export function* forgetInInstances(step: ForgetStep): Program<ForgetOutcome> {
  const { application, user, pseudonym, most } = step;
  const found = yield* all(
    `SELECT use_case, id, "user", default_user, properties FROM instance WHERE application = ?
       AND ("user" = ? OR default_user = ?) LIMIT ?`,
    application,
    user,
    user,
    most,
  );
  const renamed = (name: string | null): string | null => (name === user ? pseudonym : name);
  for (const row of found) {
    yield* run(
      `UPDATE instance SET "user" = ?, default_user = ?, properties = ?
       WHERE application = ? AND use_case = ? AND id = ?`,
      renamed(text(row["user"])),
      renamed(text(row["default_user"])),
      toJson(renameValues(json<Record<string, string>>(row["properties"]), user, pseudonym)),
      application,
      String(row["use_case"]),
      String(row["id"]),
    );
  }
  // Those that were done are not found again.
  return { changed: found.length, texts: 0, next: found.length < most ? undefined : "" };
}
