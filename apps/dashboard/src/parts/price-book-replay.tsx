import { type ReactNode } from "react";

import { showCount, showExactMoney, showMoneyChange } from "../format.ts";
import { type BookComparison, type ReplayedResource } from "../price-books.ts";
import { type Column } from "./column.ts";
import { DataTable } from "./data-table.tsx";
import { Money } from "./money.tsx";
import { useIsNarrow } from "./use-is-narrow.ts";

import styles from "./form.module.css";
import gates from "./price-book-gates.module.css";

/** What the calls of the last day would have cost by a book, where it differs from the one in force. */
export function PriceBookReplay({ comparison }: { readonly comparison: BookComparison }): ReactNode {
  const isNarrow = useIsNarrow();
  const { replayed, resources, isCapped } = comparison;
  return (
    <section>
      <h3 className={gates["heading"]}>The last day, priced by both books</h3>
      {resources.length === 0 ? (
        <p className={styles["lead"]}>
          {replayed === 0
            ? "There were no calls in the last day."
            : `None of the ${showCount(replayed)} calls would have cost anything else.`}
        </p>
      ) : (
        <DataTable<ReplayedResource>
          caption="What the last day would have cost"
          columns={isNarrow ? [...COLUMNS.slice(0, 1), ...COLUMNS.slice(1).toReversed()] : COLUMNS}
          rows={resources}
          rowKey={({ category, resource }) => JSON.stringify([category, resource])}
        />
      )}
      {isCapped ? (
        <p className={styles["hint"]}>
          The last day had more calls: only the newest {showCount(replayed)} were priced by both books.
        </p>
      ) : null}
    </section>
  );
}

const COLUMNS: readonly Column<ReplayedResource>[] = [
  {
    id: "resource",
    header: "Resource",
    value: ({ resource }) => resource,
    cell: ({ resource, category }) => (
      <span className={styles["name"]}>
        {resource ?? "no resource"}
        <span className={styles["kind"]}>{category}</span>
      </span>
    ),
  },
  {
    id: "requests",
    header: "Calls",
    align: "right",
    value: ({ requests }) => requests,
    cell: ({ requests, lost, newlyPriced }) => (
      <>
        {showCount(requests)}
        {newlyPriced === 0 ? null : `, ${showCount(newlyPriced)} for the first time`}
        {lost === 0 ? null : <span className={styles["wrong"]}>, {showCount(lost)} unpriced</span>}
      </>
    ),
  },
  {
    id: "before",
    header: "Before",
    align: "right",
    order: "amount",
    value: amountBefore,
    cell: (row) => <Money amount={amountBefore(row)} reason="These calls had no cost so far." aligned />,
  },
  {
    id: "after",
    header: "After",
    align: "right",
    order: "amount",
    value: amountAfter,
    cell: (row) => (
      <Money amount={amountAfter(row)} reason="None of these calls would have a price." aligned />
    ),
  },
  {
    id: "difference",
    header: "Difference",
    align: "right",
    value: ({ difference }) => difference,
    cell: ({ difference }) => <span title={showExactMoney(difference)}>{showMoneyChange(difference)}</span>,
  },
];

/** Where no call had a cost, what they cost before is unknown, not the empty sum. */
function amountBefore({ before, newlyPriced, requests }: ReplayedResource): ReplayedResource["before"] {
  return newlyPriced === requests ? null : before;
}

/** Where every call loses its price, the cost becomes unknown, not nothing. */
function amountAfter({ after, lost, requests }: ReplayedResource): ReplayedResource["after"] {
  return lost === requests ? null : after;
}
