import { WireError } from "@payi/core/wire";

import { newId } from "../../new-id.ts";
import { type AlertChannelKind, type NewAlertChannel, type StoredAlertChannel } from "../alert.ts";
import { type Page, type PageRequest } from "../query.ts";
import { type Created } from "../store.ts";
import { recordChange } from "./audit.ts";
import { listPage } from "./page.ts";
import { type Program, type Row, get, run } from "./program.ts";

/** The columns that {@link readChannel} wants. */
export const CHANNEL_COLUMNS = "id, application, name, kind, target, secret, enabled, created_ms, updated_ms";

/** One channel; undefined when there is none with this id. */
export function* alertChannel(application: string, id: string): Program<StoredAlertChannel | undefined> {
  const row = yield* get(
    `SELECT ${CHANNEL_COLUMNS} FROM alert_channel WHERE application = ? AND id = ?`,
    application,
    id,
  );
  return row === undefined ? undefined : readChannel(row);
}

/** Channels in the order of their making. */
export function* alertChannels(application: string, page: PageRequest): Program<Page<StoredAlertChannel>> {
  return yield* listPage(
    {
      columns: CHANNEL_COLUMNS,
      tables: "alert_channel",
      where: "application = ?",
      values: [application],
      order: "created_ms",
      id: "id",
      read: readChannel,
    },
    page,
  );
}

/** The channel of this name, as it is: the caller compares. */
export function* createAlertChannel(
  wanted: NewAlertChannel,
  actor: string,
): Program<Created<StoredAlertChannel>> {
  const known = yield* get(
    `SELECT ${CHANNEL_COLUMNS} FROM alert_channel WHERE application = ? AND name = ?`,
    wanted.application,
    wanted.name,
  );
  if (known !== undefined) return { value: readChannel(known), created: false };
  const now = Date.now();
  const channel = { ...wanted, id: newId(now), createdMs: now, updatedMs: now };
  yield* run(
    `INSERT INTO alert_channel (${CHANNEL_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    channel.id,
    channel.application,
    channel.name,
    channel.kind,
    channel.target,
    channel.secret,
    channel.enabled ? 1 : 0,
    now,
    now,
  );
  yield* tell(actor, "alert_channel.created", undefined, channel);
  return { value: channel, created: true };
}

/**
 * Puts all of a channel anew.
 *
 * @throws {WireError} `alert_channel_not_found`, `alert_channel_exists`.
 */
export function* changeAlertChannel(
  id: string,
  wanted: NewAlertChannel,
  actor: string,
): Program<StoredAlertChannel> {
  const known = yield* alertChannel(wanted.application, id);
  if (known === undefined) throw unknownChannel(id);
  const other = yield* get(
    "SELECT id FROM alert_channel WHERE application = ? AND name = ? AND id <> ?",
    wanted.application,
    wanted.name,
    id,
  );
  if (other !== undefined) {
    throw new WireError(
      "alert_channel_exists",
      `There is another channel named ${JSON.stringify(wanted.name)}. Choose another name.`,
    );
  }
  const now = Date.now();
  yield* run(
    "UPDATE alert_channel SET name = ?, kind = ?, target = ?, secret = ?, enabled = ?, updated_ms = ? WHERE id = ?",
    wanted.name,
    wanted.kind,
    wanted.target,
    wanted.secret,
    wanted.enabled ? 1 : 0,
    now,
    id,
  );
  const changed = { ...wanted, id, createdMs: known.createdMs, updatedMs: now };
  yield* tell(actor, "alert_channel.changed", known, changed);
  return changed;
}

/** What waits for the channel becomes a dead letter when its turn comes. */
export function* deleteAlertChannel(application: string, id: string, actor: string): Program<void> {
  const known = yield* alertChannel(application, id);
  if (known === undefined) throw unknownChannel(id);
  yield* run("DELETE FROM alert_channel WHERE application = ? AND id = ?", application, id);
  yield* tell(actor, "alert_channel.deleted", known, undefined);
}

/** The error for a channel that is not there. */
export function unknownChannel(id: string): WireError {
  return new WireError(
    "alert_channel_not_found",
    `There is no channel ${JSON.stringify(id)}. List them with GET /api/v1/alerts/channels.`,
  );
}

/** What the audit log keeps. */
function shown(channel: StoredAlertChannel | undefined): object | null {
  if (channel === undefined) return null;
  return {
    name: channel.name,
    kind: channel.kind,
    target: channel.target,
    enabled: channel.enabled,
  };
}

/** Into the audit log, without the secret. */
function* tell(
  actor: string,
  action: string,
  before: StoredAlertChannel | undefined,
  after: StoredAlertChannel | undefined,
): Program<void> {
  const { application = "", id = "" } = after ?? before ?? {};
  yield* recordChange({
    application,
    actor,
    action,
    subject: id,
    before: shown(before),
    after: shown(after),
  });
}

/** The channel of a row. */
export function readChannel(row: Row): StoredAlertChannel {
  return {
    id: String(row["id"]),
    application: String(row["application"]),
    name: String(row["name"]),
    kind: String(row["kind"]) as AlertChannelKind,
    target: String(row["target"]),
    secret: String(row["secret"]),
    enabled: row["enabled"] === 1,
    createdMs: Number(row["created_ms"]),
    updatedMs: Number(row["updated_ms"]),
  };
}
