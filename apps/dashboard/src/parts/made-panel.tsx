import { Button } from "@base-ui/react/button";
import { Plus } from "lucide-react";
import { type ReactNode, useState } from "react";

import { type Column } from "./column.ts";
import { DataTable } from "./data-table.tsx";
import { Failure } from "./failure.tsx";
import { FormDialog } from "./form-dialog.tsx";
import { Panel } from "./panel.tsx";
import { Pending } from "./pending.tsx";
import { type Shown, ShownOnce } from "./shown-once.tsx";

import controls from "./controls.module.css";

/** Shows a secret this one time, and closes what made it. */
export type Show = (shown: Shown) => void;

export interface MadePanelProps<Row> {
  readonly title: string;
  readonly note: string;
  /** `Create a key`. */
  readonly create: string;
  readonly query: {
    readonly data: readonly Row[] | undefined;
    readonly error: Error | null;
    readonly refetch: () => unknown;
  };
  readonly columnsOf: (show: Show) => readonly Column<Row>[];
  readonly rowKey: (row: Row) => string;
  /** Of what was done to a row. */
  readonly error: Error | null;
  /** The form for another; what it makes is shown once. */
  readonly renderForm: (show: Show) => ReactNode;
}

/** Things that come with a secret: listed, made, changed, and each secret shown once. */
export function MadePanel<Row>(props: MadePanelProps<Row>): ReactNode {
  const { title, note, create, query, error } = props;
  const [isMaking, setMaking] = useState(false);
  const [shown, setShown] = useState<Shown>();
  const show: Show = (secret) => {
    setMaking(false);
    setShown(secret);
  };
  return (
    <Panel
      title={title}
      note={note}
      actions={
        <Button className={controls["button"]} onClick={() => setMaking(true)}>
          <Plus size={14} aria-hidden="true" />
          {create}
        </Button>
      }
    >
      {error === null ? null : <Failure error={error} advice="Nothing was changed." />}
      <Pending query={query} lines={4} />
      {query.data === undefined ? null : (
        <DataTable<Row>
          caption={title}
          columns={props.columnsOf(show)}
          rows={query.data}
          rowKey={props.rowKey}
        />
      )}
      <FormDialog title={create} isOpen={isMaking} onClose={() => setMaking(false)}>
        {isMaking ? props.renderForm(show) : null}
      </FormDialog>
      <ShownOnce shown={shown} onClose={() => setShown(undefined)} />
    </Panel>
  );
}
