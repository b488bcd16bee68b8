import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";

import { breakdownQuery } from "../api.ts";
import { type Filter, NO_FILTERS } from "../url-state.ts";
import { useView } from "../use-view.ts";
import { nameField } from "../words.ts";
import { type BreakdownRow, breakdownColumns, breakdownRows } from "./breakdown-columns.tsx";
import { DataTable } from "./data-table.tsx";
import { EmptyState } from "./empty-state.tsx";
import { ExportButton } from "./export-button.tsx";
import { Panel } from "./panel.tsx";
import { Pending } from "./pending.tsx";

/** How many values are listed, and how many when more are asked for. */
const STEPS = [10, 50, 200] as const;

export interface BreakdownPanelProps {
  readonly filters?: readonly Filter[];
  /** A dimension that splits nothing here. */
  readonly without?: "use_case";
  /** Only what says what was spent and whether to trust it. */
  readonly isShort?: boolean;
}

const SHORT: ReadonlySet<string> = new Set([
  "name",
  "cost",
  "share",
  "requests",
  "mean",
  "errors",
  "unpriced",
]);

/** Sums per value of the dimension: the largest, the rest, those without a value, and all together. */
export function BreakdownPanel({
  filters = NO_FILTERS,
  without,
  isShort = false,
}: BreakdownPanelProps): ReactNode {
  const { view, period, change } = useView();
  const [step, setStep] = useState(0);
  const group = view.group === without ? "resource" : view.group;
  const breakdown = useQuery({
    ...breakdownQuery(group, period, filters, STEPS[step] ?? 200),
    placeholderData: keepPreviousData,
  });
  const answer = breakdown.data;
  const all = breakdownColumns({
    group: answer?.group_by ?? group,
    view,
    filters,
    total: answer?.total.cost ?? null,
    ...(step < STEPS.length - 1 ? { onMore: () => setStep(step + 1) } : {}),
  });
  const columns = isShort ? all.filter(({ id }) => SHORT.has(id)) : all;
  const rows = answer === undefined ? undefined : breakdownRows(answer);
  return (
    <Panel
      title={`By ${nameField(group).toLowerCase()}`}
      actions={
        <ExportButton
          name={`payi-by-${group}`}
          columns={columns}
          rows={rows === undefined ? [] : [...rows.rows, ...rows.lastRows]}
        />
      }
    >
      <Pending query={breakdown} lines={6} />
      {rows === undefined ? null : rows.rows.length + rows.lastRows.length === 1 ? (
        <EmptyState title="Nothing to split">
          <p>No request of this period fits this view.</p>
        </EmptyState>
      ) : (
        <DataTable<BreakdownRow>
          caption={`Sums by ${nameField(group).toLowerCase()}`}
          columns={columns}
          rows={rows.rows}
          lastRows={rows.lastRows}
          rowKey={({ kind, key }) => `${kind} ${key}`}
          sort={view.sort}
          onSort={(sort) => change({ sort })}
        />
      )}
    </Panel>
  );
}
