import { newId } from "../../new-id.ts";
import { type NewEvent } from "../event.ts";
import { toJson } from "./columns.ts";
import {
  type InstanceRow,
  findInstance,
  findInstanceById,
  insertInstance,
  unknownInstance,
} from "./instance-rows.ts";
import { type Program, run } from "./program.ts";
import { mergeProperties } from "./properties.ts";
import { findUseCase, insertUseCase } from "./use-case-rows.ts";

/** The instance that an event belongs to, made if new; null when the event names neither instance nor use case. */
export function* placeInstance(event: NewEvent): Program<InstanceRow | null> {
  const { application, useCase, instance: id } = event;
  if (useCase === null) {
    if (id === null) return null;
    const known = yield* findInstanceById(application, id);
    if (known === undefined) throw unknownInstance(id);
    return yield* updateInstance(event, known);
  }
  const definition = yield* findUseCase(application, useCase);
  if (definition === undefined) {
    yield* insertUseCase({
      application,
      name: useCase,
      description: useCase,
      limitConfig: undefined,
      loggingEnabled: undefined,
      properties: {},
      seeded: event.seeded,
      automatic: true,
    });
  } else if (definition.seeded && !event.seeded) {
    yield* run("UPDATE use_case SET seeded = 0 WHERE application = ? AND name = ?", application, useCase);
  }
  const known = id === null ? undefined : yield* findInstance(application, useCase, id);
  if (known !== undefined) return yield* updateInstance(event, known);
  return yield* insertInstance({
    application,
    useCase,
    id: id ?? newId(),
    version: event.version ?? undefined,
    user: event.user ?? undefined,
    account: event.account ?? undefined,
    limitIds: undefined,
    defaultUser: null,
    defaultAccount: null,
    properties: event.instanceProperties,
    startedMs: event.timeMs,
    seen: true,
    seeded: event.seeded,
  });
}

/** An instance shows who its earliest event was for, in whatever order events arrive. */
const EARLIEST_USER = "CAST(?3 AS TEXT) IS NOT NULL AND (user_ms IS NULL OR ?5 < user_ms)";
const EARLIEST_ACCOUNT = "CAST(?4 AS TEXT) IS NOT NULL AND (account_ms IS NULL OR ?5 < account_ms)";

// An instance made by its score, before its first event, starts with that event.
const UPDATE_INSTANCE = `UPDATE instance SET properties = ?1, seeded = ?2,
       "user" = CASE WHEN ${EARLIEST_USER} THEN ?3 ELSE "user" END,
       user_ms = CASE WHEN ${EARLIEST_USER} THEN ?5 ELSE user_ms END,
       account = CASE WHEN ${EARLIEST_ACCOUNT} THEN ?4 ELSE account END,
       account_ms = CASE WHEN ${EARLIEST_ACCOUNT} THEN ?5 ELSE account_ms END,
       started_ms = CASE WHEN seen = 0 OR ?5 < started_ms THEN ?5 ELSE started_ms END,
       last_seen_ms = CASE WHEN seen = 0 OR ?5 > last_seen_ms THEN ?5 ELSE last_seen_ms END, seen = 1
     WHERE application = ?6 AND use_case = ?7 AND id = ?8`;

/** What a further event changes: properties, whom the instance is for, and when it was seen. */
function* updateInstance(event: NewEvent, known: InstanceRow): Program<InstanceRow> {
  const properties = mergeProperties(known.properties, event.instanceProperties);
  const updated: InstanceRow = { ...known, properties, seeded: known.seeded && event.seeded };
  yield* run(
    UPDATE_INSTANCE,
    toJson(properties),
    updated.seeded ? 1 : 0,
    event.user,
    event.account,
    event.timeMs,
    event.application,
    known.useCase,
    known.id,
  );
  return updated;
}
