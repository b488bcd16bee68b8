import { WireError } from "@payi/core/wire";

import { type AlertChannelKind, type NewAlertChannel, type StoredAlertChannel } from "../alert.ts";
import { type Page, type PageRequest } from "../query.ts";
import { type Created } from "../store.ts";
import { NamedRows } from "./named-rows.ts";
import { type Program, type Row } from "./program.ts";

const CHANNELS = new NamedRows<NewAlertChannel, StoredAlertChannel>({
  table: "alert_channel",
  fields: {
    kind: ({ kind }) => kind,
    target: ({ target }) => target,
    secret: ({ secret }) => secret,
    enabled: ({ enabled }) => (enabled ? 1 : 0),
  },
  read: readChannel,
  keep: (wanted, stamp) => ({ ...wanted, ...stamp }),
  // Without the secret.
  told: ({ name, kind, target, enabled }) => ({ name, kind, target, enabled }),
  notFound: unknownChannel,
  nameTaken: (name) =>
    new WireError(
      "alert_channel_exists",
      `There is another channel named ${JSON.stringify(name)}. Choose another name.`,
    ),
});

/** The columns that {@link readChannel} wants. */
export const CHANNEL_COLUMNS: string = CHANNELS.columns;

/** One channel; undefined when there is none with this id. */
export function alertChannel(application: string, id: string): Program<StoredAlertChannel | undefined> {
  return CHANNELS.find(application, id);
}

/** Channels in the order of their making. */
export function alertChannels(application: string, page: PageRequest): Program<Page<StoredAlertChannel>> {
  return CHANNELS.page(application, page);
}

/** The channel of this name, as it is: the caller compares. */
export function createAlertChannel(
  wanted: NewAlertChannel,
  actor: string,
): Program<Created<StoredAlertChannel>> {
  return CHANNELS.create(wanted, actor);
}

/**
 * Puts all of a channel anew.
 *
 * @throws {WireError} `alert_channel_not_found`, `alert_channel_exists`.
 */
export function changeAlertChannel(
  id: string,
  wanted: NewAlertChannel,
  actor: string,
): Program<StoredAlertChannel> {
  return CHANNELS.change(id, wanted, actor);
}

/** What waits for the channel becomes a dead letter when its turn comes. */
export function deleteAlertChannel(application: string, id: string, actor: string): Program<void> {
  return CHANNELS.remove(application, id, actor);
}

/** The error for a channel that is not there. */
export function unknownChannel(id: string): WireError {
  return new WireError(
    "alert_channel_not_found",
    `There is no channel ${JSON.stringify(id)}. List them with GET /api/v1/alerts/channels.`,
  );
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
