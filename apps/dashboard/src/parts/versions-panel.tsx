import { type KpiAggregate, type KpisAnswer, type Measures } from "@payi/core/wire";
import { useQueries, useQuery } from "@tanstack/react-query";
import { type ReactNode } from "react";
import { Link } from "react-router";

import { meanAmount } from "../amounts.ts";
import { valueQuery } from "../api-value.ts";
import { breakdownQuery, kpisQuery } from "../api.ts";
import { showCount, showFactor, showNumber, showShare } from "../format.ts";
import { countPriced } from "../measures.ts";
import { type Filter, type View, linkTo } from "../url-state.ts";
import { useView } from "../use-view.ts";
import { Attainment } from "./attainment.tsx";
import { type Column } from "./column.ts";
import { DataTable } from "./data-table.tsx";
import { EmptyState } from "./empty-state.tsx";
import { ExportButton } from "./export-button.tsx";
import { Money, whyUnknown } from "./money.tsx";
import { Panel } from "./panel.tsx";
import { Pending } from "./pending.tsx";

import styles from "./versions-panel.module.css";

/** Versions that are put side by side: the dearest. */
const LISTED = 12;

interface VersionRow extends Measures {
  readonly version: string;
  readonly kpis: KpisAnswer | undefined;
  readonly money: string | null;
  readonly roi: string | null;
}

/** The versions of a use case side by side: cost, what came of it, and what it was worth. */
export function VersionsPanel({ useCaseName }: { readonly useCaseName: string }): ReactNode {
  const { view, period } = useView();
  const filters: readonly Filter[] = [{ field: "use_case", value: useCaseName }];
  const breakdown = useQuery(breakdownQuery("version", period, filters, LISTED));
  const listed = breakdown.data?.rows.toSorted((left, right) => Number(left.key) - Number(right.key)) ?? [];
  const kpis = useQueries({ queries: listed.map(({ key }) => kpisQuery(useCaseName, period, key)) });
  const value = useQuery(valueQuery(period, useCaseName)).data;
  const versions = value?.find(({ use_case_name: name }) => name === useCaseName)?.versions ?? [];
  const rows = listed.map((measures, index): VersionRow => {
    const own = versions.find(({ use_case_version: version }) => String(version) === measures.key);
    return Object.assign(
      { version: measures.key, kpis: kpis[index]?.data, money: own?.money ?? null, roi: own?.roi ?? null },
      measures,
    );
  });
  const names = [...new Set(rows.flatMap((row) => row.kpis?.kpis.map((kpi) => kpi.kpi_name) ?? []))];
  const columns = versionColumns(useCaseName, names, view);
  return (
    <Panel
      title="Versions side by side"
      actions={<ExportButton name={`payi-versions-${useCaseName}`} columns={columns} rows={rows} />}
    >
      <Pending query={breakdown} lines={3} />
      {breakdown.data !== undefined && rows.length === 0 ? (
        <EmptyState title="No version in this period">
          <p>No request of this period says which version of the use case it belongs to.</p>
        </EmptyState>
      ) : null}
      {rows.length === 0 ? null : (
        <DataTable<VersionRow>
          caption="Versions side by side"
          columns={columns}
          rows={rows}
          rowKey={({ version }) => version}
        />
      )}
    </Panel>
  );
}

function versionColumns(
  useCaseName: string,
  kpiNames: readonly string[],
  view: View,
): readonly Column<VersionRow>[] {
  const requestsOf = (version: string): string =>
    linkTo("/requests", view, {
      filters: [
        { field: "use_case", value: useCaseName },
        { field: "version", value: version },
      ],
    });
  return [
    { id: "version", header: "Version", value: ({ version }) => version },
    {
      id: "requests",
      header: "Requests",
      align: "right",
      value: ({ requests }) => requests,
      cell: ({ requests, version }) => <Link to={requestsOf(version)}>{showCount(requests)}</Link>,
    },
    {
      id: "cost",
      header: "Spend",
      align: "right",
      order: "amount",
      value: ({ cost }) => cost,
      cell: (row) => <Money amount={row.cost} reason={whyUnknown(row)} aligned />,
    },
    {
      id: "mean",
      header: "Per request",
      hint: "Spend by priced request",
      align: "right",
      order: "amount",
      value: meanCost,
      cell: (row) => <Money amount={meanCost(row)} reason={whyUnknown(row)} aligned />,
    },
    {
      id: "instances",
      header: "Instances",
      hint: "That started in the period",
      align: "right",
      value: ({ kpis }) => kpis?.instances ?? null,
      cell: ({ kpis }) => (kpis === undefined ? null : showCount(kpis.instances)),
    },
    ...kpiNames.map((name): Column<VersionRow> => kpiColumn(name)),
    {
      id: "money",
      header: "Value",
      align: "right",
      order: "amount",
      value: ({ money }) => money,
      cell: ({ money }) => (
        <Money amount={money} reason="No policy is in force, or no instance has a value." aligned />
      ),
    },
    {
      id: "roi",
      header: "Return",
      hint: "Value per dollar of cost, over the instances that have both",
      align: "right",
      value: ({ roi }) => roi,
      cell: ({ roi }) => showFactor(roi),
    },
  ];
}

function kpiColumn(name: string): Column<VersionRow> {
  const kpiOf = ({ kpis }: VersionRow): KpiAggregate | undefined =>
    kpis?.kpis.find((kpi) => kpi.kpi_name === name);
  return {
    id: `kpi ${name}`,
    header: name,
    hint: "Value, and how much of the goal it reaches",
    align: "right",
    value: (row) => kpiOf(row)?.value ?? null,
    cell: (row) => {
      const kpi = kpiOf(row);
      return kpi === undefined ? null : <Kpi kpi={kpi} />;
    },
  };
}

function Kpi({ kpi }: { readonly kpi: KpiAggregate }): ReactNode {
  return (
    <span className={styles["kpi"]} title={`${showCount(kpi.count)} scores`}>
      <span>{kpi.kpi_type === "boolean" ? showShare(kpi.value) : showNumber(kpi.value)}</span>
      <Attainment share={kpi.attainment} />
    </span>
  );
}

function meanCost(row: VersionRow): string | null {
  return meanAmount(row.cost, countPriced(row));
}
