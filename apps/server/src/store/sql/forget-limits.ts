import { type LimitPolicy } from "@payi/core/wire";

import { type ForgetOutcome, type ForgetStep, renameUser, renameValues } from "../forget.ts";
import { changeLines } from "./change-lines.ts";
import { json, toJson } from "./columns.ts";
import { noteLimitChange } from "./limit-version.ts";
import { type Program, all, run, runCounted } from "./program.ts";

/** Where a budget's owner stands, beside its limit. They move together, so that windows stay the sums of their entries. */
const OWNED = ["limit_window", "limit_entry", "limit_batch", "limit_notice"];

/** One limit after the other: its budget of the user, and its definition where that names the user. */
export function* forgetInLimits(step: ForgetStep): Program<ForgetOutcome> {
  const { application, user, pseudonym, after, most } = step;
  const limits = yield* all(
    "SELECT id, properties, policy FROM limit_def WHERE application = ? AND id > ? ORDER BY id LIMIT ?",
    application,
    after,
    most,
  );
  let changed = 0;
  for (const row of limits) {
    const id = String(row["id"]);
    const policy = json<LimitPolicy>(row["policy"]);
    const isOfUsers = policy.per === "user_id" || policy.per?.startsWith("property:") === true;
    for (const table of isOfUsers ? OWNED : []) {
      const moved = yield* runCounted(
        `UPDATE ${table} SET value = ? WHERE application = ? AND limit_id = ? AND value = ?`,
        pseudonym,
        application,
        id,
        user,
      );
      if (table === "limit_window") changed += moved;
    }
    if (isOfUsers) {
      yield* changeLines(application, id, (line) =>
        line.value === user ? { ...line, value: pseudonym } : line,
      );
    }
    const properties = toJson(renameValues(json<Record<string, string>>(row["properties"]), user, pseudonym));
    const renamed = toJson(renameUser(policy, user, pseudonym));
    if (properties === row["properties"] && renamed === row["policy"]) continue;
    changed += 1;
    yield* run(
      "UPDATE limit_def SET properties = ?, policy = ? WHERE application = ? AND id = ?",
      properties,
      renamed,
      application,
      id,
    );
    yield* noteLimitChange(application);
  }
  const last = limits.at(-1);
  return {
    changed,
    texts: 0,
    next: limits.length < most || last === undefined ? undefined : String(last["id"]),
  };
}
