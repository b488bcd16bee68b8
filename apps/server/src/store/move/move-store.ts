/* oxlint-disable no-await-in-loop -- one table after the other */
import { connect } from "../postgres/connect.ts";
import { migrate as migratePostgres } from "../postgres/migrate.ts";
import { makePartitionsFrom } from "../postgres/partitions.ts";
import { Connection } from "../sqlite/connection.ts";
import { migrate as migrateSqlite } from "../sqlite/migrate.ts";
import { letWrite, markMoved, movedTarget, stopWrites } from "../sqlite/moved.ts";
import { type MoveDifference, compareStores, takeOverCounters } from "./compare.ts";
import { copyTable, reconcileTable } from "./copy.ts";
import { beginMove, endMove, restoreReferences } from "./progress.ts";
import { Source } from "./source.ts";
import { type TableShape, readShapes } from "./table-shape.ts";
import { Target } from "./target.ts";

/** From where to where. */
export interface Move {
  readonly file: string;
  readonly url: string;
  /** The target as people may see it, without its password. */
  readonly name: string;
  /** Told line by line what is done. */
  readonly tell: (line: string) => void;
}

/** Writes of the source are told to wait again so often. */
const SIGN_OF_LIFE_MS = 5000;

/**
 * Moves everything from SQLite to PostgreSQL beside a running server. May be killed at any moment and run again. The
 * source stays as it is: only when both give the same answers it is marked, and takes no writes from then on.
 *
 * @throws {Error} when a database cannot be used, or the source was written to by a program that does not heed the mark.
 */
export async function moveStore(move: Move): Promise<readonly MoveDifference[]> {
  const writer = new Connection(move.file, { readOnly: false });
  try {
    const gone = movedTarget(writer);
    if (gone !== undefined && gone !== move.name) {
      throw new Error(`This store has moved to ${gone} before. Set PAYI_DATABASE_URL to that database.`);
    }
    if (gone === undefined) migrateSqlite(writer);
    const target = new Target(move.url);
    await target.client.connect();
    try {
      if (gone === undefined) return await moveTo(move, writer, target);
      await endMove(target);
      return [];
    } finally {
      await target.client.end();
    }
  } finally {
    writer.close();
  }
}

async function moveTo(move: Move, writer: Connection, target: Target): Promise<readonly MoveDifference[]> {
  await prepareSchema(move);
  const source = new Source(move.file);
  try {
    const tables = await readShapes(source.database, target);
    await beginMove(target, tables);
    for (const table of tables) {
      if (table.whole) continue;
      const copied = await copyTable(source, target, table);
      if (copied > 0) move.tell(`${table.name}: ${copied} rows copied`);
    }
    return await finish(move, writer, source, target, tables);
  } finally {
    source.close();
  }
}

async function finish(
  move: Move,
  writer: Connection,
  source: Source,
  target: Target,
  tables: readonly TableShape[],
): Promise<readonly MoveDifference[]> {
  stopWrites(writer, move.name);
  // Changes when another connection has written; ours do not count.
  const version = versionOf(writer);
  const renewal = setInterval(() => prolong(writer, move.name), SIGN_OF_LIFE_MS);
  let moved = false;
  try {
    move.tell("Writes wait from here on.");
    for (const table of tables) {
      const changed = await reconcileTable(source, target, table);
      if (changed > 0) move.tell(`${table.name}: ${changed} rows that were new or had changed`);
    }
    const differences = [
      ...(await compareStores(source, target, tables)),
      ...(await takeOverCounters(source, target, tables)),
    ];
    if (differences.length > 0) return differences;
    await restoreReferences(target);
    moved = markMoved(writer, move.name, () => versionOf(writer) === version);
    if (!moved) throw new Error(`Something wrote to ${move.file} although writes had to wait. Run it again.`);
  } finally {
    clearInterval(renewal);
    if (!moved) letWrite(writer);
  }
  await endMove(target);
  return [];
}

function prolong(writer: Connection, name: string): void {
  try {
    stopWrites(writer, name);
  } catch {
    // Somebody holds the file. Should the wait end before the next time, the version of the data tells who wrote.
  }
}

/** The schema, and a partition for every month that the source has. */
async function prepareSchema({ file, url }: Move): Promise<void> {
  const client = await connect(url);
  try {
    await migratePostgres(client);
    const source = new Source(file);
    const [row] = source.rows("SELECT min(id) FROM event");
    source.close();
    await makePartitionsFrom(client, row?.[0] ?? undefined, Date.now());
  } finally {
    await client.end();
  }
}

function versionOf(connection: Connection): unknown {
  return connection.get("PRAGMA data_version")?.["data_version"];
}
