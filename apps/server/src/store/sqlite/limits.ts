import { formatMoney } from "@payi/core/cost";
import { WireError, toThreshold } from "@payi/core/wire";

import { newId } from "../../new-id.ts";
import { type LimitChange, type LimitReset, type NewLimit, type StoredLimit } from "../limit.ts";
import { type Page, type PageRequest } from "../query.ts";
import { type Created } from "../store.ts";
import { fromPair, toPair } from "./columns.ts";
import { type Connection } from "./connection.ts";
import {
  LIMIT_COLUMNS,
  LIMIT_STATES,
  findLimit,
  insertLimit,
  openWindow,
  readLimit,
  windowAt,
} from "./limit-rows.ts";
import { listPage } from "./page.ts";
import { mergeProperties } from "./properties.ts";

export function limit(connection: Connection, application: string, id: string): StoredLimit | undefined {
  return findLimit(connection, application, id);
}

export function limits(
  connection: Connection,
  application: string,
  name: string | undefined,
  page: PageRequest,
): Page<StoredLimit> {
  return listPage(
    connection,
    {
      columns: LIMIT_COLUMNS,
      tables: "limit_def",
      where: name === undefined ? "application = ?" : "application = ? AND name = ?",
      values: name === undefined ? [application] : [application, name],
      order: "created_ms",
      id: "id",
      read: (row) => readLimit(connection, application, row),
    },
    page,
  );
}

/** Idempotent: the same id, or without one the same name, with the same configuration is the limit that is there. */
export function createLimit(connection: Connection, wanted: NewLimit): Created<StoredLimit> {
  const known =
    wanted.id === undefined
      ? findLimitByName(connection, wanted.application, wanted.name)
      : findLimit(connection, wanted.application, wanted.id);
  if (known !== undefined) {
    if (sameConfiguration(known, wanted)) return { value: known, created: false };
    const what =
      wanted.id === undefined
        ? `the name ${JSON.stringify(wanted.name)}`
        : `the id ${JSON.stringify(wanted.id)}`;
    throw new WireError(
      "limit_name_already_exist",
      `A limit with ${what} exists with another configuration (max ${formatMoney(known.max)}, type ${known.limitType}, threshold ${known.threshold ?? "none"}). Change it with PUT /api/v1/limits/${known.id}, or choose another ${wanted.id === undefined ? "name" : "id"}.`,
    );
  }
  if (wanted.id !== undefined && findLimitByName(connection, wanted.application, wanted.name) !== undefined) {
    throw new WireError(
      "limit_name_already_exist",
      `A limit named ${JSON.stringify(wanted.name)} exists under another id. Choose another name, or leave limit_id out.`,
    );
  }
  const id = wanted.id ?? newId();
  insertLimit(connection, { ...wanted, id, automatic: false });
  return { value: existing(connection, wanted.application, id), created: true };
}

export function changeLimit(connection: Connection, change: LimitChange): StoredLimit {
  const known = existing(connection, change.application, change.id);
  const max = change.max ?? known.max;
  if (change.max !== undefined && known.totals.used * 1_000_000n > change.max) {
    throw new WireError(
      "invalid_max_limit_update",
      `max ${formatMoney(change.max)} is below the ${formatMoney(known.totals.used * 1_000_000n)} that were spent already. Choose a larger max, or reset the limit first.`,
    );
  }
  if (change.name !== undefined && change.name !== known.name) {
    const other = findLimitByName(connection, change.application, change.name);
    if (other !== undefined) {
      throw new WireError(
        "limit_name_already_exist",
        `A limit named ${JSON.stringify(change.name)} exists already. Choose another name.`,
      );
    }
  }
  const threshold = change.threshold === undefined ? known.threshold : toThreshold(change.threshold, max);
  connection.run(
    "UPDATE limit_def SET name = ?, max = ?, threshold = ?, updated_ms = ? WHERE application = ? AND id = ?",
    change.name ?? known.name,
    formatMoney(max),
    threshold ?? null,
    Date.now(),
    change.application,
    change.id,
  );
  return existing(connection, change.application, change.id);
}

export function changeLimitProperties(
  connection: Connection,
  application: string,
  id: string,
  properties: Readonly<Record<string, string | null>>,
): StoredLimit {
  const known = existing(connection, application, id);
  connection.run(
    "UPDATE limit_def SET properties = ?, updated_ms = ? WHERE application = ? AND id = ?",
    JSON.stringify(mergeProperties(known.properties, properties)),
    Date.now(),
    application,
    id,
  );
  return existing(connection, application, id);
}

