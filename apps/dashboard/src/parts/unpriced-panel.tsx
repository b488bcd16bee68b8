import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Link } from "react-router";

import { unpricedQuery } from "../api-prices.ts";
import { showCompactCount, showCount } from "../format.ts";
import { type UnpricedUsage } from "../prices.ts";
import { type View, linkTo } from "../url-state.ts";
import { useView } from "../use-view.ts";
import { STATUS_REASONS } from "../words.ts";
import { type Column } from "./column.ts";
import { DataTable } from "./data-table.tsx";
import { EmptyState } from "./empty-state.tsx";
import { ExportButton } from "./export-button.tsx";
import { type PriceFix, type PriceFixProps, PriceFixButtons, PriceFixDialog } from "./fix-price.tsx";
import { Panel } from "./panel.tsx";
import { Pending } from "./pending.tsx";
import { PriceCommand } from "./price-command.tsx";
import { Time } from "./time.tsx";
import { useIsNarrow } from "./use-is-narrow.ts";

import styles from "./unpriced-panel.module.css";

/** Usage that has no cost, with what can be done about it. */
export function UnpricedPanel(): ReactNode {
  const { view, change } = useView();
  const unpriced = useQuery(unpricedQuery);
  const rows = unpriced.data;
  const [fix, setFix] = useState<PriceFix>();
  const columns = unpricedColumns(view, setFix, useIsNarrow());
  return (
    <Panel
      title="Unpriced usage"
      note="of all time; its money is in no sum"
      actions={<ExportButton name="payi-unpriced" columns={columns} rows={rows ?? []} />}
    >
      <Pending query={unpriced} lines={6} />
      {rows?.length === 0 ? (
        <EmptyState title="Every call has a price">
          <p>A call whose model, unit or date has none shows up here. To ask what a call would cost:</p>
          <PriceCommand />
        </EmptyState>
      ) : null}
      {rows === undefined || rows.length === 0 ? null : (
        <DataTable<UnpricedUsage>
          caption="Unpriced usage"
          columns={columns}
          rows={rows}
          rowKey={({ category, resource, host, status }) =>
            JSON.stringify([category, resource, host, status])
          }
          sort={view.sort}
          onSort={(sort) => change({ sort })}
        />
      )}
      <PriceFixDialog fix={fix} onChange={setFix} />
    </Panel>
  );
}

/** On a narrow screen the first columns are all one sees: what it is, and what can be done. */
function unpricedColumns(
  view: View,
  onFix: PriceFixProps["onChange"],
  isNarrow: boolean,
): readonly Column<UnpricedUsage>[] {
  const columns = wideColumns(view, onFix);
  const last = columns.at(-1);
  return isNarrow && last !== undefined ? columns.toSpliced(-1, 1).toSpliced(1, 0, last) : columns;
}

function wideColumns(view: View, onFix: PriceFixProps["onChange"]): readonly Column<UnpricedUsage>[] {
  return [
    {
      id: "resource",
      header: "Model",
      value: ({ resource }) => resource,
      order: "text",
      cell: (usage) => (
        <span className={styles["model"]}>
          <Link className={styles["link"]} to={requestsOf(usage, view)}>
            {usage.resource ?? "no resource"}
          </Link>
          <span className={styles["quiet"]}>{usage.category}</span>
        </span>
      ),
    },
    {
      id: "status",
      header: "Why",
      value: ({ status }) => status,
      cell: ({ status, units }) => (
        <span className={styles["why"]}>
          {STATUS_REASONS[status]}
          {units.length === 0 ? null : <span className={styles["quiet"]}> {units.join(", ")}</span>}
        </span>
      ),
    },
    { id: "host", header: "Host", value: ({ host }) => host, order: "text" },
    {
      id: "requests",
      header: "Calls",
      align: "right",
      order: "number",
      value: ({ requests }) => requests,
      cell: ({ requests }) => showCount(requests),
    },
    {
      id: "tokens",
      header: "Tokens",
      align: "right",
      order: "number",
      value: ({ tokensInput, tokensOutput }) => tokensInput + tokensOutput,
      cell: ({ tokensInput, tokensOutput }) => (
        <span title={`${showCount(tokensInput)} in, ${showCount(tokensOutput)} out`}>
          {showCompactCount(tokensInput + tokensOutput)}
        </span>
      ),
    },
    {
      id: "since",
      header: "Since",
      value: ({ since }) => since,
      order: "text",
      cell: ({ since }) => <Time at={since} />,
    },
    {
      id: "alerted",
      header: "Alerted",
      hint: "When alerts were last told of it: once a day for each unit",
      value: ({ alerted }) => alerted,
      order: "text",
      cell: ({ alerted }) => (alerted === null ? null : <Time at={alerted} />),
    },
    {
      id: "fix",
      header: "Give it a price",
      isControl: true,
      value: () => null,
      cell: (usage) => <PriceFixButtons usage={usage} onChange={onFix} />,
    },
  ];
}

/** The calls themselves, whatever the period of the view. */
function requestsOf({ category, resource, status, since, last }: UnpricedUsage, view: View): string {
  return linkTo("/requests", view, {
    range: { from: since, to: new Date(Date.parse(last) + 1).toISOString() },
    filters: [
      { field: "category", value: category },
      { field: "resource", value: resource ?? "" },
      // Calls that are priced in part do have a cost.
      ...(status === "partial" ? [] : [{ field: "pricing", value: "unpriced" } as const]),
    ],
  });
}
