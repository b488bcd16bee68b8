import { DatabaseSync, type StatementSync } from "node:sqlite";

import { type Insert, type Row, type Value } from "../sql/program.ts";

/** What a thread of this store is started with. */
export interface FileSettings {
  readonly file: string;
}

/** A database connection with its prepared statements, kept for as long as the connection lives. */
export class Connection {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(file: string, options: { readonly readOnly: boolean }) {
    this.#database = new DatabaseSync(file, { readOnly: options.readOnly, timeout: 5000 });
    // FULL: an acknowledged commit survives a power cut, not only a killed process.
    // A checkpoint writes the same warm pages again, so it comes as seldom as the log's limit of 64 MiB allows.
    this.#database.exec(
      "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 16000;",
    );
  }

  /** Runs statements without parameters; not cached. */
  exec(sql: string): void {
    this.#database.exec(sql);
  }

  /** Whether a transaction is open; SQLite ends it by itself where it cannot write. */
  isInTransaction(): boolean {
    try {
      this.exec("BEGIN");
    } catch {
      return true;
    }
    this.exec("ROLLBACK");
    return false;
  }

  /** Rows that were changed. */
  run(sql: string, ...values: readonly Value[]): number {
    return Number(this.#prepare(sql).run(...values).changes);
  }

  get(sql: string, ...values: readonly Value[]): Row | undefined {
    return this.#prepare(sql).get(...values);
  }

  all(sql: string, ...values: readonly Value[]): readonly Row[] {
    return this.#prepare(sql).all(...values);
  }

  /** Inserts every row by one prepared statement. */
  insert(insert: Insert, rows: readonly (readonly Value[])[]): void {
    const statement = this.#prepare(insertText(insert));
    for (const row of rows) statement.run(...row);
  }

  /** Inserts the rows that are not there yet; returns the places of the others. */
  claim(insert: Insert, rows: readonly (readonly Value[])[]): readonly number[] {
    const statement = this.#prepare(insertText(insert));
    const known: number[] = [];
    for (const [place, row] of rows.entries()) if (statement.run(...row).changes === 0) known.push(place);
    return known;
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql);
    // Texts of analytics differ with every combination of filters; the hot ones come back at once.
    if (this.#statements.size >= 500) this.#statements.clear();
    this.#statements.set(sql, statement);
    return statement;
  }
}

const INSERTS = new WeakMap<Insert, string>();

function insertText(insert: Insert): string {
  const known = INSERTS.get(insert);
  if (known !== undefined) return known;
  const { table, columns, conflict } = insert;
  const marks = columns.map(() => "?").join(", ");
  const text = `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${marks}) ${conflict}`;
  INSERTS.set(insert, text);
  return text;
}
