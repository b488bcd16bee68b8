import { type ValueMeasures } from "@payi/core/wire";
import { type ReactNode } from "react";

import { showCount } from "../format.ts";
import { type ValuePreview } from "../value.ts";
import { type Column } from "./column.ts";
import { DataTable } from "./data-table.tsx";
import { measureColumns } from "./value-columns.tsx";

import styles from "./form.module.css";

interface Row extends ValueMeasures {
  readonly by: string;
}

export interface PolicyPreviewProps {
  readonly preview: ValuePreview;
  readonly days: number;
}

/** What the last days would have been worth, beside what they are worth now. */
export function PolicyPreview({ preview, days }: PolicyPreviewProps): ReactNode {
  const { total, current, unknown } = preview;
  const rows: readonly Row[] = [
    { ...total, by: "these equations" },
    ...(current === null ? [] : [{ ...current.total, by: `version ${current.policy_version}, in force` }]),
  ];
  return (
    <div className={styles["form"]} role="status">
      <p className={styles["lead"]}>
        {total.instances === 0
          ? `No instance of this use case started in the last ${days} days.`
          : `Over ${showCount(total.instances)} instances of the last ${days} days:`}
      </p>
      {total.instances === 0 ? null : (
        <DataTable<Row>
          caption="What it would have been worth"
          columns={COLUMNS}
          rows={rows}
          rowKey={({ by }) => by}
        />
      )}
      <UnknownReasons unknown={unknown} />
    </div>
  );
}

/** Why instances have no value. */
export function UnknownReasons({ unknown }: Pick<ValuePreview, "unknown">): ReactNode {
  if (unknown.length === 0) return null;
  return (
    <ul className={styles["hint"]} aria-label="Why values are unknown">
      {unknown.slice(0, 5).map(({ reason, instances }) => (
        <li key={reason}>
          Unknown for {showCount(instances)}: {reason}
        </li>
      ))}
    </ul>
  );
}

const COLUMNS: readonly Column<Row>[] = [
  { id: "by", header: "By", value: ({ by }) => by },
  ...measureColumns<Row>((row) => row).filter(({ id }) => id !== "instances"),
];
