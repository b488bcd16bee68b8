import { type Amount } from "../amounts.ts";
import { type Budget, leftOf } from "../limits.ts";
import { type Column } from "./column.ts";
import { amountColumn } from "./columns.tsx";

const AMOUNTS: readonly {
  readonly id: string;
  readonly header: string;
  readonly of: (budget: Budget) => Amount;
}[] = [
  { id: "spent", header: "Spent", of: ({ spent }) => spent },
  { id: "held", header: "Held", of: ({ held }) => held },
  { id: "left", header: "Left", of: leftOf },
  { id: "max", header: "Maximum", of: ({ max }) => max },
];

/** What is spent, held and left of the maximum of a budget. */
export function budgetColumns<Row>(budgetOf: (row: Row) => Budget): readonly Column<Row>[] {
  return AMOUNTS.map(({ id, header, of }) =>
    amountColumn({
      id,
      header,
      of: (row) => of(budgetOf(row)),
      reason: "The platform does not tell what is held.",
    }),
  );
}
