import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";

import { type Application, type ShownKey } from "../administration.ts";
import { applicationsQuery, archiveApplication, createApplication } from "../api-administration.ts";
import { useAdministrationChange } from "../use-administration-change.ts";
import { type Column } from "./column.ts";
import { timeColumn } from "./columns.tsx";
import { Confirmed } from "./confirmed.tsx";
import { MadePanel } from "./made-panel.tsx";
import { SubmitForm } from "./submit-form.tsx";
import { TextField } from "./text-field.tsx";
import { Time } from "./time.tsx";

import styles from "./form.module.css";

const ADVICE =
  "This is the only time they are shown. Use the first; the second is for the day on which the first is exchanged.";

/** The organization's applications: each with keys, data and settings of its own. */
export function ApplicationsPanel(): ReactNode {
  const applications = useQuery(applicationsQuery);
  const closing = useAdministrationChange(archiveApplication);
  return (
    <MadePanel<Application>
      title="Applications"
      note="no key sees into another application"
      create="Create an application"
      query={applications}
      rowKey={({ application_id: id }) => id}
      error={closing.error}
      columnsOf={() => applicationColumns((id) => closing.mutate(id))}
      renderForm={(show) => (
        <ApplicationForm
          onMade={(keys) =>
            show({
              title: "Its two keys",
              advice: ADVICE,
              secrets: keys.map(({ name, api_key: text }) => ({ name, text })),
            })
          }
        />
      )}
    />
  );
}

function ApplicationForm({ onMade }: { readonly onMade: (keys: readonly ShownKey[]) => void }): ReactNode {
  const [name, setName] = useState("");
  const [group, setGroup] = useState("");
  const creation = useAdministrationChange(() => createApplication(name, group));
  return (
    <SubmitForm
      action="Create it with two keys"
      advice="Nothing was made."
      sending={creation}
      onSubmit={() => creation.mutate(undefined, { onSuccess: onMade })}
    >
      <TextField label="Name" value={name} onChange={setName} isRequired />
      <TextField label="Group: members may be limited to groups" value={group} onChange={setGroup} />
    </SubmitForm>
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
    timeColumn({ id: "created", header: "Created", of: ({ created_timestamp: at }) => at }),
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
