import { Button } from "@base-ui/react/button";
import { type InstanceSummary } from "@payi/core/wire";
import { useInfiniteQuery } from "@tanstack/react-query";
import { type ReactNode } from "react";
import { Link, useNavigate } from "react-router";

import { instancesQuery } from "../api.ts";
import { showCount, showDuration } from "../format.ts";
import { type View, linkTo } from "../url-state.ts";
import { useView } from "../use-view.ts";
import { type Column } from "./column.ts";
import { DataTable } from "./data-table.tsx";
import { EmptyState } from "./empty-state.tsx";
import { ExportButton } from "./export-button.tsx";
import { KpiScores } from "./kpi-scores.tsx";
import { Money, whyUnknown } from "./money.tsx";
import { Panel } from "./panel.tsx";
import { Pending } from "./pending.tsx";
import { Time } from "./time.tsx";

import controls from "./controls.module.css";
import styles from "./instance-table.module.css";

/** Instances of a use case, newest first; a row opens the instance. */
export function InstanceTable({ useCaseName }: { readonly useCaseName: string }): ReactNode {
  const { view, period } = useView();
  const navigate = useNavigate();
  const instances = useInfiniteQuery(instancesQuery(useCaseName, period, []));
  const rows = instances.data?.pages.flatMap(({ items }) => items);
  const columns = instanceColumns(view);
  return (
    <Panel
      title="Instances"
      note="newest first"
      actions={<ExportButton name={`payi-instances-${useCaseName}`} columns={columns} rows={rows ?? []} />}
    >
      <Pending query={instances} lines={8} />
      {rows?.length === 0 ? (
        <EmptyState title="No instances in this period">
          <p>An instance starts with the first request of this use case. A longer period may show some.</p>
        </EmptyState>
      ) : null}
      {rows === undefined || rows.length === 0 ? null : (
        <DataTable<InstanceSummary>
          caption="Instances"
          columns={columns}
          rows={rows}
          rowKey={({ use_case_id: id }) => id}
          onOpen={(row) => void navigate(instancePath(row, view))}
        />
      )}
      {instances.hasNextPage ? (
        <div className={styles["more"]}>
          <Button
            className={controls["button"]}
            disabled={instances.isFetchingNextPage}
            focusableWhenDisabled
            onClick={() => void instances.fetchNextPage()}
          >
            {instances.isFetchingNextPage ? "Loading…" : "Show older instances"}
          </Button>
        </div>
      ) : null}
    </Panel>
  );
}

function instanceColumns(view: View): readonly Column<InstanceSummary>[] {
  return [
    {
      id: "started",
      header: "Started",
      value: ({ started }) => started,
      cell: ({ started }) => <Time at={started} />,
    },
    {
      id: "instance",
      header: "Instance",
      value: ({ use_case_id: id }) => id,
      cell: (row) => (
        <Link className={styles["id"]} to={instancePath(row, view)} title={row.use_case_id}>
          {row.use_case_id}
        </Link>
      ),
    },
    { id: "version", header: "Version", align: "right", value: ({ use_case_version: version }) => version },
    { id: "user", header: "User", value: ({ user_id: user }) => user },
    { id: "account", header: "Account", value: ({ account_name: account }) => account },
    {
      id: "calls",
      header: "Calls",
      align: "right",
      value: ({ requests }) => requests,
      cell: ({ requests }) => showCount(requests),
    },
    {
      id: "cost",
      header: "Cost",
      align: "right",
      order: "amount",
      value: ({ cost }) => cost,
      cell: (row) => <Money amount={row.cost} reason={whyUnknown(row)} aligned />,
    },
    {
      id: "latency",
      header: "Latency",
      hint: "Mean of its calls",
      align: "right",
      value: ({ latency_ms: latency }) => latency,
      cell: ({ latency_ms: latency }) => showDuration(latency),
    },
    {
      id: "kpis",
      header: "KPIs",
      value: ({ kpis }) => kpis.map(({ kpi_name: name, score }) => `${name} ${score}`).join("; "),
      cell: ({ kpis }) => <KpiScores scores={kpis} />,
    },
  ];
}

function instancePath({ use_case_name: name, use_case_id: id }: InstanceSummary, view: View): string {
  return linkTo(`/use-cases/${encodeURIComponent(name)}/${encodeURIComponent(id)}`, view);
}
