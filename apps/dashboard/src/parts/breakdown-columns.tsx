import { type BreakdownAnswer, type Dimension, type Measures } from "@payi/core/wire";
import { type ReactNode } from "react";
import { Link } from "react-router";

import { type Amount, meanAmount, shareOf } from "../amounts.ts";
import { showCompactCount, showCount, showDuration, showShare } from "../format.ts";
import { countPriced } from "../measures.ts";
import { type Filter, type View, linkTo, withFilter } from "../url-state.ts";
import { nameField, nameUnattributed } from "../words.ts";
import { type Column } from "./column.ts";
import { Money, whyUnknown } from "./money.tsx";

import styles from "./breakdown-columns.module.css";

/** One line: a value of the dimension, or one of the rows that are never hidden. */
export interface BreakdownRow extends Measures {
  readonly kind: "value" | "other" | "unattributed" | "total";
  /** Empty unless `kind` is `value`. */
  readonly key: string;
}

/** The values, and below them what is left out, what has no value, and the sum of all. */
export function breakdownRows(answer: BreakdownAnswer): {
  readonly rows: readonly BreakdownRow[];
  readonly lastRows: readonly BreakdownRow[];
} {
  const last = (kind: BreakdownRow["kind"], measures: Measures | null): readonly BreakdownRow[] =>
    measures === null ? [] : [{ ...measures, kind, key: "" }];
  return {
    rows: answer.rows.map((row) => ({ ...row, kind: "value" })),
    lastRows: [
      ...last("other", answer.other),
      ...last("unattributed", answer.unattributed),
      ...last("total", answer.total),
    ],
  };
}

export interface BreakdownOptions {
  readonly group: Dimension;
  readonly view: View;
  readonly filters: readonly Filter[];
  /** What shares are taken of. */
  readonly total: Amount;
  /** Lists more values. */
  readonly onMore?: () => void;
}

export function breakdownColumns(options: BreakdownOptions): readonly Column<BreakdownRow>[] {
  return [
    {
      id: "name",
      header: nameField(options.group),
      value: (row) => nameRow(row, options.group),
      cell: (row) => <Name row={row} options={options} />,
      order: "text",
    },
    {
      id: "cost",
      header: "Spend",
      align: "right",
      order: "amount",
      value: ({ cost }) => cost,
      cell: (row) => (
        <Link to={rowLink(row, options, { field: "pricing", value: "priced" })}>
          <Money amount={row.cost} reason={whyUnknown(row)} aligned />
        </Link>
      ),
    },
    {
      id: "share",
      header: "Share",
      value: ({ cost }) => shareOf(cost, options.total),
      cell: ({ cost }) => <Share share={shareOf(cost, options.total)} />,
    },
    {
      id: "requests",
      header: "Requests",
      align: "right",
      order: "number",
      value: ({ requests }) => requests,
      cell: (row) => <Link to={rowLink(row, options)}>{showCount(row.requests)}</Link>,
    },
    {
      id: "mean",
      header: "Per request",
      hint: "Spend by priced request; those that a limit refused are left out",
      align: "right",
      order: "amount",
      value: (row) => meanAmount(row.cost, countPriced(row)),
      cell: (row) => (
        <Money amount={meanAmount(row.cost, countPriced(row))} reason={whyUnknown(row)} aligned />
      ),
    },
    {
      id: "tokens",
      header: "Tokens",
      align: "right",
      order: "number",
      value: (row) => row.tokens_input + row.tokens_output,
      cell: (row) => (
        <span title={`${showCount(row.tokens_input)} in, ${showCount(row.tokens_output)} out`}>
          {showCompactCount(row.tokens_input + row.tokens_output)}
        </span>
      ),
    },
    {
      id: "errors",
      header: "Errors",
      align: "right",
      order: "number",
      value: ({ errors }) => errors,
      cell: (row) => (
        <Problem
          count={row.errors}
          row={row}
          options={options}
          filter={{ field: "outcome", value: "error" }}
        />
      ),
    },
    {
      id: "unpriced",
      header: "Unpriced",
      hint: "Requests without a known cost; they are in no sum",
      align: "right",
      order: "number",
      value: ({ unpriced }) => unpriced,
      cell: (row) => (
        <Problem
          count={row.unpriced}
          row={row}
          options={options}
          filter={{ field: "pricing", value: "unpriced" }}
        />
      ),
    },
    {
      id: "latency",
      header: "Latency",
      hint: "Mean",
      align: "right",
      order: "number",
      value: ({ latency_ms: latency }) => latency,
      cell: ({ latency_ms: latency }) => showDuration(latency),
    },
  ];
}

function nameRow({ kind, key }: BreakdownRow, group: Dimension): string {
  if (kind === "value") return key;
  if (kind === "unattributed") return nameUnattributed(group);
  return kind === "other" ? "Other" : "All";
}

interface RowProps {
  readonly row: BreakdownRow;
  readonly options: BreakdownOptions;
}

function Name({ row, options }: RowProps): ReactNode {
  const name = nameRow(row, options.group);
  if (row.kind === "total") return <strong className={styles["total"]}>{name}</strong>;
  if (row.kind !== "other")
    return (
      <Link className={styles["name"]} to={nameLink(row, options)}>
        {name}
      </Link>
    );
  if (options.onMore === undefined) return name;
  return (
    <button type="button" className={styles["more"]} onClick={options.onMore}>
      Other: list more
    </button>
  );
}

function Share({ share }: { readonly share: number | null }): ReactNode {
  return (
    <span className={styles["share"]}>
      <span className={styles["track"]} aria-hidden="true">
        {share === null || share === 0 ? null : (
          <span className={styles["bar"]} style={{ width: `${share * 100}%` }} />
        )}
      </span>
      <span className={styles["percent"]}>{showShare(share)}</span>
    </span>
  );
}

function Problem({
  count,
  row,
  options,
  filter,
}: RowProps & { readonly count: number; readonly filter: Filter }): ReactNode {
  if (count === 0) return <span className={styles["none"]}>0</span>;
  const to = rowLink(row, options, filter);
  return (
    <Link className={styles["problem"]} to={to}>
      {showCount(count)}
    </Link>
  );
}

/** Dimensions whose values have a page of their own. */
const VALUE_PAGES: Readonly<Record<string, string>> = {
  use_case: "use-cases",
  user: "users",
  account: "accounts",
};

function nameLink(row: BreakdownRow, options: BreakdownOptions): string {
  const page = VALUE_PAGES[options.group];
  return page !== undefined && row.kind === "value" && options.filters.length === 0
    ? linkTo(`/${page}/${encodeURIComponent(row.key)}`, options.view)
    : rowLink(row, options);
}

/** The requests behind a line. Those of `other` cannot be told apart from the rest and open with all of them. */
function rowLink(row: BreakdownRow, options: BreakdownOptions, extra?: Filter): string {
  const own =
    row.kind === "value" || row.kind === "unattributed"
      ? withFilter(options.filters, { field: options.group, value: row.key })
      : options.filters;
  return linkTo("/requests", options.view, { filters: extra === undefined ? own : withFilter(own, extra) });
}
