import { type ReactNode } from "react";
import { Link } from "react-router";

import { shareOf } from "../amounts.ts";
import { showAhead, showUtc } from "../format-time.ts";
import { showCount } from "../format.ts";
import { describeLimit, nameRestart } from "../limit-words.ts";
import { type Limit, usedOf } from "../limits.ts";
import { type View, linkTo } from "../url-state.ts";
import { budgetColumns } from "./budget-columns.tsx";
import { type Column } from "./column.ts";
import { LimitBar } from "./limit-bar.tsx";

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
    ...budgetColumns<Limit>(({ budget }) => budget),
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

/** Whether a limit refuses, told by word. */
export function LimitType({ type }: Pick<Limit, "type">): ReactNode {
  return <span className={type === "block" ? styles["block"] : styles["allow"]}>{type}</span>;
}

function Refused({ count }: { readonly count: number }): ReactNode {
  return <span className={count === 0 ? styles["quiet"] : styles["refused"]}>{showCount(count)}</span>;
}
