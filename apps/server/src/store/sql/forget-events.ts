import { type StoredEvent } from "../event.ts";
import { type ForgetOutcome, type ForgetStep, renameValues } from "../forget.ts";
import { negateSums } from "../sums.ts";
import { toJson } from "./columns.ts";
import { keepForCopy } from "./copy.ts";
import { EVENT_COLUMNS, readEvent } from "./event-row.ts";
import { type Program, all, run, runCounted } from "./program.ts";
import { DAY_MS, RollupChanges, sumsOf } from "./rollups.ts";

/** Requests of the user, in the order of their ids: their text goes, and their part of the totals moves with them. */
export function* forgetInEvents(step: ForgetStep): Program<ForgetOutcome> {
  const { application, user, after, most } = step;
  const found = (yield* all(
    `SELECT ${EVENT_COLUMNS} FROM event WHERE application = ? AND id > ? AND "user" = ? ORDER BY id LIMIT ?`,
    application,
    after,
    user,
    most,
  )).map(readEvent);
  const changes = new RollupChanges();
  let texts = 0;
  for (const event of found) {
    const renamed = rename(event, step);
    yield* keepForCopy(event);
    texts += yield* runCounted("DELETE FROM event_text WHERE event_id = ?", event.id);
    yield* run(
      `UPDATE event SET "user" = ?, properties = ?, use_case_properties = ?, request_tags = ?, failure_description = NULL
       WHERE id = ?`,
      renamed.user,
      toJson(renamed.properties),
      toJson(renamed.useCaseProperties),
      toJson(renamed.requestTags),
      event.id,
    );
    changes.add(event, negateSums(sumsOf(event)));
    changes.add(renamed, sumsOf(renamed));
  }
  yield* changes.flush();
  for (const day of new Set(found.map(({ timeMs }) => Math.floor(timeMs / DAY_MS)))) {
    yield* run(
      "DELETE FROM rollup_dim_day WHERE application = ? AND dimension <> 'account' AND day = ? AND key = ? AND n = 0",
      application,
      day,
      user,
    );
  }
  return {
    changed: found.length,
    texts,
    next: found.length < most ? undefined : found.at(-1)?.id,
  };
}

function rename(event: StoredEvent, { user, pseudonym }: ForgetStep): StoredEvent {
  return {
    ...event,
    user: pseudonym,
    properties: renameValues(event.properties, user, pseudonym),
    useCaseProperties: renameValues(event.useCaseProperties, user, pseudonym),
    requestTags: event.requestTags.map((tag) => (tag === user ? pseudonym : tag)),
    failureDescription: null,
  };
}
