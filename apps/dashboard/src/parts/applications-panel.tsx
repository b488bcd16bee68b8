import { Button } from "@base-ui/react/button";
import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { type ReactNode, useState } from "react";

import { type Application, type ShownKey } from "../administration.ts";
import { applicationsQuery, archiveApplication, createApplication } from "../api-administration.ts";
import { useAdministrationChange } from "../use-administration-change.ts";
import { type Column } from "./column.ts";
import { Confirmed } from "./confirmed.tsx";
import { DataTable } from "./data-table.tsx";
import { Failure } from "./failure.tsx";
import { FormDialog } from "./form-dialog.tsx";
import { Panel } from "./panel.tsx";
import { Pending } from "./pending.tsx";
import { type Shown, ShownOnce } from "./shown-once.tsx";
import { TextField } from "./text-field.tsx";
import { Time } from "./time.tsx";

import controls from "./controls.module.css";
import styles from "./form.module.css";

/** The organization's applications: each with keys, data and settings of its own. */
export function ApplicationsPanel(): ReactNode {
  const applications = useQuery(applicationsQuery);
  const [isMaking, setMaking] = useState(false);
  const [shown, setShown] = useState<Shown>();
  const closing = useAdministrationChange(archiveApplication);
  const show = (keys: readonly ShownKey[]): void => {
    setMaking(false);
    setShown({
      title: "Its two keys",
      advice:
        "This is the only time they are shown. Use the first; the second is for the day on which the first is exchanged.",
      secrets: keys.map(({ name, api_key: text }) => ({ name, text })),
    });
  };
  return (
    <Panel
      title="Applications"
      note="no key sees into another application"
      actions={
        <Button className={controls["button"]} onClick={() => setMaking(true)}>
          <Plus size={14} aria-hidden="true" />
          Create an application
        </Button>
      }
    >
      {closing.error === null ? null : <Failure error={closing.error} advice="Nothing was changed." />}
      <Pending query={applications} lines={4} />
      {applications.data === undefined ? null : (
        <DataTable<Application>
          caption="Applications"
          columns={applicationColumns((id) => closing.mutate(id))}
          rows={applications.data}
          rowKey={({ application_id: id }) => id}
        />
      )}
      <FormDialog title="Create an application" isOpen={isMaking} onClose={() => setMaking(false)}>
        {isMaking ? <ApplicationForm onMade={show} /> : null}
      </FormDialog>
      <ShownOnce shown={shown} onClose={() => setShown(undefined)} />
    </Panel>
  );
}

function ApplicationForm({ onMade }: { readonly onMade: (keys: readonly ShownKey[]) => void }): ReactNode {
  const [name, setName] = useState("");
  const [group, setGroup] = useState("");
  const creation = useAdministrationChange(() => createApplication(name, group));
  return (
    <form
      className={styles["form"]}
      onSubmit={(event) => {
        event.preventDefault();
        creation.mutate(undefined, { onSuccess: onMade });
      }}
    >
      <TextField label="Name" value={name} onChange={setName} isRequired />
      <TextField label="Group: members may be limited to groups" value={group} onChange={setGroup} />
      {creation.error === null ? null : <Failure error={creation.error} advice="Nothing was made." />}
      <div className={styles["actions"]}>
        <Button type="submit" className={controls["primary"]} disabled={creation.isPending}>
          Create it with two keys
        </Button>
      </div>
    </form>
  );
}

function applicationColumns(onClose: (id: string) => void): readonly Column<Application>[] {
  return [
    {
      id: "name",
      header: "Application",
      value: ({ name }) => name,
      cell: ({ name, application_id: id }) => (
        <span className={styles["name"]}>
          {name}
          {name === id ? null : <span className={styles["kind"]}>{id}</span>}
        </span>
      ),
    },
    { id: "group", header: "Group", value: ({ group }) => group ?? "–" },
    {
      id: "created",
      header: "Created",
      value: ({ created_timestamp: at }) => at,
      cell: ({ created_timestamp: at }) => <Time at={at} />,
    },
    {
      id: "close",
      header: "Change",
      isControl: true,
      value: () => null,
      cell: ({ application_id: id, archived_timestamp: at }) =>
        at === null ? (
          <div className={styles["actions"]}>
            <Confirmed word="Close" onConfirm={() => onClose(id)} />
          </div>
        ) : (
          <span className={styles["hint"]}>
            closed <Time at={at} />
          </span>
        ),
    },
  ];
}
