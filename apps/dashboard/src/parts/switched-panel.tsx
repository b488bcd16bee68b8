import { Button } from "@base-ui/react/button";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { type ReactNode, useState } from "react";

import { type Column } from "./column.ts";
import { ConfirmForm } from "./confirm-form.tsx";
import { DataTable } from "./data-table.tsx";
import { Failure } from "./failure.tsx";
import { FormDialog } from "./form-dialog.tsx";
import { Panel } from "./panel.tsx";
import { Pending } from "./pending.tsx";
import { Switched } from "./switched.tsx";

import styles from "./alerts.module.css";
import controls from "./controls.module.css";

/** What can be switched off without being lost. */
interface Switchable {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
}

export interface SwitchedPanelProps<Row extends Switchable> {
  readonly title: string;
  readonly note: string;
  /** One of them: `rule`. */
  readonly what: string;
  readonly query: {
    readonly data: readonly Row[] | undefined;
    readonly error: Error | null;
    readonly refetch: () => unknown;
  };
  /** Those before its state. */
  readonly columns: readonly Column<Row>[];
  /** Stands before what every row can be told to do. */
  readonly renderAction?: (row: Row) => ReactNode;
  /** Stands where there are none. */
  readonly empty: ReactNode;
  /** Of something that was tried beside the rows. */
  readonly error?: Error | null;
  readonly switchRow: (row: Row) => Promise<unknown>;
  readonly deleteRow: (row: Row) => Promise<unknown>;
  /** What it means that one is gone. */
  readonly afterDeletion: string;
  /** The form for another. */
  readonly renderForm: (renew: () => Promise<void>, done: () => void) => ReactNode;
}

/** Things of one kind: made, switched on and off, and deleted after being asked. */
export function SwitchedPanel<Row extends Switchable>(props: SwitchedPanelProps<Row>): ReactNode {
  const { title, note, what, query, columns, renderAction, empty, error, afterDeletion } = props;
  const client = useQueryClient();
  const renew = (): Promise<void> => client.invalidateQueries({ queryKey: ["alerts"] });
  const [isAsked, setAsked] = useState(false);
  const [gone, setGone] = useState<Row>();
  const change = useMutation({ mutationFn: props.switchRow, onSettled: renew });
  const rows = query.data;
  const failure = change.error ?? error ?? null;
  return (
    <Panel
      title={title}
      note={note}
      actions={
        <Button className={controls["button"]} onClick={() => setAsked(true)}>
          <Plus size={14} aria-hidden="true" />
          Create a {what}
        </Button>
      }
    >
      <Pending query={query} lines={4} />
      {failure === null ? null : <Failure error={failure} advice="Nothing was changed." />}
      {rows?.length === 0 ? empty : null}
      {rows === undefined || rows.length === 0 ? null : (
        <DataTable<Row>
          caption={title}
          columns={[...columns, stateColumn<Row>(), changeColumn<Row>(change.mutate, setGone, renderAction)]}
          rows={rows}
          rowKey={({ id }) => id}
        />
      )}
      <FormDialog
        title={`Delete ${gone?.name ?? ""}`}
        isOpen={gone !== undefined}
        onClose={() => setGone(undefined)}
      >
        {gone === undefined ? null : (
          <ConfirmForm
            action={`Delete the ${what}`}
            isDangerous
            run={async () => {
              await props.deleteRow(gone);
              await renew();
              setGone(undefined);
            }}
          >
            {afterDeletion}
          </ConfirmForm>
        )}
      </FormDialog>
      <FormDialog title={`Create a ${what}`} isOpen={isAsked} onClose={() => setAsked(false)}>
        {props.renderForm(renew, () => setAsked(false))}
      </FormDialog>
    </Panel>
  );
}

function stateColumn<Row extends Switchable>(): Column<Row> {
  return {
    id: "state",
    header: "State",
    value: ({ enabled }) => (enabled ? "on" : "off"),
    cell: ({ enabled }) => <Switched isOn={enabled} />,
  };
}

function changeColumn<Row extends Switchable>(
  onSwitch: (row: Row) => void,
  onDelete: (row: Row) => void,
  renderAction: ((row: Row) => ReactNode) | undefined,
): Column<Row> {
  return {
    id: "change",
    header: "Change",
    isControl: true,
    value: () => null,
    cell: (row) => (
      <span className={styles["actions"]}>
        {renderAction?.(row)}
        <Button className={controls["button"]} onClick={() => onSwitch(row)}>
          {row.enabled ? "Switch off" : "Switch on"}
        </Button>
        <Button className={controls["danger"]} onClick={() => onDelete(row)}>
          Delete
        </Button>
      </span>
    ),
  };
}
