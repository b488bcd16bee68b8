import { useQueries, useQuery } from "@tanstack/react-query";
import { type ReactNode } from "react";

import { breakdownQuery, kpisQuery } from "../api.ts";
import { type BreakdownRow, breakdownColumns, breakdownRows } from "../parts/breakdown-columns.tsx";
import { CopyCommand } from "../parts/copy-command.tsx";
import { CoverageStrip } from "../parts/coverage-strip.tsx";
import { DataTable } from "../parts/data-table.tsx";
import { DemoDataMark } from "../parts/demo-data.tsx";
import { EmptyState } from "../parts/empty-state.tsx";
import { ExportButton } from "../parts/export-button.tsx";
import { outcomeColumns } from "../parts/outcome-columns.tsx";
import { PageHeader } from "../parts/page-header.tsx";
import { Panel } from "../parts/panel.tsx";
import { Pending } from "../parts/pending.tsx";
import { SeriesPanel } from "../parts/series-panel.tsx";
import { useView } from "../use-view.ts";

const LISTED = 30;

/** A row per use case: what it costs, how often it ran, and how its KPIs stand. */
export function UseCasesPage(): ReactNode {
  const { view, period, change } = useView();
  const breakdown = useQuery(breakdownQuery("use_case", period, [], LISTED));
  const answer = breakdown.data;
  const names = answer?.rows.map(({ key }) => key) ?? [];
  const kpis = useQueries({ queries: names.map((name) => kpisQuery(name, period)) });
  const byName = new Map(kpis.map(({ data }) => [data?.use_case_name, data]));
  const all = breakdownColumns({ group: "use_case", view, filters: [], total: answer?.total.cost ?? null });
  const [name, cost, share, ...others] = all;
  const columns = [name, cost, share, ...outcomeColumns(byName, view), ...others].filter(
    (column) => column !== undefined && column.id !== "tokens",
  ) as typeof all;
  const rows = answer === undefined ? undefined : breakdownRows(answer);
  const hasNone = rows !== undefined && rows.rows.length === 0;
  return (
    <>
      <PageHeader title="Use cases" />
      <CoverageStrip />
      <DemoDataMark />
      <Panel
        title="Use cases"
        actions={
          <ExportButton
            name="payi-use-cases"
            columns={columns}
            rows={rows === undefined ? [] : [...rows.rows, ...rows.lastRows]}
          />
        }
      >
        <Pending query={breakdown} lines={6} />
        {hasNone ? <NameTheFirst hasRequests={(answer?.total.requests ?? 0) > 0} /> : null}
        {rows === undefined || hasNone ? null : (
          <DataTable<BreakdownRow>
            caption="Use cases"
            columns={columns}
            rows={rows.rows}
            lastRows={rows.lastRows}
            rowKey={({ kind, key }) => `${kind} ${key}`}
            sort={view.sort}
            onSort={(sort) => change({ sort })}
          />
        )}
      </Panel>
      {rows === undefined || hasNone ? null : <SeriesPanel />}
    </>
  );
}

function NameTheFirst({ hasRequests }: { readonly hasRequests: boolean }): ReactNode {
  return (
    <EmptyState title="No use case in this period">
      <p>
        {hasRequests
          ? "There are requests, but none of them says what it was for. Name the route that makes them:"
          : "Nothing happened in this period. To name what a route does, once requests come in:"}
      </p>
      <CopyCommand text={'app.post("/search", trackUseCase("trail_finder"), search);'} />
      <p>Or anywhere in Node, without a framework:</p>
      <CopyCommand text={'await trackContext({ useCaseName: "trail_finder" }, () => search(query));'} />
    </EmptyState>
  );
}
