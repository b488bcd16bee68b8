import { type ReactNode } from "react";

import { showCount, showExactMoney, showMoneyChange } from "../format.ts";
import { type RepricedPart, type Repricing } from "../prices.ts";
import { type Column } from "./column.ts";
import { DataTable } from "./data-table.tsx";
import { Money } from "./money.tsx";
import { useIsNarrow } from "./use-is-narrow.ts";

import styles from "./form.module.css";

/** What a re-pricing would change: by resource, by use case and by limit, and in all. */
export function RepriceDifference({ repricing }: { readonly repricing: Repricing }): ReactNode {
  const isNarrow = useIsNarrow();
  if (repricing.requests === 0) {
    return (
      <p className={styles["lead"]}>
        None of the {showCount(repricing.examined)} earlier calls would cost anything else. The price may
        start after them, or lack one of their units.
      </p>
    );
  }
  const total: Row = { ...repricing, kind: "all", name: "All of them" };
  return (
    <>
      <DataTable<Row>
        caption="What re-pricing would change"
        columns={isNarrow ? [...COLUMNS.slice(0, 1), ...COLUMNS.slice(1).toReversed()] : COLUMNS}
        rows={repricing.parts}
        lastRows={[total]}
        rowKey={({ kind, name }) => `${kind} ${name}`}
      />
      {repricing.stillUnpriced === 0 ? null : (
        <p className={styles["hint"]}>
          {showCount(repricing.stillUnpriced)} of the {showCount(repricing.examined)} calls stay unpriced: the
          price starts after them, or lacks one of their units.
        </p>
      )}
    </>
  );
}

type Row = Omit<RepricedPart, "kind"> & { readonly kind: RepricedPart["kind"] | "all" };

const COLUMNS: readonly Column<Row>[] = [
  {
    id: "name",
    header: "By",
    value: ({ kind, name }) => `${kind} ${name}`,
    cell: ({ kind, name }) => (
      <span className={styles["name"]}>
        {name}
        {kind === "all" ? null : <span className={styles["kind"]}>{kind}</span>}
      </span>
    ),
  },
  {
    id: "requests",
    header: "Calls",
    align: "right",
    value: ({ requests }) => requests,
    cell: ({ requests }) => showCount(requests),
  },
  {
    id: "before",
    header: "Before",
    align: "right",
    order: "amount",
    value: ({ before }) => before,
    cell: ({ before }) => <Money amount={before} reason="None of these calls had a cost." aligned />,
  },
  {
    id: "after",
    header: "After",
    align: "right",
    order: "amount",
    value: ({ after }) => after,
    cell: ({ after }) => <Money amount={after} reason="None of these calls would have a cost." aligned />,
  },
  {
    id: "difference",
    header: "Difference",
    align: "right",
    value: ({ difference }) => difference,
    cell: ({ difference }) => <span title={showExactMoney(difference)}>{showMoneyChange(difference)}</span>,
  },
];
