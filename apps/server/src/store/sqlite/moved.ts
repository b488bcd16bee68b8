/**
 * The mark of a store that goes, or has gone, to another engine. It stands in the file itself, so that every process
 * that writes sees it: none may write what would stay behind.
 */
import { StoreUnavailableError } from "../unavailable.ts";
import { type Connection } from "./connection.ts";

/** The file has gone for good. */
export class StoreMovedError extends Error {
  override readonly name = "StoreMovedError";
}

/** Where the data goes, and until when writes wait for it; `untilMs` null: it is there. */
interface Move {
  readonly target: string;
  readonly untilMs: number | null;
}

/** Writes wait for so long without a sign of life of the one who copies: if it was killed, they go on by themselves. */
const PATIENCE_MS = 120_000;

/** @throws {StoreUnavailableError} inside a transaction that writes, while nothing may be written. */
export function assertWritable(connection: Connection, nowMs: number = Date.now()): void {
  const move = readMove(connection);
  if (move === undefined) return;
  if (move.untilMs === null) throw new StoreUnavailableError(movedTo(move.target));
  if (move.untilMs > nowMs) {
    throw new StoreUnavailableError(
      `The data is on its way to ${move.target}; writes wait until it is there.`,
    );
  }
}

/** @throws {StoreMovedError} saying where the data is. */
export function assertNotMoved(connection: Connection): void {
  const move = readMove(connection);
  if (move !== undefined && move.untilMs === null) throw new StoreMovedError(movedTo(move.target));
}

/** The target that a file has gone to. */
export function movedTarget(connection: Connection): string | undefined {
  const move = readMove(connection);
  return move?.untilMs === null ? move.target : undefined;
}

/** Makes the writes of all processes wait; called again, they wait for longer. */
export function stopWrites(connection: Connection, target: string, nowMs: number = Date.now()): void {
  mark(connection, { target, untilMs: nowMs + PATIENCE_MS });
}

/** Nothing is written to this file any more. `still` is asked with the lock of writers held. */
export function markMoved(connection: Connection, target: string, still: () => boolean): boolean {
  return mark(connection, { target, untilMs: null }, still);
}

/** Writes go on. */
export function letWrite(connection: Connection): void {
  connection.exec("BEGIN IMMEDIATE");
  connection.exec("DROP TABLE IF EXISTS store_move");
  connection.exec("PRAGMA user_version = 0");
  connection.exec("COMMIT");
}

function mark(connection: Connection, move: Move, still: () => boolean = () => true): boolean {
  connection.exec("BEGIN IMMEDIATE");
  try {
    const holds = still();
    if (holds) {
      connection.exec(
        "CREATE TABLE IF NOT EXISTS store_move (target TEXT NOT NULL, until_ms INTEGER) STRICT",
      );
      connection.exec("DELETE FROM store_move");
      connection.run("INSERT INTO store_move (target, until_ms) VALUES (?, ?)", move.target, move.untilMs);
      connection.exec("PRAGMA user_version = 1");
    }
    connection.exec("COMMIT");
    return holds;
  } catch (error) {
    connection.exec("ROLLBACK");
    throw error;
  }
}

/** The number in the file's header is read with every write, the table only where it is set. */
function readMove(connection: Connection): Move | undefined {
  if (connection.get("PRAGMA user_version")?.["user_version"] === 0) return undefined;
  const row = connection.get("SELECT target, until_ms FROM store_move");
  if (row === undefined) return undefined;
  const until = row["until_ms"];
  return { target: String(row["target"]), untilMs: until === null ? null : Number(until) };
}

function movedTo(target: string): string {
  return `Its data has moved to ${target}. Set PAYI_DATABASE_URL to that database; this file is only a copy from then.`;
}
