import { type ReactNode } from "react";

import { type Amount } from "../amounts.ts";
import { showCount } from "../format.ts";
import { type Column } from "./column.ts";
import { Money } from "./money.tsx";
import { Time } from "./time.tsx";

interface Named {
  readonly id: string;
  readonly header: string;
  readonly hint?: string;
}

/** Money, points in one line; what is unknown is a dash with its reason. */
export function amountColumn<Row>({
  of,
  reason,
  ...named
}: Named & {
  readonly of: (row: Row) => Amount;
  readonly reason?: string | ((row: Row) => string | undefined);
}): Column<Row> {
  return {
    ...named,
    align: "right",
    order: "amount",
    value: of,
    cell: (row) => (
      <Money amount={of(row)} reason={typeof reason === "function" ? reason(row) : reason} aligned />
    ),
  };
}

/** How many. */
export function countColumn<Row>({
  of,
  ...named
}: Named & { readonly of: (row: Row) => number }): Column<Row> {
  return { ...named, align: "right", order: "number", value: of, cell: (row) => showCount(of(row)) };
}

/** When, in the reader's zone; exported in UTC. */
export function timeColumn<Row>({
  of,
  never = "–",
  ago = false,
  ...named
}: Named & {
  readonly of: (row: Row) => string | null;
  /** Where there is no time. */
  readonly never?: ReactNode;
  readonly ago?: boolean;
}): Column<Row> {
  return {
    ...named,
    value: of,
    cell: (row) => {
      const at = of(row);
      return at === null ? never : <Time at={at} ago={ago} />;
    },
  };
}
