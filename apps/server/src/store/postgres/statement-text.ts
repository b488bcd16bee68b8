import { type Insert } from "../sql/program.ts";

/** A statement as PostgreSQL takes it. The name makes the server keep its plan for the connection. */
export interface Statement {
  readonly text: string;
  readonly name?: string;
}

/** Texts of analytics differ with every combination of filters; so many are kept with their plans, the rest is not. */
const KEPT = 500;
const known = new Map<string, Statement>();
const inserts = new WeakMap<Insert, Statement>();

/** `?` becomes `$1`, `$2` and so on, `?2` becomes `$2`. No literal in a text of ours holds a question mark. */
export function toStatement(sql: string): Statement {
  const found = known.get(sql);
  if (found !== undefined) return found;
  let count = 0;
  const text = sql.replaceAll(/\?(\d*)/g, (_, place: string) => {
    if (place !== "") return `$${place}`;
    count += 1;
    return `$${count}`;
  });
  if (known.size >= KEPT) return { text };
  const statement = { text, name: `payi_${known.size}` };
  known.set(sql, statement);
  return statement;
}

/** One statement for any number of rows: it takes an array for each column, of the types given. */
export function toInsert(insert: Insert, types: ReadonlyMap<string, string>): Statement {
  const found = inserts.get(insert);
  if (found !== undefined) return found;
  const { table, columns, conflict } = insert;
  // Side by side, and not `FROM unnest(…)`, which would write every list out before the first row.
  const lists = columns.map((name, index) => `unnest($${index + 1}::${types.get(name) ?? "text"}[])`);
  const text = `INSERT INTO ${table} (${columns.join(", ")}) SELECT ${lists.join(", ")} ${conflict}`;
  const statement = toStatement(text);
  inserts.set(insert, statement);
  return statement;
}
