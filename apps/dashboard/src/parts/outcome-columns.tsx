import { type KpisAnswer } from "@payi/core/wire";
import { type ReactNode } from "react";
import { Link } from "react-router";

import { meanAmount } from "../amounts.ts";
import { showCount } from "../format.ts";
import { type View, linkTo } from "../url-state.ts";
import { Attainment } from "./attainment.tsx";
import { type BreakdownRow } from "./breakdown-columns.tsx";
import { type Column } from "./column.ts";
import { Money } from "./money.tsx";

import styles from "./outcome-columns.module.css";

type ByName = ReadonlyMap<string | undefined, KpisAnswer | undefined>;

/** What belongs to instances of a use case: their number, the cost of one, and the KPIs. */
export function outcomeColumns(byName: ByName, view: View): readonly Column<BreakdownRow>[] {
  const instancesOf = (row: BreakdownRow): number | null =>
    row.kind === "value" ? (byName.get(row.key)?.instances ?? null) : null;
  const tab = (row: BreakdownRow, name: string): string =>
    linkTo(`/use-cases/${encodeURIComponent(row.key)}`, view, { tab: name });
  return [
    {
      id: "instances",
      header: "Instances",
      align: "right",
      order: "number",
      value: instancesOf,
      cell: (row) => {
        const count = instancesOf(row);
        return count === null ? null : <Link to={tab(row, "instances")}>{showCount(count)}</Link>;
      },
    },
    {
      id: "per_instance",
      header: "Per instance",
      hint: "Spend by instance",
      align: "right",
      order: "amount",
      value: (row) => meanAmount(row.cost, instancesOf(row) ?? 0),
      cell: (row) => {
        const count = instancesOf(row);
        return count === null ? null : (
          <Money amount={meanAmount(row.cost, count)} reason="No instance with a known cost." aligned />
        );
      },
    },
    {
      id: "kpis",
      header: "KPIs",
      hint: "How much of its goal each KPI reaches",
      value: (row) =>
        (byName.get(row.key)?.kpis ?? []).map((kpi) => `${kpi.kpi_name} ${kpi.attainment ?? ""}`).join("; "),
      cell: (row) =>
        row.kind === "value" ? <Kpis answer={byName.get(row.key)} to={tab(row, "kpis")} /> : null,
    },
  ];
}

function Kpis({ answer, to }: { readonly answer: KpisAnswer | undefined; readonly to: string }): ReactNode {
  if (answer === undefined) return null;
  if (answer.kpis.length === 0) {
    return (
      <Link className={styles["none"]} to={to}>
        none yet
      </Link>
    );
  }
  return (
    <Link className={styles["kpis"]} to={to}>
      {answer.kpis.map((kpi) => (
        <span key={kpi.kpi_name} className={styles["kpi"]}>
          <span className={styles["name"]}>{kpi.kpi_name}</span>
          <Attainment share={kpi.attainment} />
        </span>
      ))}
    </Link>
  );
}
