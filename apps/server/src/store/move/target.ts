import { Client } from "pg";

import { connectionOptions } from "../postgres/connect.ts";
import { type Cell, fromPostgres } from "./cell.ts";
import { type CellRow, keyOf, names } from "./source.ts";
import { type TableShape } from "./table-shape.ts";

/** The PostgreSQL database. Everything is read as text. */
export class Target {
  readonly client: Client;

  constructor(url: string) {
    this.client = new Client({
      ...connectionOptions(url),
      application_name: "payi migrate",
      types: { getTypeParser: () => (text: string | Buffer) => String(text) },
    });
    this.client.on("error", () => undefined);
  }

  /** Runs `work` in one transaction. */
  async transaction(work: () => Promise<void>): Promise<void> {
    await this.client.query("BEGIN");
    try {
      await work();
      await this.client.query("COMMIT");
    } catch (error) {
      await this.client.query("ROLLBACK");
      throw error;
    }
  }

  async rows(sql: string, values: readonly Cell[] = []): Promise<readonly (readonly (string | null)[])[]> {
    const query = { text: sql, values: [...values], rowMode: "array" as const };
    return (await this.client.query<(string | null)[]>(query)).rows;
  }

  /** Rows with a key above `after`, and up to `last` where that is given, in no order. */
  async range(
    table: TableShape,
    after: CellRow | undefined,
    last: CellRow | undefined,
  ): Promise<readonly CellRow[]> {
    const key = table.key.map(({ name }) => `"${name}"`).join(", ");
    const values: Cell[] = [];
    const bound = (cells: CellRow): string =>
      cells.map((cell, index) => `$${values.push(cell)}::${table.key[index]?.type ?? "text"}`).join(", ");
    const parts = [
      ...(after === undefined ? [] : [`(${key}) > (${bound(after)})`]),
      ...(last === undefined ? [] : [`(${key}) <= (${bound(last)})`]),
    ];
    const where = parts.length === 0 ? "" : `WHERE ${parts.join(" AND ")}`;
    const rows = await this.rows(`SELECT ${names(table)} FROM "${table.name}" ${where}`, values);
    return rows.map((row) =>
      row.map((text, index) => fromPostgres(text, table.columns[index]?.type ?? "text")),
    );
  }

  /** Rows that are there already stay as they are. */
  async insert(table: TableShape, rows: readonly CellRow[]): Promise<void> {
    if (rows.length === 0) return;
    const arrays = table.columns.map(({ type }, index) => `$${index + 1}::${type}[]`);
    await this.client.query(
      `INSERT INTO "${table.name}" (${names(table)}) OVERRIDING SYSTEM VALUE SELECT * FROM unnest(${arrays.join(", ")})
       ON CONFLICT DO NOTHING`,
      table.columns.map((_, index) => rows.map((row) => row[index] ?? null)),
    );
  }

  /** Removes rows by their keys. */
  async remove(table: TableShape, rows: readonly CellRow[]): Promise<void> {
    if (rows.length === 0) return;
    const keys = rows.map((row) => keyOf(table, row));
    const arrays = table.key.map(({ type }, index) => `$${index + 1}::${type}[]`);
    const key = table.key.map(({ name }) => `"${name}"`).join(", ");
    await this.client.query(
      `DELETE FROM "${table.name}" WHERE (${key}) IN (SELECT * FROM unnest(${arrays.join(", ")}))`,
      table.key.map((_, index) => keys.map((cells) => cells[index] ?? null)),
    );
  }
}
