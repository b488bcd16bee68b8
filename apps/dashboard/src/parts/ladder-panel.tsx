import { type LadderStep } from "@payi/core/wire";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode } from "react";

import { stepSavingsQuery } from "../api-limits.ts";
import { showCount, showShare } from "../format.ts";
import { ACTION_NAMES, nameStep } from "../limit-words.ts";
import { type Limit, type StepSavings } from "../limits.ts";
import { useView } from "../use-view.ts";
import { type Column } from "./column.ts";
import { DataTable } from "./data-table.tsx";
import { EmptyState } from "./empty-state.tsx";
import { Money } from "./money.tsx";
import { Panel } from "./panel.tsx";
import { Pending } from "./pending.tsx";

/** A step, with what it did; `does` tells what it is told to do now. */
interface Row extends StepSavings {
  readonly key: string;
  readonly does: string;
}

/** The steps of a limit's ladder in their order, with the money that each saved in the period. */
export function LadderPanel({ limit }: { readonly limit: Limit }): ReactNode {
  const { period } = useView();
  const savings = useQuery(stepSavingsQuery(limit.id, period));
  const rows = savings.data === undefined ? undefined : rowsOf(limit.ladder, savings.data);
  return (
    <Panel title="Ladder" note="what its steps did in the period, and what that saved">
      <Pending query={savings} lines={4} />
      {rows?.length === 0 ? (
        <EmptyState title="No step changes a call of this limit">
          <p>
            A ladder asks a cheaper model, or caps the answer, before anything is refused. Edit the limit to
            add its steps.
          </p>
        </EmptyState>
      ) : null}
      {rows === undefined || rows.length === 0 ? null : (
        <DataTable<Row> caption="Ladder" columns={COLUMNS} rows={rows} rowKey={({ key }) => key} />
      )}
    </Panel>
  );
}

/** Every step of the ladder; then what steps did that it has no more. Steps alike share their figures. */
function rowsOf(ladder: readonly LadderStep[], savings: readonly StepSavings[]): readonly Row[] {
  const left = new Map(savings.map((step) => [`${step.at} ${step.action}`, step]));
  const current = ladder.map((step, index) => {
    const key = `${step.at} ${step.action}`;
    const did = left.get(key) ?? { ...NOTHING, at: step.at, action: step.action };
    left.delete(key);
    return { ...did, key: `${index}`, does: nameStep(step) };
  });
  const former = [...left].map(([key, did]) =>
    Object.assign({}, did, { key, does: `${ACTION_NAMES[did.action]}, until it was edited` }),
  );
  return [...current, ...former];
}

const NOTHING = { calls: 0, saved: "0", savedAtMost: "0", unknownCalls: 0 };

const COLUMNS: readonly Column<Row>[] = [
  { id: "at", header: "From", value: ({ at }) => at, cell: ({ at }) => showShare(at) },
  { id: "does", header: "It is to", value: ({ does }) => does },
  {
    id: "calls",
    header: "Calls",
    align: "right",
    value: ({ calls }) => calls,
    cell: ({ calls }) => showCount(calls),
  },
  {
    id: "saved",
    header: "Saved",
    align: "right",
    value: ({ saved }) => saved,
    cell: ({ saved }) => <Money amount={saved} aligned />,
  },
  {
    id: "savedAtMost",
    header: "At most",
    align: "right",
    value: ({ savedAtMost }) => savedAtMost,
    cell: ({ savedAtMost }) => <Money amount={savedAtMost} aligned />,
  },
  {
    id: "unknown",
    header: "Unknown",
    align: "right",
    value: ({ unknownCalls }) => unknownCalls,
    cell: ({ unknownCalls }) => showCount(unknownCalls),
  },
];
