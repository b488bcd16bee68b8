import { type ReactNode } from "react";

import { showCount, showMoney } from "../format.ts";
import { type Simulation } from "../limits.ts";
import { type Column } from "./column.ts";
import { DataTable } from "./data-table.tsx";
import { Money } from "./money.tsx";
import { Time } from "./time.tsx";

import styles from "./form.module.css";

type Window = Simulation["windows"][number];

/** What a limit would have done to the calls of the past. */
export function SimulationResult({ simulation }: { readonly simulation: Simulation }): ReactNode {
  const { calls, refusedCalls, unpricedCalls, spent, refused, windows } = simulation;
  const hit = windows.filter((window) => window.refusedCalls > 0);
  return (
    <div className={styles["form"]} role="status">
      <p className={styles["lead"]}>
        {calls === 0 ? (
          "In the last 7 days no call was one that this limit is for."
        ) : refusedCalls === 0 ? (
          <>
            It would have refused <strong>none</strong> of {showCount(calls)} calls of the last 7 days, which
            cost {showMoney(spent)}.
          </>
        ) : (
          <>
            It would have refused{" "}
            <strong>
              {showCount(refusedCalls)} of {showCount(calls)} calls
            </strong>{" "}
            of the last 7 days: {showMoney(refused)} of {showMoney(spent)}.
          </>
        )}
      </p>
      {unpricedCalls === 0 ? null : (
        <p className={styles["hint"]}>
          {showCount(unpricedCalls)} calls have no known cost and refuse nothing.
        </p>
      )}
      {hit.length === 0 ? null : (
        <DataTable<Window>
          caption="Where it would have refused"
          columns={COLUMNS}
          rows={hit.slice(0, 10)}
          rowKey={({ value, windowStart }) => `${windowStart ?? ""} ${value}`}
        />
      )}
    </div>
  );
}

const COLUMNS: readonly Column<Window>[] = [
  {
    id: "window",
    header: "Window from",
    value: ({ windowStart }) => windowStart,
    cell: ({ windowStart }) => (windowStart === null ? "the start" : <Time at={windowStart} />),
  },
  { id: "value", header: "Budget of", value: ({ value }) => value },
  {
    id: "calls",
    header: "Refused",
    align: "right",
    value: ({ refusedCalls }) => refusedCalls,
    cell: ({ refusedCalls }) => showCount(refusedCalls),
  },
  {
    id: "refused",
    header: "Worth",
    align: "right",
    order: "amount",
    value: ({ refused }) => refused,
    cell: ({ refused }) => <Money amount={refused} aligned />,
  },
  {
    id: "spent",
    header: "Spent",
    align: "right",
    order: "amount",
    value: ({ spent }) => spent,
    cell: ({ spent }) => <Money amount={spent} aligned />,
  },
];
