import { useQuery } from "@tanstack/react-query";
import { type ReactNode } from "react";
import { Link } from "react-router";

import { booksQuery } from "../api-prices.ts";
import { type PriceBook } from "../price-books.ts";
import { type View, writeView } from "../url-state.ts";
import { useView } from "../use-view.ts";
import { type Column } from "./column.ts";
import { CopyCommand } from "./copy-command.tsx";
import { DataTable } from "./data-table.tsx";
import { EmptyState } from "./empty-state.tsx";
import { ExportButton } from "./export-button.tsx";
import { Panel } from "./panel.tsx";
import { Pending } from "./pending.tsx";
import { PriceBookDialog } from "./price-book-dialog.tsx";
import { PriceFeedNote } from "./price-feed-note.tsx";
import { Time } from "./time.tsx";

import styles from "./price-columns.module.css";

/** The books that prices came and come from; a row opens the book. */
export function PriceBooksPanel(): ReactNode {
  const { view, change } = useView();
  const books = useQuery(booksQuery);
  const rows = books.data;
  const columns = bookColumns(view);
  return (
    <Panel
      title="Price books"
      note="never changed; one is in force"
      actions={<ExportButton name="payi-price-books" columns={columns} rows={rows ?? []} />}
    >
      <PriceFeedNote />
      <Pending query={books} lines={4} />
      {rows === undefined ? null : (
        <DataTable<PriceBook>
          caption="Price books"
          columns={columns}
          rows={rows}
          rowKey={({ id }) => id}
          onOpen={({ id }) => change({ book: id })}
          isSelected={({ id }) => id === view.book}
        />
      )}
      {rows?.every(({ isBuiltIn }) => isBuiltIn) === true ? (
        <EmptyState title="Only what ships with Payi">
          <p>A book with your corrections lies over it. It becomes a candidate that is activated here:</p>
          <CopyCommand
            text={`curl ${globalThis.location.origin}/api/v1/price-books \\
  -H "xProxy-api-key: $PAYI_API_KEY" -H "content-type: application/json" \\
  --data-binary @book.json`}
          />
        </EmptyState>
      ) : null}
      <PriceBookDialog id={view.book} onClose={() => change({ book: undefined })} />
    </Panel>
  );
}

function bookColumns(view: View): readonly Column<PriceBook>[] {
  return [
    {
      id: "name",
      header: "Book",
      value: ({ id }) => id,
      cell: ({ id, name }) => (
        <span className={styles["name"]}>
          <Link to={{ search: writeView({ ...view, book: id }).toString() }} preventScrollReset>
            {name}
          </Link>
          <code className={styles["quiet"]}>{id}</code>
        </span>
      ),
    },
    { id: "state", header: "State", value: nameState },
    {
      id: "active_since",
      header: "In force since",
      value: ({ active, activations }) => (active ? (activations.at(-1)?.time ?? null) : null),
      cell: ({ active, activations }) => <When at={active ? activations.at(-1)?.time : undefined} />,
    },
    {
      id: "created",
      header: "Added",
      value: ({ created }) => created,
      cell: ({ created }) => <When at={created} />,
    },
    { id: "by", header: "By", value: ({ createdBy }) => createdBy },
  ];
}

function When({ at }: { readonly at: string | undefined }): ReactNode {
  return at === undefined ? null : (
    <span className={styles["date"]}>
      <Time at={at} />
    </span>
  );
}

function nameState({ active, activations }: PriceBook): string {
  if (active) return "in force";
  return activations.length > 0 ? "was in force" : "candidate";
}
