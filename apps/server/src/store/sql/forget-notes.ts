import { deserialize, serialize } from "node:v8";

import { type ForgetOutcome, type ForgetStep, renameUser } from "../forget.ts";
import { json, toJson } from "./columns.ts";
import { type Program, type Row, type Value, all, run } from "./program.ts";

/** A column of JSON in which a user may be named, and what tells its rows apart. */
interface Note {
  readonly table: string;
  readonly key: readonly string[];
  readonly column: string;
}

const NOTES: readonly Note[] = [
  { table: "hold", key: ["id"], column: "answer" },
  { table: "idempotency", key: ["key"], column: "body" },
  { table: "report", key: ["id"], column: "definition" },
  { table: "audit", key: ["seq"], column: "old_value" },
  { table: "audit", key: ["seq"], column: "new_value" },
];
/** What a copy has not read yet says of the earlier content whom it was about: without that it could not take it back. */
const OUTBOX: Note = { table: "outbox", key: ["seq"], column: "payload" };
const UNREAD = "kind = 'replaced'";

/** What was written about the user elsewhere: notices, answers, alerts, saved reports, the audit log. */
export function* forgetInNotes(step: ForgetStep): Program<ForgetOutcome> {
  yield* run(
    `DELETE FROM outbox WHERE application = ? AND ${UNREAD} AND seq <= (SELECT copy_position.seq
       FROM copy_position WHERE copy_position.application = outbox.application)`,
    step.application,
  );
  let changed = yield* forgetInColumn(OUTBOX, step, `AND NOT (${UNREAD})`);
  for (const note of NOTES) changed += yield* forgetInColumn(note, step);
  changed += yield* forgetInAlerts(step);
  changed += yield* forgetInSteps(step);
  return { changed, texts: 0, next: undefined };
}

function* forgetInColumn(
  { table, key, column }: Note,
  { application, user, pseudonym }: ForgetStep,
  narrowed = "",
): Program<number> {
  const found = yield* all(
    `SELECT ${[...new Set([...key, column])].join(", ")} FROM ${table}
     WHERE application = ? ${narrowed} AND replace(${column}, ?, '') <> ${column}`,
    application,
    toJson(user),
  );
  let changed = 0;
  for (const row of found) {
    const renamed = toJson(renameUser(json(row[column]), user, pseudonym));
    if (renamed === toJson(json(row[column]))) continue;
    changed += 1;
    yield* run(
      `UPDATE ${table} SET ${column} = ? WHERE application = ? AND ${key.map((name) => `${name} = ?`).join(" AND ")}`,
      renamed,
      application,
      ...key.map((name) => row[name] ?? null),
    );
  }
  return changed;
}

/** An alert tells in words what its facts are about, so the words are looked at where the facts name the user. */
function* forgetInAlerts({ application, user, pseudonym }: ForgetStep): Program<number> {
  const found = yield* all(
    "SELECT id, subject, title, body, facts FROM alert WHERE application = ? AND replace(facts, ?, '') <> facts",
    application,
    toJson(user),
  );
  const literal = user.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
  const name = new RegExp(String.raw`(?<![\p{L}\p{N}])${literal}(?![\p{L}\p{N}])`, "gu");
  const renamed = (row: Row, column: string): Value => String(row[column]).replaceAll(name, () => pseudonym);
  let changed = 0;
  for (const row of found) {
    const facts = toJson(renameUser(json(row["facts"]), user, pseudonym));
    if (facts === toJson(json(row["facts"]))) continue;
    changed += 1;
    yield* run(
      "UPDATE alert SET subject = ?, title = ?, body = ?, facts = ? WHERE id = ?",
      renamed(row, "subject"),
      renamed(row, "title"),
      renamed(row, "body"),
      facts,
      String(row["id"]),
    );
  }
  return changed;
}

/** Results of writes whose answer was lost in a crash; there are few. */
function* forgetInSteps({ application, user, pseudonym }: ForgetStep): Program<number> {
  const found = yield* all("SELECT key, step, result FROM write_once WHERE application = ?", application);
  let changed = 0;
  for (const row of found) {
    const before = row["result"] as Uint8Array;
    const after = serialize(renameUser(deserialize(before), user, pseudonym));
    if (after.equals(serialize(deserialize(before)))) continue;
    changed += 1;
    yield* run(
      "UPDATE write_once SET result = ? WHERE application = ? AND key = ? AND step = ?",
      after,
      application,
      String(row["key"]),
      String(row["step"]),
    );
  }
  return changed;
}
