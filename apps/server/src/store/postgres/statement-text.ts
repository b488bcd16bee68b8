import { type Insert } from "../sql/program.ts";

/** A statement as PostgreSQL takes it. The name makes the server keep its plan for the connection. */
export interface Statement {
  readonly text: string;
  readonly name?: string;
}

/** Texts of analytics differ with every combination of filters; so many are kept with their plans, the rest is not. */
const KEPT = 500;
const known = new Map<string, Statement>();
/** Statements that take some columns as one value, for each insert; with more of them the engine would plan all the time. */
const VARIANTS = 20;
const inserts = new WeakMap<Insert, Map<string, Statement>>();

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
  return variantOf(insert, types, new Set());
}

/**
 * The same for rows that have one value in the columns that are `common`: it takes that value, and arrays for the others.
 * Undefined where there are too many such statements already.
 */
export function toCommonInsert(
  insert: Insert,
  types: ReadonlyMap<string, string>,
  common: ReadonlySet<number>,
): Statement | undefined {
  const variants = inserts.get(insert);
  const isFull = variants !== undefined && variants.size >= VARIANTS;
  return isFull && !variants.has(keyOf(common)) ? undefined : variantOf(insert, types, common);
}

function variantOf(
  insert: Insert,
  types: ReadonlyMap<string, string>,
  common: ReadonlySet<number>,
): Statement {
  const key = keyOf(common);
  const variants = inserts.get(insert) ?? new Map<string, Statement>();
  inserts.set(insert, variants);
  const found = variants.get(key);
  if (found !== undefined) return found;
  const { table, columns, conflict } = insert;
  // Side by side, and not `FROM unnest(…)`, which would write every list out before the first row.
  const lists = columns.map((name, index) => {
    const type = types.get(name) ?? "text";
    return common.has(index) ? `CAST($${index + 1} AS ${type})` : `unnest($${index + 1}::${type}[])`;
  });
  const text = `INSERT INTO ${table} (${columns.join(", ")}) SELECT ${lists.join(", ")} ${conflict}`;
  const statement = toStatement(text);
  variants.set(key, statement);
  return statement;
}

function keyOf(common: ReadonlySet<number>): string {
  return [...common].join(",");
}
