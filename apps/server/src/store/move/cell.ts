import { type SQLOutputValue } from "node:sqlite";

/** A value as text that both engines give for the same value, and that PostgreSQL takes as input of every type. */
export type Cell = string | null;

/** From a row of SQLite, read with whole numbers as bigint. */
export function fromSqlite(value: SQLOutputValue): Cell {
  if (value === null) return null;
  // PostgreSQL keeps no NUL in a text.
  if (typeof value === "string") return value.includes("\0") ? value.replaceAll("\0", "\uFFFD") : value;
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString("hex")}`;
  return String(value);
}

/** From a row of PostgreSQL, read as text. */
export function fromPostgres(text: string | null, type: string): Cell {
  return text !== null && type === "double precision" ? String(Number(text)) : text;
}

/** For a statement of SQLite. */
export function toSqlite(cell: Cell, type: string): string | bigint | number | Uint8Array | null {
  if (cell === null) return null;
  if (type === "bigint" || type === "integer") return BigInt(cell);
  if (type === "double precision") return Number(cell);
  return type === "bytea" ? Buffer.from(cell.slice(2), "hex") : cell;
}