/** The limit with its windows and entries; requests keep their cost. */
export function deleteLimit(connection: Connection, application: string, id: string): void {
  existing(connection, application, id);
  connection.run("DELETE FROM limit_def WHERE application = ? AND id = ?", application, id);
}

/** Closes the current window at `resetMs`; what was charged for events since then moves to the new one. */
export function resetLimit(
  connection: Connection,
  application: string,
  id: string,
  resetMs: number,
): LimitReset {
  const { totals } = existing(connection, application, id);
  if (resetMs <= totals.windowStartMs) {
    throw new WireError(
      "request_processing_error",
      `resetDate ${new Date(resetMs).toISOString()} is not after the last reset at ${new Date(totals.windowStartMs).toISOString()}. Choose a later time.`,
    );
  }
  openWindow(connection, application, id, resetMs);
  moveEntries(connection, application, id, totals.windowStartMs, resetMs);
  connection.run(
    "UPDATE limit_def SET updated_ms = ? WHERE application = ? AND id = ?",
    Date.now(),
    application,
    id,
  );
  const closed = {
    ...existing(connection, application, id),
    totals: windowAt(connection, application, id, totals.windowStartMs),
  };
  return { limit: closed, resetMs };
}

function moveEntries(
  connection: Connection,
  application: string,
  id: string,
  fromMs: number,
  toMs: number,
): void {
  const moved = connection.get(
    `SELECT CAST(ifnull(sum(amount / 1000000000), 0) AS TEXT) AS hi, CAST(ifnull(sum(amount % 1000000000), 0) AS TEXT) AS lo,
       CAST(ifnull(sum(amount_input / 1000000000), 0) AS TEXT) AS input_hi,
       CAST(ifnull(sum(amount_input % 1000000000), 0) AS TEXT) AS input_lo, ifnull(sum(count), 0) AS total,
       ${LIMIT_STATES.map((state) => `ifnull(sum(CASE state WHEN '${state}' THEN count END), 0) AS ${state}`).join(", ")}
     FROM limit_entry WHERE application = ? AND limit_id = ? AND window_start = ? AND time_ms >= ?`,
    application,
    id,
    fromMs,
    toMs,
  );
  const values = [
    ...toPair(fromPair(moved?.["hi"], moved?.["lo"])),
    ...toPair(fromPair(moved?.["input_hi"], moved?.["input_lo"])),
    ...[...LIMIT_STATES, "total"].map((name) => BigInt(Number(moved?.[name]))),
  ];
  const names = ["used_hi", "used_lo", "used_input_hi", "used_input_lo", ...LIMIT_STATES, "total"];
  for (const [sign, start] of [
    [-1n, fromMs],
    [1n, toMs],
  ] as const) {
    connection.run(
      `UPDATE limit_window SET ${names.map((name) => `${name} = ${name} + ?`).join(", ")}
       WHERE application = ? AND limit_id = ? AND window_start = ?`,
      ...values.map((value) => sign * value),
      application,
      id,
      start,
    );
  }
  connection.run(
    `UPDATE limit_entry SET window_start = ?
     WHERE application = ? AND limit_id = ? AND window_start = ? AND time_ms >= ?`,
    toMs,
    application,
    id,
    fromMs,
    toMs,
  );
}

function existing(connection: Connection, application: string, id: string): StoredLimit {
  const found = findLimit(connection, application, id);
  if (found === undefined) throw unknownLimit(id);
  return found;
}

export function unknownLimit(id: string): WireError {
  return new WireError(
    "limit_not_found",
    `There is no limit ${JSON.stringify(id)}. List them with GET /api/v1/limits.`,
  );
}

function findLimitByName(connection: Connection, application: string, name: string): StoredLimit | undefined {
  const row = connection.get(
    `SELECT ${LIMIT_COLUMNS} FROM limit_def WHERE application = ? AND name = ? ORDER BY created_ms, id LIMIT 1`,
    application,
    name,
  );
  return row === undefined ? undefined : readLimit(connection, application, row);
}

function sameConfiguration(known: StoredLimit, wanted: NewLimit): boolean {
  return (
    known.name === wanted.name &&
    known.max === wanted.max &&
    known.limitType === wanted.limitType &&
    known.threshold === (wanted.threshold ?? null)
  );
}
