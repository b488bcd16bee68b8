/* oxlint-disable no-await-in-loop -- one table after the other */
import { type Client, DatabaseError } from "pg";

import { inTransaction } from "./migrate.ts";

/** This month and as many after it have a partition. */
const AHEAD = 2;
const CHECK_VIOLATION = "23514";

/** A partition of `event`, and the ids that belong to it. */
interface Month {
  readonly table: string;
  readonly fromId: string;
  readonly toId: string;
}

/** Makes the partitions of this month and the next ones. Does nothing where they are there. */
export async function makePartitions(client: Client, nowMs: number): Promise<void> {
  for (let ahead = 0; ahead <= AHEAD; ahead += 1) await makePartition(client, monthOf(nowMs, ahead));
}

/**
 * The same, and one for every month since that of the oldest id, of 20 years at most; what is older stays in
 * event_other, and so does everything where the id is no UUIDv7.
 */
export async function makePartitionsFrom(
  client: Client,
  oldestId: string | undefined,
  nowMs: number,
): Promise<void> {
  const oldestMs =
    oldestId === undefined ? nowMs : Number.parseInt(oldestId.replace("-", "").slice(0, 12), 16);
  const [now, oldest] = [new Date(nowMs), new Date(oldestMs)];
  const months =
    (now.getUTCFullYear() - oldest.getUTCFullYear()) * 12 + now.getUTCMonth() - oldest.getUTCMonth();
  for (let back = Math.min(months || 0, 240); back > 0; back -= 1) {
    await makePartition(client, monthOf(nowMs, -back));
  }
  await makePartitions(client, nowMs);
}

async function makePartition(client: Client, month: Month): Promise<void> {
  try {
    await inTransaction(client, async () => {
      const { rows } = await client.query("SELECT 1 WHERE to_regclass($1) IS NOT NULL", [month.table]);
      if (rows.length > 0) return;
      await client.query(
        `CREATE TABLE ${month.table} PARTITION OF event FOR VALUES FROM ('${month.fromId}') TO ('${month.toId}')`,
      );
    });
  } catch (error) {
    // No server ran at the turn of the month: events of that month are in event_other, where they may stay.
    if (!(error instanceof DatabaseError) || error.code !== CHECK_VIOLATION) throw error;
  }
}

function monthOf(nowMs: number, ahead: number): Month {
  const now = new Date(nowMs);
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth() + ahead];
  const start = new Date(Date.UTC(year, month));
  return {
    table: `event_${start.toISOString().slice(0, 7).replace("-", "_")}`,
    fromId: firstId(start.getTime()),
    toId: firstId(Date.UTC(year, month + 1)),
  };
}

/** Sorts before every UUIDv7 of this moment and after those of all earlier ones. */
export function firstId(timeMs: number): string {
  const hex = timeMs.toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}
