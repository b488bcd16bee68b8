import { type ReactNode } from "react";

/** One column of a table: the same on screen, in the sort and in the CSV. */
export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  /** The exact value: what is exported and compared. `null` is unknown, exported empty and sorted last. */
  readonly value: (row: Row) => string | number | null;
  /** What is shown; the value itself when left out. */
  readonly cell?: (row: Row) => ReactNode;
  /** How values compare; without it the column cannot be sorted. Amounts stand with their points in one line. */
  readonly order?: "amount" | "number" | "text";
  /** Figures stand at the right. */
  readonly align?: "right";
  /** Holds controls instead of values: not exported. */
  readonly isControl?: boolean;
  /** Explains the header on hover. */
  readonly hint?: string;
}

/** Header and rows as they are exported. */
export function exportRows<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): { readonly header: readonly string[]; readonly rows: readonly (readonly string[])[] } {
  const exported = columns.filter(({ isControl }) => isControl !== true);
  return {
    header: exported.map(({ header }) => header),
    rows: rows.map((row) => exported.map(({ value }) => String(value(row) ?? ""))),
  };
}
