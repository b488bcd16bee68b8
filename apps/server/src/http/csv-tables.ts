/* oxlint-disable no-await-in-loop -- page after page: each starts where the one before ended */
import { type BreakdownAnswer, type Measures, type SeriesAnswer } from "@payi/core/wire";

import { toZonedText } from "../domain/zoned-time.ts";
import { type Page, type PageRequest } from "../store/query.ts";
import { type Cell } from "./csv.ts";

type Table = readonly (readonly Cell[])[];

const MEASURES = [
  "requests",
  "errors",
  "blocked",
  "unpriced",
  "cost",
  "cost_input",
  "cost_output",
  "tokens_input",
  "tokens_output",
  "latency_ms",
] as const satisfies readonly (keyof Measures)[];

const PAGE = 1000;

/** One line per group; what is not shown by itself and what has no value are told by `kind`. */
export function breakdownTable(answer: BreakdownAnswer): Table {
  const rest = [
    ["other", answer.other],
    ["unattributed", answer.unattributed],
  ] as const;
  return [
    [answer.group_by, "kind", ...MEASURES],
    ...answer.rows.map((row) => [row.key, "value", ...measureCells(row)]),
    ...rest.flatMap(([kind, measures]) => (measures === null ? [] : [["", kind, ...measureCells(measures)]])),
  ];
}

/** One line per group and bucket that has requests. */
export function seriesTable(answer: SeriesAnswer): Table {
  const isByDay = answer.granularity === "day" && answer.time_zone !== "UTC";
  const times = answer.buckets.map((start) =>
    isByDay ? toZonedText(Date.parse(start), answer.time_zone) : start,
  );
  const lines = answer.groups.flatMap(({ key, kind, points }) =>
    points.flatMap((point, index) =>
      point.requests === 0
        ? []
        : [[times[index] ?? "", kind === "value" ? key : "", kind, ...measureCells(point)]],
    ),
  );
  return [["time", answer.group_by, "kind", ...MEASURES], ...lines];
}

/** Everything from a page on, one line per item; objects as JSON text. */
export async function* listTable<Item>(
  columns: readonly string[],
  page: PageRequest,
  read: (page: PageRequest) => Promise<Page<Item>>,
  encode: (item: Item) => object,
): AsyncIterable<readonly Cell[]> {
  yield columns;
  let { after } = page;
  do {
    const found: Page<Item> = await read({ ...page, limit: PAGE, after });
    for (const item of found.items) {
      const fields = new Map<string, unknown>(Object.entries(encode(item)));
      yield columns.map((name) => toCell(fields.get(name)));
    }
    after = found.next;
  } while (after !== undefined);
}

function measureCells(measures: Measures): readonly Cell[] {
  return MEASURES.map((name) => measures[name]);
}

function toCell(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  return JSON.stringify(value);
}
