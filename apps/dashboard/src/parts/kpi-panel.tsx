import { type KpiAggregate } from "@payi/core/wire";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode } from "react";
import { Link } from "react-router";

import { kpisQuery } from "../api.ts";
import { showCount, showMoney, showNumber, showShare } from "../format.ts";
import { linkTo } from "../url-state.ts";
import { useView } from "../use-view.ts";
import { Attainment } from "./attainment.tsx";
import { type Column } from "./column.ts";
import { CopyCommand } from "./copy-command.tsx";
import { DataTable } from "./data-table.tsx";
import { EmptyState } from "./empty-state.tsx";
import { ExportButton } from "./export-button.tsx";
import { Money } from "./money.tsx";
import { Panel } from "./panel.tsx";
import { Pending } from "./pending.tsx";

import styles from "./kpi-panel.module.css";

/** The KPIs of a use case over the instances of the period: goal, value, attainment and what a success costs. */
export function KpiPanel({ useCaseName }: { readonly useCaseName: string }): ReactNode {
  const { view, period } = useView();
  const kpis = useQuery(kpisQuery(useCaseName, period));
  const answer = kpis.data;
  const columns = kpiColumns(
    answer?.instances ?? 0,
    linkTo(`/use-cases/${encodeURIComponent(useCaseName)}`, view, { tab: "instances" }),
  );
  return (
    <Panel
      title="KPIs"
      note={answer === undefined ? undefined : `over ${showCount(answer.instances)} instances`}
      actions={<ExportButton name={`payi-kpis-${useCaseName}`} columns={columns} rows={answer?.kpis ?? []} />}
    >
      <Pending query={kpis} lines={4} />
      {answer?.kpis.length === 0 ? <NoKpis /> : null}
      {answer === undefined || answer.kpis.length === 0 ? null : (
        <DataTable<KpiAggregate>
          caption="KPIs"
          columns={columns}
          rows={answer.kpis}
          rowKey={({ kpi_name: name }) => name}
        />
      )}
    </Panel>
  );
}

function kpiColumns(instances: number, toInstances: string): readonly Column<KpiAggregate>[] {
  return [
    {
      id: "name",
      header: "KPI",
      value: ({ kpi_name: name }) => name,
      cell: ({ kpi_name: name, description }) => (
        <span className={styles["name"]}>
          <span>{name}</span>
          {description === name ? null : <span className={styles["description"]}>{description}</span>}
        </span>
      ),
    },
    { id: "type", header: "Type", value: ({ kpi_type: type }) => type },
    {
      id: "goal",
      header: "Goal",
      align: "right",
      value: ({ goal }) => goal,
      cell: (kpi) => showScore(kpi, kpi.goal),
    },
    {
      id: "value",
      header: "Value",
      hint: "Booleans: share of true; others: mean",
      align: "right",
      value: ({ value }) => value,
      cell: (kpi) => showScore(kpi, kpi.value),
    },
    {
      id: "attainment",
      header: "Attainment",
      align: "right",
      value: ({ attainment }) => attainment,
      cell: ({ attainment }) => <Attainment share={attainment} />,
    },
    {
      id: "count",
      header: "Scored",
      hint: "Instances with a score",
      align: "right",
      value: ({ count }) => count,
      cell: ({ count }) => (
        <Link to={toInstances} title={`${showCount(count)} of ${showCount(instances)} instances`}>
          {showCount(count)}
        </Link>
      ),
    },
    {
      id: "cost_per_success",
      header: "Cost per success",
      align: "right",
      order: "amount",
      value: ({ cost_per_success: cost }) => cost,
      cell: (kpi) => <Money amount={kpi.cost_per_success} reason={whyNoCost(kpi)} aligned />,
    },
    {
      id: "cost_per_success_interval",
      header: "95 % interval",
      hint: "Where the true cost per success is in 95 of 100 cases: it narrows with every scored instance",
      align: "right",
      value: ({ cost_per_success_interval: interval }) =>
        interval === null ? null : `${interval.low} to ${interval.high}`,
      cell: showInterval,
    },
  ];
}

function showScore({ kpi_type: type }: KpiAggregate, score: number | null): string {
  return type === "boolean" ? showShare(score) : showNumber(score);
}

function showInterval({ cost_per_success_interval: interval }: KpiAggregate): string {
  return interval === null ? "–" : `${showMoney(interval.low)} to ${showMoney(interval.high)}`;
}

function whyNoCost({ kpi_type: type, count }: KpiAggregate): string {
  if (type !== "boolean") return "Only a KPI of type boolean knows successes.";
  return count === 0
    ? "No instance has a score yet."
    : "No instance was a success, or none has a known cost.";
}

function NoKpis(): ReactNode {
  const code = `// in the route, where the outcome is known:
request.payi?.recordKpi("search_success", trails.length > 0);`;
  return (
    <EmptyState title="No KPI yet">
      <p>
        Spend alone does not say whether it was worth it. Record what came of an instance, at once or later:
      </p>
      <CopyCommand text={code} />
    </EmptyState>
  );
}
