import { Button } from "@base-ui/react/button";
import { useInfiniteQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";

import { type AuditEntry } from "../administration.ts";
import { auditQuery } from "../api-administration.ts";
import { Choice } from "./choice.tsx";
import { type Column } from "./column.ts";
import { DataTable } from "./data-table.tsx";
import { EmptyState } from "./empty-state.tsx";
import { ExportButton } from "./export-button.tsx";
import { Panel } from "./panel.tsx";
import { Pending } from "./pending.tsx";
import { Time } from "./time.tsx";

import controls from "./controls.module.css";
import styles from "./form.module.css";

const KINDS = [
  { value: "", label: "everything" },
  { value: "key", label: "keys" },
  { value: "member", label: "members" },
  { value: "settings", label: "settings" },
  { value: "application", label: "applications" },
  { value: "price_book", label: "price books" },
] as const;

/** Who changed what, when, and what it was before; newest first. */
export function AuditPanel(): ReactNode {
  const [kind, setKind] = useState<(typeof KINDS)[number]["value"]>("");
  const audit = useInfiniteQuery(auditQuery(kind));
  const rows = audit.data?.pages.flatMap(({ items }) => items);
  return (
    <Panel
      title="Audit log"
      actions={
        <>
          <Choice label="show" value={kind} options={KINDS} onChange={setKind} />
          <ExportButton name="payi-audit" columns={COLUMNS} rows={rows ?? []} />
        </>
      }
    >
      <Pending query={audit} lines={6} />
      {rows?.length === 0 ? (
        <EmptyState title="Nothing of this kind was changed">
          <p>Every administrative change is written down here, together with who made it.</p>
        </EmptyState>
      ) : null}
      {rows === undefined || rows.length === 0 ? null : (
        <DataTable<AuditEntry> caption="Audit log" columns={COLUMNS} rows={rows} rowKey={({ id }) => id} />
      )}
      {audit.hasNextPage ? (
        <Button
          className={controls["button"]}
          disabled={audit.isFetchingNextPage}
          onClick={() => void audit.fetchNextPage()}
        >
          Show older ones
        </Button>
      ) : null}
    </Panel>
  );
}

const COLUMNS: readonly Column<AuditEntry>[] = [
  {
    id: "time",
    header: "When",
    value: ({ timestamp }) => timestamp,
    cell: ({ timestamp }) => <Time at={timestamp} />,
  },
  { id: "actor", header: "Who", value: ({ actor }) => actor },
  { id: "action", header: "What", value: ({ action }) => action.replace(".", " ").replaceAll("_", " ") },
  {
    id: "subject",
    header: "Of",
    value: ({ subject }) => subject,
    cell: (entry) => <span className={styles["name"]}>{nameOf(entry)}</span>,
  },
  {
    id: "change",
    header: "Change",
    value: ({ before, after }) => JSON.stringify({ before, after }),
    cell: (entry) => <span className={styles["hint"]}>{describeChange(entry)}</span>,
  },
];

function nameOf({ subject, before, after }: AuditEntry): string {
  const { name, email } = fieldsOf(after ?? before);
  const known = name ?? email;
  return typeof known === "string" && known !== "" ? known : subject;
}

/** The fields that differ, each with what it was and what it is. */
function describeChange({ before, after }: AuditEntry): string {
  if (before === null || after === null) return "";
  const [old, now] = [fieldsOf(before), fieldsOf(after)];
  return Object.keys(now)
    .filter((field) => JSON.stringify(old[field]) !== JSON.stringify(now[field]))
    .map((field) => `${field}: ${JSON.stringify(old[field])} → ${JSON.stringify(now[field])}`)
    .join("; ");
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
