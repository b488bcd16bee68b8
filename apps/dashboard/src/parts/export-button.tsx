import { Download } from "lucide-react";
import { type ReactNode } from "react";

import { downloadCsv, toCsv } from "../csv.ts";
import { type Column, exportRows } from "./column.ts";
import { IconButton } from "./icon-button.tsx";

export interface ExportButtonProps<Row> {
  /** File name without ending. */
  readonly name: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
}

/** Saves what is on screen as CSV: the same columns and rows, amounts with all their decimals. */
export function ExportButton<Row>({ name, columns, rows }: ExportButtonProps<Row>): ReactNode {
  return (
    <IconButton
      label="Save as CSV"
      onClick={() => {
        const table = exportRows(columns, rows);
        downloadCsv(`${name}.csv`, toCsv(table.header, table.rows));
      }}
    >
      <Download size={15} aria-hidden="true" />
    </IconButton>
  );
}
