import {
  type ColumnDef,
  type Header,
  type Row as TableRow,
  createSortedRowModel,
  rowPinningFeature,
  rowSortingFeature,
  sortFn_basic,
  sortFn_text,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { ArrowDown, ArrowUp } from "lucide-react";
import { type CSSProperties, type MouseEvent, type ReactNode, useMemo } from "react";

import { type Amount, compareAmounts } from "../amounts.ts";
import { fractionLength } from "../format.ts";
import { type Column } from "./column.ts";

import styles from "./data-table.module.css";

const features = tableFeatures({
  rowSortingFeature,
  rowPinningFeature,
  sortedRowModel: createSortedRowModel(),
});
type Features = typeof features;

export interface DataTableProps<Row> {
  /** Read aloud as the table's name. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** Always below the others, whatever the sort: what is left out, what has no value, sums. */
  readonly lastRows?: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** Column id, led by a minus for descending. */
  readonly sort?: string | undefined;
  readonly onSort?: (sort: string | undefined) => void;
  /** A click anywhere in a row; the row's own link does the same for the keyboard. */
  readonly onOpen?: (row: Row) => void;
  readonly isSelected?: (row: Row) => boolean;
  /** Rows that came while the table was on screen. */
  readonly isFresh?: (row: Row) => boolean;
}

/** A table with aligned figures, sorted by its headers. */
export function DataTable<Row>(props: DataTableProps<Row>): ReactNode {
  const { columns, rows, lastRows = [], rowKey, sort, onSort } = props;
  const data = useMemo(() => [...rows, ...lastRows], [rows, lastRows]);
  const definitions = useMemo(
    () => columns.map((column) => define(column, onSort !== undefined)),
    [columns, onSort],
  );
  const table = useTable<Features, Row & object>({
    features,
    columns: definitions,
    data: data as (Row & object)[],
    getRowId: (row) => rowKey(row),
    enableSortingRemoval: true,
    state: {
      sorting: sort === undefined ? [] : [{ id: sort.replace(/^-/, ""), desc: sort.startsWith("-") }],
      rowPinning: { top: [], bottom: lastRows.map(rowKey) },
    },
    onSortingChange: (updater) => {
      const before = sort === undefined ? [] : [{ id: sort.replace(/^-/, ""), desc: sort.startsWith("-") }];
      const [next] = typeof updater === "function" ? updater(before) : updater;
      onSort?.(next === undefined ? undefined : `${next.desc ? "-" : ""}${next.id}`);
    },
  });
  const byId = new Map(columns.map((column) => [column.id, column]));
  const fractions = useMemo(() => measureFractions(columns, data), [columns, data]);
  const renderRow = (row: TableRow<Features, Row & object>, isLast: boolean): ReactNode => (
    <tr
      key={row.id}
      className={rowClass(props, row.original, isLast)}
      {...(props.onOpen === undefined ? {} : { onClick: openUnlessLink(props.onOpen, row.original) })}
    >
      {row.getAllCells().map((cell) => {
        const column = byId.get(cell.column.id);
        return (
          <td
            key={cell.id}
            className={column?.align === "right" ? styles["figure"] : undefined}
            style={fractions.get(cell.column.id)}
          >
            {column === undefined ? null : (column.cell ?? column.value)(row.original)}
          </td>
        );
      })}
    </tr>
  );
  return (
    <div className={styles["scroller"]} role="group" aria-label={props.caption} tabIndex={0}>
      <table className={styles["table"]}>
        <caption className="visually-hidden">{props.caption}</caption>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              {group.headers.map((header) => (
                <HeaderCell key={header.id} header={header} column={byId.get(header.column.id)} />
              ))}
            </tr>
          ))}
        </thead>
        <tbody>{table.getCenterRows().map((row) => renderRow(row, false))}</tbody>
        {lastRows.length === 0 ? null : (
          <tbody className={styles["last"]}>{table.getBottomRows().map((row) => renderRow(row, true))}</tbody>
        )}
      </table>
    </div>
  );
}

interface HeaderCellProps<Row> {
  readonly header: Header<Features, Row & object>;
  readonly column: Column<Row> | undefined;
}

function HeaderCell<Row>({ header, column }: HeaderCellProps<Row>): ReactNode {
  const className = column?.align === "right" ? styles["figure"] : undefined;
  if (!header.column.getCanSort()) {
    return (
      <th scope="col" className={className} title={column?.hint}>
        {column?.header}
      </th>
    );
  }
  const direction = header.column.getIsSorted();
  const words = { asc: "ascending", desc: "descending" } as const;
  const Arrow = direction === "asc" ? ArrowUp : ArrowDown;
  return (
    <th scope="col" className={className} aria-sort={direction === false ? "none" : words[direction]}>
      <button
        type="button"
        className={styles["sort"]}
        title={column?.hint}
        onClick={header.column.getToggleSortingHandler()}
      >
        {column?.header}
        <Arrow
          size={12}
          aria-hidden="true"
          className={direction === false ? styles["arrowOff"] : styles["arrow"]}
        />
      </button>
    </th>
  );
}

function define<Row>(column: Column<Row>, isSortable: boolean): ColumnDef<Features, Row & object> {
  return {
    id: column.id,
    header: column.header,
    accessorFn: (row) => column.value(row) ?? undefined,
    enableSorting: isSortable && column.order !== undefined,
    sortDescFirst: column.align === "right",
    sortUndefined: "last",
    sortFn: (left, right, id) => {
      if (column.order === "amount")
        return compareAmounts(left.getValue<string>(id), right.getValue<string>(id));
      return column.order === "text" ? sortFn_text(left, right, id) : sortFn_basic(left, right, id);
    },
  };
}

/** Per column of amounts, how wide the longest fraction is: what `Money` aligns its decimal points by. */
function measureFractions<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): ReadonlyMap<string, CSSProperties> {
  return new Map(
    columns
      .filter(({ order }) => order === "amount")
      .map(({ id, value }) => {
        const longest = Math.max(0, ...rows.map((row) => fractionLength(value(row) as Amount)));
        return [id, { "--fraction": `${longest}ch` } as CSSProperties];
      }),
  );
}

function rowClass<Row>(props: DataTableProps<Row>, row: Row, isLast: boolean): string {
  return [
    props.onOpen === undefined || isLast ? undefined : styles["open"],
    props.isSelected?.(row) === true ? styles["selected"] : undefined,
    props.isFresh?.(row) === true ? styles["fresh"] : undefined,
  ]
    .filter(Boolean)
    .join(" ");
}

/** Links and buttons inside the row keep their own meaning; selecting text opens nothing. */
function openUnlessLink<Row>(open: (row: Row) => void, row: Row): (event: MouseEvent) => void {
  return (event) => {
    const isControl = event.target instanceof Element && event.target.closest("a, button, input") !== null;
    if (!isControl && getSelection()?.isCollapsed !== false) open(row);
  };
}
