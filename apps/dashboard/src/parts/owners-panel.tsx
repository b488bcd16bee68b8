import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";

import { breakdownQuery, seriesQuery } from "../api.ts";
import { Sparkline } from "../charts/sparkline.tsx";
import { coordinateOf } from "../measures.ts";
import { NO_FILTERS } from "../url-state.ts";
import { useView } from "../use-view.ts";
import { nameField } from "../words.ts";
import { type BreakdownRow, breakdownColumns, breakdownRows } from "./breakdown-columns.tsx";
import { type Column } from "./column.ts";
import { CopyCommand } from "./copy-command.tsx";
import { DataTable } from "./data-table.tsx";
import { EmptyState } from "./empty-state.tsx";
import { ExportButton } from "./export-button.tsx";
import { Panel } from "./panel.tsx";
import { Pending } from "./pending.tsx";

import styles from "./owners-panel.module.css";

/** How many are listed, and how many when more are asked for; the platform draws this many lines at most. */
const STEPS = [20, 50, 200] as const;
const MOST_LINES = 50;

/** A row per user or account: cost, requests, and the shape of its cost over the period. */
export function OwnersPanel({ field }: { readonly field: "account" | "user" }): ReactNode {
  const { view, period, change } = useView();
  const [step, setStep] = useState(0);
  const listed = STEPS[step] ?? 200;
  const breakdown = useQuery(breakdownQuery(field, period, NO_FILTERS, listed));
  const series = useQuery(seriesQuery(field, period, NO_FILTERS, Math.min(listed, MOST_LINES))).data;
  const answer = breakdown.data;
  const trends = new Map(
    series?.groups.map(({ kind, key, points }) => [
      kind === "value" ? key : `(${kind})`,
      points.map((point) => coordinateOf("cost", point)),
    ]),
  );
  const name = nameField(field);
  const all = breakdownColumns({
    group: field,
    view,
    filters: NO_FILTERS,
    total: answer?.total.cost ?? null,
    ...(step < STEPS.length - 1 ? { onMore: () => setStep(step + 1) } : {}),
  });
  const columns = all.flatMap((column) => (column.id === "share" ? [trendColumn(trends), column] : [column]));
  const rows = answer === undefined ? undefined : breakdownRows(answer);
  return (
    <Panel
      title={`By ${name.toLowerCase()}`}
      actions={
        <ExportButton
          name={`payi-by-${field}`}
          columns={columns}
          rows={rows === undefined ? [] : [...rows.rows, ...rows.lastRows]}
        />
      }
    >
      <Pending query={breakdown} lines={8} />
      {rows?.rows.length === 0 ? <NobodyYet field={field} /> : null}
      {rows === undefined || rows.rows.length === 0 ? null : (
        <DataTable<BreakdownRow>
          caption={`Sums by ${name.toLowerCase()}`}
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

function trendColumn(trends: ReadonlyMap<string, readonly number[]>): Column<BreakdownRow> {
  return {
    id: "trend",
    header: "Trend",
    hint: "The shape of the spend over the period; each line has a scale of its own",
    isControl: true,
    value: () => null,
    cell: ({ kind, key }) => {
      const trend = trends.get(kind === "value" ? key : `(${kind})`);
      return trend === undefined ? null : (
        <div className={styles["trend"]}>
          <Sparkline values={trend} />
        </div>
      );
    },
  };
}

function NobodyYet({ field }: { readonly field: "account" | "user" }): ReactNode {
  return (
    <EmptyState title={field === "user" ? "No user in this period" : "No account in this period"}>
      <p>No request of this period says whom it was for. Where requests come in:</p>
      <CopyCommand
        text={`app.use(trackRequests({
  userId: (request) => request.user?.id,
  accountName: (request) => request.user?.company,
}));`}
      />
      <p>Or anywhere in Node, without a framework:</p>
      <CopyCommand
        text={'await trackContext({ userId: "jane", accountName: "acme" }, () => search(query));'}
      />
    </EmptyState>
  );
}
