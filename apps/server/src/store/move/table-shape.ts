import { type DatabaseSync } from "node:sqlite";

import { type Target } from "./target.ts";

/** A table as both engines have it. */
export interface TableShape {
  readonly name: string;
  readonly columns: readonly Column[];
  /** Empty where the table has no primary key. */
  readonly key: readonly Column[];
  /** Taken over as a whole: it has no key to go by, or rows that would be in each other's way one at a time. */
  readonly whole: boolean;
}

/** `type` is PostgreSQL's name for it. */
export interface Column {
  readonly name: string;
  readonly type: string;
  readonly counts: boolean;
}

/** What belongs to a database and not to its content, and what is counted anew in any case. */
const OWN = new Set([
  "migration",
  "store_move",
  "move_progress",
  "move_constraint",
  "outcome_day",
  "rollup_outcome_day",
]);

/**
 * Every table of the schema, read from both databases, so that one that is added later is not forgotten.
 *
 * @throws {Error} naming a table or column that only one of them has.
 */
export async function readShapes(source: DatabaseSync, target: Target): Promise<readonly TableShape[]> {
  const rows = await target.rows(
    `SELECT class.relname, attribute.attname, format_type(attribute.atttypid, NULL), attribute.attidentity,
        array_position(string_to_array(primary_key.indkey::text, ' ')::int[], attribute.attnum::int),
        (SELECT count(*) FROM pg_index WHERE indrelid = class.oid AND indisunique AND NOT indisprimary)
      FROM pg_class AS class JOIN pg_attribute AS attribute ON attribute.attrelid = class.oid
      LEFT JOIN pg_index AS primary_key ON primary_key.indrelid = class.oid AND primary_key.indisprimary
      WHERE class.relnamespace = current_schema()::regnamespace AND class.relkind IN ('r', 'p')
        AND NOT class.relispartition AND attribute.attnum > 0 AND NOT attribute.attisdropped
      ORDER BY class.relname, attribute.attnum`,
  );
  const shapes = new Map<string, { columns: Column[]; key: Column[]; whole: boolean }>();
  for (const [table = "", name = "", type = "", identity, place, uniques] of rows) {
    if (table === null || OWN.has(table)) continue;
    const shape = shapes.get(table) ?? { columns: [], key: [], whole: uniques !== "0" };
    shapes.set(table, shape);
    const column = { name: String(name), type: String(type), counts: identity === "a" || identity === "d" };
    shape.columns.push(column);
    if (place !== null && place !== undefined) shape.key[Number(place) - 1] = column;
  }
  const found = [...shapes].map(([name, { columns, key, whole }]) => ({
    name,
    columns,
    key,
    whole: whole || key.length === 0,
  }));
  assertSame(source, found);
  return found;
}

function assertSame(source: DatabaseSync, shapes: readonly TableShape[]): void {
  const rows = source
    .prepare(
      `SELECT tables.name AS name, columns.name AS column_name FROM pragma_table_list AS tables
       JOIN pragma_table_xinfo(tables.name) AS columns
       WHERE tables.schema = 'main' AND tables.type = 'table' AND tables.name NOT LIKE 'sqlite_%'`,
    )
    .all();
  const here = new Set(
    rows.flatMap((row) =>
      OWN.has(String(row["name"])) ? [] : [`${String(row["name"])}.${String(row["column_name"])}`],
    ),
  );
  const there = new Set(
    shapes.flatMap(({ name, columns }) => columns.map((column) => `${name}.${column.name}`)),
  );
  const lone = [...here].find((name) => !there.has(name)) ?? [...there].find((name) => !here.has(name));
  if (lone === undefined) return;
  throw new Error(
    `${lone} is in ${here.has(lone) ? "SQLite" : "PostgreSQL"} only. Both schemas must be of this version of payi; start payi serve once on each.`,
  );
}
