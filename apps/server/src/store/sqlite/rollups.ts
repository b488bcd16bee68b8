import { type StoredEvent } from "../event.ts";
import { latencyBin } from "../latency-bin.ts";
import { type Sums } from "../sums.ts";
import { SUM_COLUMNS, sumValues } from "./columns.ts";
import { type Connection } from "./connection.ts";

export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

const ADD = SUM_COLUMNS.map((name) => `${name} = ${name} + excluded.${name}`).join(", ");
const ROLLUP_HOUR = upsert("rollup_hour", ["application", "hour", "use_case", "category", "resource"]);
const ROLLUP_DIM_DAY = upsert("rollup_dim_day", ["application", "dimension", "day", "key"]);

const LATENCY = `INSERT INTO latency_hist_hour (application, hour, use_case, category, resource, bin, n)
  VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (application, hour, use_case, category, resource, bin) DO UPDATE SET n = n + excluded.n`;

/** What one event adds to every total it belongs to. */
export function sumsOf(event: StoredEvent): Sums {
  return {
    requests: 1,
    errors: event.error ? 1 : 0,
    blocked: event.blocked ? 1 : 0,
    unpriced: event.cost === null ? 1 : 0,
    tokensInput: event.tokensInput,
    tokensOutput: event.tokensOutput,
    cost: event.cost?.total ?? 0n,
    costInput: event.cost?.input ?? 0n,
    latencySum: event.latencyMs ?? 0,
    latencyCount: event.latencyMs === null ? 0 : 1,
  };
}

/** Adds `delta` to the rollups and the instance that `event` belongs to. Call it in the event's own transaction. */
export function addToRollups(connection: Connection, event: StoredEvent, delta: Sums): void {
  const values = sumValues(delta);
  const hour = Math.floor(event.timeMs / HOUR_MS);
  const day = Math.floor(event.timeMs / DAY_MS);
  const cell = [event.application, hour, event.useCase ?? "", event.category, event.resource ?? ""] as const;
  connection.run(ROLLUP_HOUR, ...cell, ...values);
  for (const [dimension, key] of [
    ["user", event.user],
    ["account", event.account],
  ] as const) {
    connection.run(ROLLUP_DIM_DAY, event.application, dimension, day, key ?? "", ...values);
  }
  if (event.latencyMs !== null && delta.latencyCount !== 0) {
    connection.run(LATENCY, ...cell, latencyBin(event.latencyMs), delta.latencyCount);
  }
  if (event.useCase !== null && event.instance !== null) {
    connection.run(
      `UPDATE instance SET ${SUM_COLUMNS.map((name) => `${name} = ${name} + ?`).join(", ")}
       WHERE application = ? AND use_case = ? AND id = ?`,
      ...values,
      event.application,
      event.useCase,
      event.instance,
    );
  }
}

function upsert(table: string, keys: readonly string[]): string {
  const columns = [...keys, ...SUM_COLUMNS];
  return `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})
    ON CONFLICT (${keys.join(", ")}) DO UPDATE SET ${ADD}`;
}
