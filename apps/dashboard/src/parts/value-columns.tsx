import { type ValueMeasures } from "@payi/core/wire";
import { type ReactNode } from "react";
import { Link } from "react-router";

import { showFactor, showMinutes } from "../format.ts";
import { type View, linkTo } from "../url-state.ts";
import { type UseCaseValue, type ValueReport } from "../value.ts";
import { type Column } from "./column.ts";
import { amountColumn, countColumn } from "./columns.tsx";

export type VersionValue = ValueReport["versions"][number];

/** A use case in a line. */
export function useCaseValueColumns(view: View): readonly Column<UseCaseValue>[] {
  const tab = (name: string): string =>
    linkTo(`/use-cases/${encodeURIComponent(name)}`, view, { tab: "value" });
  return [
    {
      id: "name",
      header: "Use case",
      value: ({ use_case_name: name }) => name,
      order: "text",
      cell: ({ use_case_name: name }) => <Link to={tab(name)}>{name}</Link>,
    },
    ...measureColumns<UseCaseValue>(({ total }) => total),
    {
      id: "policy",
      header: "Policy",
      align: "right",
      value: ({ policy_version: version }) => version,
      cell: ({ use_case_name: name, policy_version: version }) => (
        <Link to={tab(name)}>version {version}</Link>
      ),
    },
  ];
}

/** Value, cost and what they have to do with each other. */
export function measureColumns<Row>(of: (row: Row) => ValueMeasures): readonly Column<Row>[] {
  return [
    countColumn({ id: "instances", header: "Instances", of: (row) => of(row).instances }),
    countColumn({
      id: "known",
      header: "Valued",
      hint: "Instances whose money value is known; the others are in no sum",
      of: (row) => of(row).with_money,
    }),
    amountColumn({
      id: "money",
      header: "Value",
      of: (row) => of(row).money,
      reason: "No instance of this period has a value.",
    }),
    amountColumn({
      id: "cost",
      header: "Cost",
      of: (row) => of(row).cost,
      reason: "No instance has a known cost.",
    }),
    {
      id: "roi",
      header: "Return",
      hint: "Value per dollar of cost, over the instances that have both",
      align: "right",
      order: "amount",
      value: (row) => of(row).roi,
      cell: (row) => <Return roi={of(row).roi} />,
    },
    {
      id: "time",
      header: "Time saved",
      hint: "Minutes, where they are exported",
      align: "right",
      order: "amount",
      value: (row) => of(row).time,
      cell: (row) => showMinutes(of(row).time),
    },
  ];
}

function Return({ roi }: { readonly roi: string | null }): ReactNode {
  return roi === null ? (
    <span title="No instance has both a value and a cost.">–</span>
  ) : (
    <span title={`${roi} dollars for every dollar`}>{showFactor(roi)}</span>
  );
}
