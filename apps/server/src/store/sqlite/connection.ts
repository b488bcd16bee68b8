import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from "node:sqlite";

/** One row, by column name. Money columns are read as text, since a plain read above 2^53 throws. */
export type Row = Readonly<Record<string, SQLOutputValue | undefined>>;

/** A database connection with its prepared statements, kept for as long as the connection lives. */
export class Connection {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(file: string, options: { readonly readOnly: boolean }) {
    this.#database = new DatabaseSync(file, { readOnly: options.readOnly, timeout: 5000 });
    // FULL: an acknowledged commit survives a power cut, not only a killed process.
    this.#database.exec("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -16384;");
  }

  /** Runs statements without parameters; not cached. */
  exec(sql: string): void {
    this.#database.exec(sql);
  }

  /** Rows that were changed. */
  run(sql: string, ...values: readonly SQLInputValue[]): number {
    return Number(this.#prepare(sql).run(...values).changes);
  }

  get(sql: string, ...values: readonly SQLInputValue[]): Row | undefined {
    return this.#prepare(sql).get(...values);
  }

  all(sql: string, ...values: readonly SQLInputValue[]): readonly Row[] {
    return this.#prepare(sql).all(...values);
  }

  /** Runs `work` so that an error undoes all of it and nothing else. */
  savepoint<Result>(work: () => Result): Result {
    this.#prepare("SAVEPOINT item").run();
    try {
      const result = work();
      this.#prepare("RELEASE item").run();
      return result;
    } catch (error) {
      this.#prepare("ROLLBACK TO item").run();
      this.#prepare("RELEASE item").run();
      throw error;
    }
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
