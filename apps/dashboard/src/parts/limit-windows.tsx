import { useQuery } from "@tanstack/react-query";
import { type ReactNode } from "react";
import { Link } from "react-router";

import { shareOf } from "../amounts.ts";
import { budgetsQuery, closedWindowsQuery } from "../api-limits.ts";
import { nameOwner } from "../limit-words.ts";
import { type Budget, type ClosedWindow, type Limit, filtersOf, usedOf } from "../limits.ts";
import { type Filter, type View, linkTo, withFilter } from "../url-state.ts";
import { useView } from "../use-view.ts";
import { nameField } from "../words.ts";
import { budgetColumns } from "./budget-columns.tsx";
import { type Column } from "./column.ts";
import { countColumn } from "./columns.tsx";
import { DataTable } from "./data-table.tsx";
import { EmptyState } from "./empty-state.tsx";
import { ExportButton } from "./export-button.tsx";
import { LimitBar } from "./limit-bar.tsx";
import { Panel } from "./panel.tsx";
import { Pending } from "./pending.tsx";
import { Time } from "./time.tsx";

interface LimitProps {
  readonly limit: Limit;
}

/** What each owner of a budget has spent and holds now, most spent first. */
export function BudgetsPanel({ limit }: LimitProps): ReactNode {
  const { view } = useView();
  const budgets = useQuery(budgetsQuery(limit.id));
  const columns = [
    ...(limit.per === null ? [] : [ownerColumn(limit, view)]),
    startColumn<Budget>("Since"),
    ...windowColumns<Budget>(limit),
  ];
  return (
    <WindowsPanel<Budget>
      title="Current windows"
      name={`payi-limit-${limit.id}`}
      query={budgets}
      columns={columns}
      rowKey={({ value }) => value}
      none="Nothing was spent or held in the current window yet."
    />
  );
}

/** Windows that are over, newest first. */
export function ClosedWindowsPanel({ limit }: LimitProps): ReactNode {
  const { view } = useView();
  const windows = useQuery(closedWindowsQuery(limit.id));
  const columns = [
    startColumn<ClosedWindow>("From"),
    {
      id: "closed",
      header: "Closed",
      value: ({ closed, windowEnd }: ClosedWindow) => closed ?? windowEnd,
      cell: showEnd,
    },
    ...(limit.per === null ? [] : [ownerColumn(limit, view)]),
    ...windowColumns<ClosedWindow>(limit).filter(({ id }) => id !== "held"),
  ];
  return (
    <WindowsPanel<ClosedWindow>
      title="Windows that are over"
      name={`payi-limit-history-${limit.id}`}
      query={windows}
      columns={columns}
      rowKey={({ value, windowStart, closed }) => `${windowStart ?? ""} ${closed ?? ""} ${value}`}
      none="No window of this limit is over yet. One ends with its period, or by a reset."
    />
  );
}

interface WindowsPanelProps<Window> {
  readonly title: string;
  readonly name: string;
  readonly query: {
    readonly data: readonly Window[] | undefined;
    readonly error: Error | null;
    readonly refetch: () => unknown;
  };
  readonly columns: readonly Column<Window>[];
  readonly rowKey: (row: Window) => string;
  readonly none: string;
}

function WindowsPanel<Window>(props: WindowsPanelProps<Window>): ReactNode {
  const { title, name, query, columns, rowKey, none } = props;
  const { view, change } = useView();
  const rows = query.data;
  return (
    <Panel title={title} actions={<ExportButton name={name} columns={columns} rows={rows ?? []} />}>
      <Pending query={query} lines={4} />
      {rows?.length === 0 ? (
        <EmptyState title="Nothing yet">
          <p>{none}</p>
        </EmptyState>
      ) : null}
      {rows === undefined || rows.length === 0 ? null : (
        <DataTable<Window>
          caption={title}
          columns={columns}
          rows={rows}
          rowKey={rowKey}
          sort={view.sort}
          onSort={(sort) => change({ sort })}
        />
      )}
    </Panel>
  );
}

const OWNER_FIELDS: Readonly<Record<string, Filter["field"]>> = {
  user_id: "user",
  account_name: "account",
  use_case_name: "use_case",
};

function ownerColumn<Window extends Budget>(limit: Limit, view: View): Column<Window> {
  const { per } = limit;
  const owner = nameOwner(per) ?? "";
  const field = OWNER_FIELDS[per ?? ""] ?? (per as Filter["field"]);
  return {
    id: "value",
    header: nameField(field),
    value: ({ value }) => value,
    order: "text",
    cell: ({ value }) => (
      <Link to={linkTo("/requests", view, { filters: withFilter(filtersOf(limit), { field, value }) })}>
        {value === "" ? `no ${owner}` : value}
      </Link>
    ),
  };
}

function startColumn<Window extends Budget>(header: string): Column<Window> {
  return {
    id: "start",
    header,
    value: ({ windowStart }) => windowStart,
    order: "text",
    cell: ({ windowStart }) => <At at={windowStart} otherwise="the beginning" />,
  };
}

function windowColumns<Window extends Budget>({ threshold, levels }: Limit): readonly Column<Window>[] {
  return [
    {
      id: "used",
      header: "Used",
      value: (budget) => shareOf(usedOf(budget), budget.max),
      order: "number",
      cell: (budget) => <LimitBar budget={budget} threshold={threshold} levels={levels} />,
    },
    ...budgetColumns<Window>((window) => window),
    countColumn({ id: "calls", header: "Calls", of: ({ counts }) => counts.total }),
    countColumn({ id: "warned", header: "Warned", of: ({ counts }) => counts.warned + counts.overrun }),
    countColumn({ id: "refused", header: "Refused", of: ({ counts }) => counts.blocked }),
  ];
}

function showEnd({ closed, windowEnd }: ClosedWindow): ReactNode {
  return <At at={closed ?? windowEnd} otherwise="–" />;
}

function At({ at, otherwise }: { readonly at: string | null; readonly otherwise: string }): ReactNode {
  return at === null ? otherwise : <Time at={at} />;
}
