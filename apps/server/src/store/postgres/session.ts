import { type Client, type QueryConfig, type QueryResult } from "pg";

import { type Insert, type Row, type Value } from "../sql/program.ts";
import { arrayText } from "./array-text.ts";
import { type Statement, toCommonInsert, toInsert, toStatement } from "./statement-text.ts";

/** Table → column → type; the schema does not change while a server runs. */
export type ColumnTypes = Map<string, ReadonlyMap<string, string>>;

/** One transaction on a connection in pipeline mode: statements are sent at once and answered in their order. */
export class Session {
  readonly #client: Client;
  readonly #types: ColumnTypes;
  readonly #answerMs: number | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #failure: unknown;
  #lost: unknown;

  /** `answerMs`: how long each answer may take; by default as the connection has it. */
  constructor(client: Client, types: ColumnTypes, answerMs?: number) {
    this.#client = client;
    this.#types = types;
    this.#answerMs = answerMs;
  }

  /** Sends a statement without waiting; an error is thrown by the next call that waits. */
  send(sql: string, values: readonly Value[] = []): void {
    this.#send(toStatement(sql), values);
  }

  /** Sends, without waiting, what everything after it rests on: its error is never forgiven. */
  demand(sql: string, values: readonly Value[] = []): void {
    this.#last = this.#client.query(this.#query(toStatement(sql), values)).catch((error: unknown) => {
      this.#failure ??= error;
      this.#lost ??= error;
    });
  }

  /** The error of what was demanded; undefined where there is none so far. */
  get lost(): unknown {
    return this.#lost;
  }

  /** Sends a statement and waits for its answer. */
  async ask(sql: string, values: readonly Value[] = []): Promise<QueryResult<Row>> {
    return this.#ask(toStatement(sql), values);
  }

  /** Sends all rows with one statement, without waiting. */
  async insert(insert: Insert, rows: readonly (readonly Value[])[]): Promise<void> {
    const types = await this.#columnTypes(insert.table);
    const common = rows.length < WORTH_A_STATEMENT ? NONE : commonOf(insert, rows);
    const statement = common.size === 0 ? undefined : toCommonInsert(insert, types, common);
    if (statement === undefined) this.#send(toInsert(insert, types), toArrays(insert, rows, NONE));
    else this.#send(statement, toArrays(insert, rows, common));
  }

  /** Inserts the rows that are not there yet; resolves to the places of the others. */
  async claim(insert: Insert, rows: readonly (readonly Value[])[]): Promise<readonly number[]> {
    const mark = insert.columns.length - 1;
    const conflict = `${insert.conflict} RETURNING ${insert.columns[mark]} AS mark`;
    const claiming = CLAIMS.get(insert) ?? { ...insert, conflict };
    CLAIMS.set(insert, claiming);
    const statement = toInsert(claiming, await this.#columnTypes(insert.table));
    const made = new Set(
      (await this.#ask(statement, toArrays(insert, rows, NONE))).rows.map((row) => row["mark"]),
    );
    return rows.flatMap((row, place) => (made.has(row[mark] ?? null) ? [] : [place]));
  }

  /** Resolves once all that was sent is done; rejects with the first error. */
  async settle(): Promise<void> {
    await this.#last;
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** The error is dealt with: what follows is a new attempt. */
  forgive(): void {
    this.#failure = this.#lost;
  }

  #send(statement: Statement, values: readonly unknown[]): void {
    this.#last = this.#client.query(this.#query(statement, values)).catch((error: unknown) => {
      this.#failure ??= error;
    });
  }

  async #ask(statement: Statement, values: readonly unknown[]): Promise<QueryResult<Row>> {
    try {
      const answer = this.#client.query<Row>(this.#query(statement, values));
      this.#last = answer.catch(() => undefined);
      return await answer;
    } catch (error) {
      // After an error PostgreSQL refuses the rest of a transaction; the first one says why.
      this.#failure ??= error;
      throw this.#failure;
    }
  }

  #query(statement: Statement, values: readonly unknown[]): QueryConfig & { query_timeout?: number } {
    const query = { ...statement, values: values.map(storable) };
    return this.#answerMs === undefined ? query : { ...query, query_timeout: this.#answerMs };
  }

  async #columnTypes(table: string): Promise<ReadonlyMap<string, string>> {
    const known = this.#types.get(table);
    if (known !== undefined) return known;
    const { rows } = await this.ask(
      `SELECT quote_ident(attname) AS name, format_type(atttypid, NULL) AS type FROM pg_attribute
       WHERE attrelid = CAST(CAST(? AS text) AS regclass) AND attnum > 0 AND NOT attisdropped`,
      [table],
    );
    const types = new Map(rows.map((row) => [String(row["name"]), String(row["type"])]));
    this.#types.set(table, types);
    return types;
  }
}

const CLAIMS = new WeakMap<Insert, Insert>();

/** So many rows are worth a statement for what they have in common: it is read and planned once for its columns. */
const WORTH_A_STATEMENT = 100;

const NONE: ReadonlySet<number> = new Set();

/** A list for each column, and one value for each of those that are common. */
function toArrays(
  insert: Insert,
  rows: readonly (readonly Value[])[],
  common: ReadonlySet<number>,
): readonly unknown[] {
  return insert.columns.map((_, index) => {
    if (common.has(index)) return rows[0]?.[index] ?? null;
    const column = rows.map((row) => row[index] ?? null);
    return arrayText(column) ?? column;
  });
}

/** The columns with one value in all rows; never all of them, since the rows are counted by the others. */
function commonOf(insert: Insert, rows: readonly (readonly Value[])[]): ReadonlySet<number> {
  const common = new Set<number>();
  for (const index of insert.columns.keys()) {
    const first = rows[0]?.[index];
    if (rows.every((row) => row[index] === first)) common.add(index);
  }
  if (common.size === insert.columns.length) common.delete(0);
  return common;
}

/** PostgreSQL keeps no NUL in a text. */
function storable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(storable);
  return typeof value === "string" && value.includes("\0") ? value.replaceAll("\0", "\uFFFD") : value;
}
