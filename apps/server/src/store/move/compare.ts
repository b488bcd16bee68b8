/* oxlint-disable no-await-in-loop -- one question after the other */
import { createHash } from "node:crypto";

import { type Dialect, POSTGRES, SQLITE } from "../sql/dialect.ts";
import { limitLines } from "../sql/entry-lists.ts";
import { type Cell } from "./cell.ts";
import { type CellRow, type Source } from "./source.ts";
import { type TableShape } from "./table-shape.ts";
import { type Target } from "./target.ts";

/** What the two databases answer differently to one question. */
export interface MoveDifference {
  readonly what: string;
  readonly place: string;
  readonly source: string;
  readonly target: string;
}

/** `keys`: so many columns name a row of the answer, the rest are its figures. */
interface Question {
  readonly what: string;
  readonly keys: number;
  readonly sql: string | ((engine: Dialect) => string);
}

const COST = `CAST(sum(cost_total / 1000000000) AS TEXT), CAST(sum(cost_total % 1000000000) AS TEXT),
  count(cost_total), count(*)`;
const SUMS = `n, errors, blocked, unpriced, tokens_input, tokens_output, cost_hi, cost_lo, cost_input_hi,
  cost_input_lo, latency_sum, latency_n`;

const QUESTIONS: readonly Question[] = [
  {
    what: "cost per day",
    keys: 2,
    sql: `SELECT application, time_ms / 86400000 AS day, ${COST} FROM event GROUP BY 1, 2`,
  },
  {
    what: "cost per resource",
    keys: 3,
    sql: `SELECT application, category, coalesce(resource, ''), ${COST} FROM event GROUP BY 1, 2, 3`,
  },
  {
    what: "used and held per limit window",
    keys: 4,
    sql: `SELECT application, limit_id, value, window_start, used_hi, used_lo, used_input_hi, used_input_lo, held_hi,
      held_lo, total FROM limit_window`,
  },
  {
    what: "entries per limit window",
    keys: 4,
    sql: (
      engine,
    ) => `SELECT application, limit_id, value, window_start, CAST(sum(amount / 1000000000) AS TEXT),
      CAST(sum(amount % 1000000000) AS TEXT), count(*) FROM ${limitLines(engine)} GROUP BY 1, 2, 3, 4`,
  },
  {
    what: "instance",
    keys: 3,
    sql: `SELECT application, use_case, id, ${SUMS} FROM instance`,
  },
  {
    what: "KPI scores",
    keys: 3,
    sql: "SELECT application, use_case, kpi, count(*), count(DISTINCT instance) FROM kpi_score GROUP BY 1, 2, 3",
  },
];

/** Asks both databases the same; empty when they agree in everything. */
export async function compareStores(
  source: Source,
  target: Target,
  tables: readonly TableShape[],
): Promise<readonly MoveDifference[]> {
  const differences: MoveDifference[] = [];
  for (const table of tables) {
    const what = `rows of ${table.name}`;
    const [here, there] = [digestSource(source, table), await digestTarget(target, table)];
    differences.push(...compareAnswers(what, here, there));
  }
  for (const { what, keys, sql } of QUESTIONS) {
    const ask = (engine: Dialect): string => (typeof sql === "string" ? sql : sql(engine));
    const here = byPlace(source.rows(ask(SQLITE)), keys);
    differences.push(...compareAnswers(what, here, byPlace(await target.rows(ask(POSTGRES)), keys)));
  }
  return differences;
}

/** Gives counting columns their next number, and compares it with the source's. */
export async function takeOverCounters(
  source: Source,
  target: Target,
  tables: readonly TableShape[],
): Promise<readonly MoveDifference[]> {
  const differences: MoveDifference[] = [];
  for (const table of tables) {
    const column = table.columns.find(({ counts }) => counts);
    if (column === undefined) continue;
    const last = source.lastNumber(table.name);
    const sequence = `pg_get_serial_sequence('"${table.name}"', '${column.name}')`;
    if (last > 0n) await target.rows(`SELECT setval(${sequence}, $1::bigint)`, [String(last)]);
    const [row] = await target.rows(`SELECT coalesce(max("${column.name}"), 0) FROM "${table.name}"`);
    const highest = BigInt(row?.[0] ?? 0);
    if (highest <= last) continue;
    differences.push({
      what: "last number given away",
      place: `${table.name}.${column.name}`,
      source: String(last),
      target: String(highest),
    });
  }
  return differences;
}

/** Day (UTC) → count and hash of the keys in their order; tables without a time have one day. */
type Digests = ReadonlyMap<string, string>;

class Digest {
  readonly #days = new Map<string, { count: number; readonly hash: ReturnType<typeof createHash> }>();

  add(day: Cell, key: CellRow): void {
    const name = day ?? "";
    const known = this.#days.get(name) ?? { count: 0, hash: createHash("sha256") };
    this.#days.set(name, known);
    known.count += 1;
    known.hash.update(JSON.stringify(key));
  }

  finish(): Digests {
    return new Map(
      [...this.#days].map(([day, { count, hash }]) => [
        day,
        `${count} rows, ids ${hash.digest("hex").slice(0, 16)}`,
      ]),
    );
  }
}

function digestSource(source: Source, table: TableShape): Digests {
  const digest = new Digest();
  for (const [day = null, ...key] of source.rows(digestText(table))) digest.add(day, key);
  return digest.finish();
}

async function digestTarget(target: Target, table: TableShape): Promise<Digests> {
  const digest = new Digest();
  await target.client.query("BEGIN");
  await target.client.query(`DECLARE digest NO SCROLL CURSOR FOR ${digestText(table)}`);
  for (;;) {
    const rows = await target.rows("FETCH 5000 FROM digest");
    if (rows.length === 0) break;
    for (const [day = null, ...key] of rows) digest.add(day, key);
  }
  await target.client.query("COMMIT");
  return digest.finish();
}

/** The same text for both. A table without a key is compared by all of its columns. */
function digestText(table: TableShape): string {
  const key = (table.key.length === 0 ? table.columns : table.key).map(({ name }) => `"${name}"`).join(", ");
  const time = ["time_ms", "created_ms"].find((name) => table.columns.some((column) => column.name === name));
  const day = time === undefined ? "''" : `CAST(${time} / 86400000 AS TEXT)`;
  return `SELECT ${day}, ${key} FROM "${table.name}" ORDER BY ${key}`;
}

function byPlace(rows: Iterable<CellRow>, keys: number): ReadonlyMap<string, string> {
  const answers = new Map<string, string>();
  for (const row of rows) answers.set(JSON.stringify(row.slice(0, keys)), row.slice(keys).join(" "));
  return answers;
}

function compareAnswers(
  what: string,
  source: ReadonlyMap<string, string>,
  target: ReadonlyMap<string, string>,
): readonly MoveDifference[] {
  return [...new Set([...source.keys(), ...target.keys()])].toSorted().flatMap((place) => {
    const [here, there] = [source.get(place) ?? "nothing", target.get(place) ?? "nothing"];
    return here === there ? [] : [{ what, place, source: here, target: there }];
  });
}
