import { DatabaseSync, type SQLOutputValue } from "node:sqlite";

import { type Cell, fromSqlite, toSqlite } from "./cell.ts";
import { type TableShape } from "./table-shape.ts";

/** One row, in the order of the table's columns. */
export type CellRow = readonly Cell[];

const MOST_ROWS = 2000;
const MOST_TEXT = 8_000_000;

/** The SQLite file, read only. */
export class Source {
  readonly database: DatabaseSync;

  constructor(file: string) {
    this.database = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
  }

  /** Rows after a key, in the order of keys; fewer where they are large. Empty at the end. */
  chunk(table: TableShape, after: CellRow | undefined): readonly CellRow[] {
    const key = table.key.map(({ name }) => `"${name}"`).join(", ");
    const marks = table.key.map(() => "?").join(", ");
    const where = after === undefined ? "" : `WHERE (${key}) > (${marks})`;
    const values = (after ?? []).map((cell, index) => toSqlite(cell, table.key[index]?.type ?? "text"));
    const rows: CellRow[] = [];
    let size = 0;
    for (const row of this.rows(
      `SELECT ${names(table)} FROM "${table.name}" ${where} ORDER BY ${key} LIMIT ${MOST_ROWS}`,
      ...values,
    )) {
      rows.push(row);
      for (const cell of row) size += cell?.length ?? 0;
      if (size > MOST_TEXT) break;
    }
    return rows;
  }

  /** All rows of a table that is taken over as a whole. */
  all(table: TableShape): readonly CellRow[] {
    return [...this.rows(`SELECT ${names(table)} FROM "${table.name}"`)];
  }

  /** Rows of a question, one after the other. */
  *rows(
    sql: string,
    ...values: readonly (string | bigint | number | Uint8Array | null)[]
  ): Generator<CellRow> {
    const statement = this.database.prepare(sql);
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
    for (const row of statement.iterate(...values)) {
      yield (row as unknown as readonly SQLOutputValue[]).map(fromSqlite);
    }
  }

  /** The last number that a counting column gave away, whether its row is still there or not. */
  lastNumber(table: string): bigint {
    const statement = this.database.prepare("SELECT seq FROM sqlite_sequence WHERE name = ?");
    statement.setReadBigInts(true);
    return BigInt(String(statement.get(table)?.["seq"] ?? 0));
  }

  close(): void {
    this.database.close();
  }
}

/** Columns of a table, quoted as both engines take it. */
export function names(table: TableShape): string {
  return table.columns.map(({ name }) => `"${name}"`).join(", ");
}

/** The key of a row. */
export function keyOf(table: TableShape, row: CellRow): CellRow {
  return table.key.map((column) => row[table.columns.indexOf(column)] ?? null);
}
