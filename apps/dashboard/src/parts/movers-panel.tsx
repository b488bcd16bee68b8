import { type BreakdownAnswer } from "@payi/core/wire";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode } from "react";
import { Link } from "react-router";

import { type Amount, compareAmounts, subtractAmounts } from "../amounts.ts";
import { breakdownQuery } from "../api.ts";
import { showRange } from "../format-time.ts";
import { showExactMoney, showMoneyChange } from "../format.ts";
import { type Filter, NO_FILTERS, type View, linkTo, withFilter } from "../url-state.ts";
import { useView } from "../use-view.ts";
import { nameField } from "../words.ts";
import { type Column } from "./column.ts";
import { amountColumn } from "./columns.tsx";
import { DataTable } from "./data-table.tsx";
import { EmptyState } from "./empty-state.tsx";
import { Failure } from "./failure.tsx";
import { Panel } from "./panel.tsx";
import { Skeleton } from "./skeleton.tsx";

import styles from "./movers-panel.module.css";

const COMPARED = 50;
const SHOWN = 6;

interface Mover {
  readonly key: string;
  readonly before: Amount;
  readonly after: Amount;
  readonly change: Amount;
}

/** Whose spend changed most against the period before, up or down. */
export function MoversPanel({ filters = NO_FILTERS }: { readonly filters?: readonly Filter[] }): ReactNode {
  const { view, period } = useView();
  const after = useQuery(breakdownQuery(view.group, period, filters, COMPARED));
  const before = useQuery(breakdownQuery(view.group, period.before, filters, COMPARED));
  const error = after.error ?? before.error;
  const name = nameField(view.group).toLowerCase();
  const movers =
    after.data === undefined || before.data === undefined ? undefined : findMovers(before.data, after.data);
  return (
    <Panel
      title="What changed"
      note={
        <span title={`Compared with ${showRange(period.before.from, period.before.to)}`}>
          spend against the period before
        </span>
      }
    >
      {movers === undefined ? (
        error === null ? (
          <Skeleton lines={5} />
        ) : (
          <Failure error={error} />
        )
      ) : movers.length === 0 ? (
        <EmptyState title="Nothing to compare">
          <p>The period before this one has no spend by {name}.</p>
        </EmptyState>
      ) : (
        <DataTable<Mover>
          caption={`Largest changes of spend by ${name}`}
          columns={moverColumns(view, filters)}
          rows={movers}
          rowKey={({ key }) => key}
        />
      )}
    </Panel>
  );
}

function moverColumns(view: View, filters: readonly Filter[]): readonly Column<Mover>[] {
  return [
    {
      id: "name",
      header: nameField(view.group),
      value: ({ key }) => key,
      cell: ({ key }) => (
        <Link
          className={styles["name"]}
          title={key}
          to={linkTo("/requests", view, { filters: withFilter(filters, { field: view.group, value: key }) })}
        >
          {key}
        </Link>
      ),
    },
    amountColumn({
      id: "before",
      header: "Before",
      of: ({ before }) => before,
      reason: "No spend in the period before.",
    }),
    amountColumn({
      id: "after",
      header: "Now",
      of: ({ after }) => after,
      reason: "No spend in this period.",
    }),
    {
      id: "change",
      header: "Change",
      align: "right",
      value: ({ change }) => change,
      cell: ({ change }) => (
        <span title={showExactMoney(change)} data-exact={showExactMoney(change)}>
          {showMoneyChange(change)}
        </span>
      ),
    },
  ];
}

/** A value missing from one period counts as nothing there only if that period lists all of its values. */
function findMovers(before: BreakdownAnswer, after: BreakdownAnswer): readonly Mover[] {
  if (before.total.requests === 0) return [];
  const keys = new Set([...after.rows, ...before.rows].map(({ key }) => key));
  return [...keys]
    .map((key) => {
      const [was, is] = [costIn(before, key), costIn(after, key)];
      return { key, before: was, after: is, change: subtractAmounts(is, was) };
    })
    .filter(({ change }) => change !== null && change !== "0")
    .toSorted((left, right) => compareAmounts(sizeOf(right.change), sizeOf(left.change)))
    .slice(0, SHOWN);
}

function sizeOf(amount: Amount): Amount {
  return amount?.startsWith("-") === true ? amount.slice(1) : amount;
}

function costIn(answer: BreakdownAnswer, key: string): Amount {
  const row = answer.rows.find((each) => each.key === key);
  if (row !== undefined) return row.cost;
  return answer.other === null ? "0" : null;
}
