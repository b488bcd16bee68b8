/**
 * Verbs of the store as programs: generators that yield statements and get their results, and never touch an engine.
 * Each engine has a driver that runs them: SQLite's at once, in the writer's or a reader's thread; PostgreSQL's over a
 * connection.
 *
 * A further verb: 1. its signature in `Store`, or in the part of it that it belongs to (store/*-store.ts); 2. a program
 * in this folder, with one SQL text for both engines, `?` for values, and what differs from {@link Dialect}; 3. a line in
 * reads.ts, or its name in operation.ts and a line in writes.ts with the applications it changes; 4. for new tables or
 * columns a migration in migrations/sqlite and one in migrations/postgres under the same number: STRICT with INTEGER and
 * TEXT there, BIGINT and TEXT COLLATE "C" here; 5. what administers leaves an entry in the audit log (audited.ts).
 *
 * What holds for the text: `user` is quoted, `coalesce` and not `ifnull`, `count(*) FILTER (WHERE …)` and not the sum of
 * a condition, `IS NOT DISTINCT FROM` where null equals null, a table's name before a column that `excluded` has too,
 * a name for every subquery. Columns whose sums may pass 2^53 are read as text.
 */
import { type Dialect } from "./dialect.ts";

/** What can be bound to a question mark. Amounts are bigint, flags 0 or 1. */
export type Value = string | number | bigint | Uint8Array | null;

/** One row, by column name. */
export type Row = Readonly<Record<string, Value | undefined>>;

/** What a program asks of its driver. */
export type Step =
  /** Its result is not looked at, so the driver need not wait for it; an error ends the program at a later step. */
  | { readonly kind: "run"; readonly sql: string; readonly values: readonly Value[] }
  /** Answered by the number of changed rows. */
  | { readonly kind: "change"; readonly sql: string; readonly values: readonly Value[] }
  | { readonly kind: "get"; readonly sql: string; readonly values: readonly Value[] }
  | { readonly kind: "all"; readonly sql: string; readonly values: readonly Value[] }
  | { readonly kind: "many"; readonly insert: Insert; readonly rows: readonly (readonly Value[])[] }
  /** Answered by the places of the rows that met one that was there before. */
  | { readonly kind: "claim"; readonly insert: Insert; readonly rows: readonly (readonly Value[])[] }
  | { readonly kind: "savepoint"; readonly action: "open" | "keep" | "undo" }
  | { readonly kind: "dialect" };

/** What a driver answers to a step, in the order of the kinds. */
export type Result = undefined | number | Row | readonly Row[] | readonly number[] | Dialect;

/** A piece of work on the store that ends with `Ended`. */
export type Program<Ended> = Generator<Step, Ended, Result>;

/** A statement that inserts rows, one by one or many at once. */
export interface Insert {
  readonly table: string;
  readonly columns: readonly string[];
  /** What stands after the values: `ON CONFLICT …`, or nothing. */
  readonly conflict: string;
}

/** Changes rows; does not tell how many. */
export function* run(sql: string, ...values: readonly Value[]): Program<void> {
  yield { kind: "run", sql, values };
}

/** Changes rows and tells how many. */
export function* runCounted(sql: string, ...values: readonly Value[]): Program<number> {
  return (yield { kind: "change", sql, values }) as number;
}

/** The first row; undefined when there is none. */
export function* get(sql: string, ...values: readonly Value[]): Program<Row | undefined> {
  return (yield { kind: "get", sql, values }) as Row | undefined;
}

/** All rows. */
export function* all(sql: string, ...values: readonly Value[]): Program<readonly Row[]> {
  return (yield { kind: "all", sql, values }) as readonly Row[];
}

/** Inserts every row by the same statement. No two of them may meet in one row of the table. */
export function* runMany(insert: Insert, rows: readonly (readonly Value[])[]): Program<void> {
  if (rows.length > 0) yield { kind: "many", insert, rows };
}

/**
 * Inserts the rows that are not there yet, and tells the places of the others. The statement does nothing on a conflict,
 * its last column is another for each of the rows, and no two of them may meet in one row of the table.
 */
export function* claim(insert: Insert, rows: readonly (readonly Value[])[]): Program<readonly number[]> {
  return rows.length === 0 ? [] : ((yield { kind: "claim", insert, rows }) as readonly number[]);
}

/** Runs `work` so that an error undoes all of it and nothing else. */
export function* savepoint<Ended>(work: () => Program<Ended>): Program<Ended> {
  yield { kind: "savepoint", action: "open" };
  try {
    const ended = yield* work();
    yield { kind: "savepoint", action: "keep" };
    return ended;
  } catch (error) {
    yield { kind: "savepoint", action: "undo" };
    throw error;
  }
}

/** How the engine spells what the two do not share. */
export function* dialect(): Program<Dialect> {
  return (yield { kind: "dialect" }) as Dialect;
}

/** One thing after the other for each item, in order. */
export function* each<Item, Ended>(
  items: Iterable<Item>,
  work: (item: Item) => Program<Ended>,
): Program<readonly Ended[]> {
  const ended: Ended[] = [];
  for (const item of items) ended.push(yield* work(item));
  return ended;
}
