import { type ReactNode } from "react";
import { Link } from "react-router";

import { shareOf } from "../amounts.ts";
import { showAhead, showUtc } from "../format-time.ts";
import { showCount } from "../format.ts";
import { describeLimit, nameRestart } from "../limit-words.ts";
import { type Limit, leftOf, usedOf } from "../limits.ts";
import { type View, linkTo } from "../url-state.ts";
import { type Column } from "./column.ts";
import { LimitBar } from "./limit-bar.tsx";
import { Money } from "./money.tsx";

import styles from "./limit-columns.module.css";

/** One limit in a line: whom it is for, how much of it is used, and what it did. */
export function limitColumns(view: View, now: number): readonly Column<Limit>[] {
  return [
    {
      id: "name",
      header: "Limit",
      value: ({ name }) => name,
      order: "text",
      cell: (limit) => (
        <span className={styles["name"]}>
          <Link to={linkTo(`/limits/${encodeURIComponent(limit.id)}`, view)}>{limit.name}</Link>
          <span className={styles["quiet"]}>{describeLimit(limit)}</span>
        </span>
      ),
    },
    {
      id: "used",
      header: "Used",
      hint: "Spent and held of the maximum; of several budgets the one with the most spent",
      value: ({ budget }) => shareOf(usedOf(budget), budget.max),
      order: "number",
      cell: ({ budget, threshold, levels, per }) => (
        <span className={styles["used"]}>
          <LimitBar budget={budget} threshold={threshold} levels={levels} />
          {per === null ? null : (
            <span className={styles["quiet"]}>{budget.value === "" ? "without a value" : budget.value}</span>
          )}
        </span>
      ),
    },
    {
      id: "type",
      header: "Type",
      hint: "block refuses what does not fit; allow warns",
      value: ({ type }) => type,
      order: "text",
      cell: ({ type }) => <LimitType type={type} />,
    },
    ...BUDGET_COLUMNS.map((column): Column<Limit> => amountColumn(column)),
    {
      id: "resets",
      header: "Starts again",
      value: ({ budget }) => budget.windowEnd,
      order: "text",
      cell: (limit) => {
        const { windowEnd: end } = limit.budget;
        return end === null ? (
          <span className={styles["quiet"]}>{nameRestart(limit)}</span>
        ) : (
          <time dateTime={end} title={showUtc(end)}>
            {showAhead(end, now)}
          </time>
        );
      },
    },
    {
      id: "refused",
      header: "Refused",
      hint: "Calls of the current window that this limit refused",
      align: "right",
      order: "number",
      value: ({ budget }) => budget.counts.blocked,
      cell: ({ budget }) => <Refused count={budget.counts.blocked} />,
    },
  ];
}

interface AmountOf {
  readonly id: string;
  readonly header: string;
  readonly of: (budget: Limit["budget"]) => string | null;
  readonly reason?: string;
}

const BUDGET_COLUMNS: readonly AmountOf[] = [
  { id: "spent", header: "Spent", of: ({ spent }) => spent },
  { id: "held", header: "Held", of: ({ held }) => held, reason: "The platform does not tell what is held." },
  { id: "left", header: "Left", of: leftOf },
  { id: "max", header: "Maximum", of: ({ max }) => max },
];

function amountColumn({ id, header, of, reason }: AmountOf): Column<Limit> {
  return {
    id,
    header,
    align: "right",
    order: "amount",
    value: ({ budget }) => of(budget),
    cell: ({ budget }) => <Money amount={of(budget)} reason={reason} aligned />,
  };
}

/** Whether a limit refuses, told by word. */
export function LimitType({ type }: Pick<Limit, "type">): ReactNode {
  return <span className={type === "block" ? styles["block"] : styles["allow"]}>{type}</span>;
}

function Refused({ count }: { readonly count: number }): ReactNode {
  return <span className={count === 0 ? styles["quiet"] : styles["refused"]}>{showCount(count)}</span>;
}
