import { Button } from "@base-ui/react/button";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";

import { type ApiKey, type KeyScope, SCOPES, type ShownKey } from "../administration.ts";
import { createKey, keysQuery, revokeKey, rotateKey } from "../api-administration.ts";
import { useAdministrationChange } from "../use-administration-change.ts";
import { Choice } from "./choice.tsx";
import { type Column } from "./column.ts";
import { timeColumn } from "./columns.tsx";
import { Confirmed } from "./confirmed.tsx";
import { MadePanel } from "./made-panel.tsx";
import { type Shown } from "./shown-once.tsx";
import { SubmitForm } from "./submit-form.tsx";
import { TextField } from "./text-field.tsx";
import { Time } from "./time.tsx";

import controls from "./controls.module.css";
import styles from "./form.module.css";

const ADVICE = "This is the only time it is shown. Put it where your application reads PAYI_API_KEY.";

function shownKey({ name, api_key: text }: ShownKey): Shown {
  return { title: "Your new key", advice: ADVICE, secrets: [{ name, text }] };
}

/** The keys of the application: their scope and last use; made, exchanged and revoked here. */
export function KeysPanel(): ReactNode {
  const keys = useQuery(keysQuery);
  const rotation = useAdministrationChange(rotateKey);
  const revocation = useAdministrationChange(revokeKey);
  return (
    <MadePanel<ApiKey>
      title="API keys"
      note="two full keys, so that one works while the other is exchanged"
      create="Create a key"
      query={keys}
      rowKey={(key) => key.key_id}
      error={rotation.error ?? revocation.error}
      columnsOf={(show) =>
        keyColumns(({ key_id: id }) => (
          <div className={styles["actions"]}>
            <Button
              className={controls["button"]}
              disabled={rotation.isPending}
              onClick={() => rotation.mutate(id, { onSuccess: (key) => show(shownKey(key)) })}
            >
              Rotate
            </Button>
            <Confirmed word="Revoke" onConfirm={() => revocation.mutate(id)} />
          </div>
        ))
      }
      renderForm={(show) => <KeyForm onMade={(key) => show(shownKey(key))} />}
    />
  );
}

function KeyForm({ onMade }: { readonly onMade: (key: ShownKey) => void }): ReactNode {
  const [name, setName] = useState("");
  const [scope, setScope] = useState<KeyScope>("ingest");
  const creation = useAdministrationChange(() => createKey(name, scope));
  return (
    <SubmitForm
      action="Create the key"
      advice="No key was made."
      sending={creation}
      onSubmit={() => creation.mutate(undefined, { onSuccess: onMade })}
    >
      <TextField label="Name: where it will be used" value={name} onChange={setName} isRequired />
      <div>
        <Choice label="scope" value={scope} options={SCOPES} onChange={setScope} />
      </div>
    </SubmitForm>
  );
}

function keyColumns(controlsOf: (key: ApiKey) => ReactNode): readonly Column<ApiKey>[] {
  return [
    {
      id: "name",
      header: "Name",
      value: ({ name }) => name,
      cell: ({ name, prefix, configured }) => (
        <span className={styles["name"]}>
          {name}
          <span className={styles["kind"]}>
            {prefix}…{configured ? " · from the environment" : ""}
          </span>
        </span>
      ),
    },
    { id: "scope", header: "Scope", value: ({ scope }) => scope },
    timeColumn({ id: "created", header: "Created", of: ({ created_timestamp: at }) => at }),
    timeColumn({
      id: "used",
      header: "Last used",
      of: ({ last_used_timestamp: at }) => at,
      never: "never",
      ago: true,
    }),
    {
      id: "change",
      header: "Change",
      isControl: true,
      value: () => null,
      cell: (key) =>
        key.revoked_timestamp === null ? (
          controlsOf(key)
        ) : (
          <span className={styles["hint"]}>
            revoked <Time at={key.revoked_timestamp} />
          </span>
        ),
    },
  ];
}
