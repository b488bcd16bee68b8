import { Button } from "@base-ui/react/button";
import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { type ReactNode, useState } from "react";

import { type ApiKey, type KeyScope, SCOPES, type ShownKey } from "../administration.ts";
import { createKey, keysQuery, revokeKey, rotateKey } from "../api-administration.ts";
import { useAdministrationChange } from "../use-administration-change.ts";
import { Choice } from "./choice.tsx";
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

const ADVICE = "This is the only time it is shown. Put it where your application reads PAYI_API_KEY.";

/** The keys of the application: their scope and last use; made, exchanged and revoked here. */
export function KeysPanel(): ReactNode {
  const keys = useQuery(keysQuery);
  const [isMaking, setMaking] = useState(false);
  const [shown, setShown] = useState<Shown>();
  const show = (key: ShownKey): void => {
    setMaking(false);
    setShown({ title: "Your new key", advice: ADVICE, secrets: [{ name: key.name, text: key.api_key }] });
  };
  const rotation = useAdministrationChange(rotateKey);
  const revocation = useAdministrationChange(revokeKey);
  const error = rotation.error ?? revocation.error;
  const columns = keyColumns((key) => (
    <div className={styles["actions"]}>
      <Button
        className={controls["button"]}
        disabled={rotation.isPending}
        onClick={() => rotation.mutate(key.key_id, { onSuccess: show })}
      >
        Rotate
      </Button>
      <Confirmed word="Revoke" onConfirm={() => revocation.mutate(key.key_id)} />
    </div>
  ));
  return (
    <Panel
      title="API keys"
      note="two full keys, so that one works while the other is exchanged"
      actions={
        <Button className={controls["button"]} onClick={() => setMaking(true)}>
          <Plus size={14} aria-hidden="true" />
          Create a key
        </Button>
      }
    >
      {error === null ? null : <Failure error={error} advice="Nothing was changed." />}
      <Pending query={keys} lines={4} />
      {keys.data === undefined ? null : (
        <DataTable<ApiKey>
          caption="API keys"
          columns={columns}
          rows={keys.data}
          rowKey={(key) => key.key_id}
        />
      )}
      <FormDialog title="Create a key" isOpen={isMaking} onClose={() => setMaking(false)}>
        {isMaking ? <KeyForm onMade={show} /> : null}
      </FormDialog>
      <ShownOnce shown={shown} onClose={() => setShown(undefined)} />
    </Panel>
  );
}

function KeyForm({ onMade }: { readonly onMade: (key: ShownKey) => void }): ReactNode {
  const [name, setName] = useState("");
  const [scope, setScope] = useState<KeyScope>("ingest");
  const creation = useAdministrationChange(() => createKey(name, scope));
  return (
    <form
      className={styles["form"]}
      onSubmit={(event) => {
        event.preventDefault();
        creation.mutate(undefined, { onSuccess: onMade });
      }}
    >
      <TextField label="Name: where it will be used" value={name} onChange={setName} isRequired />
      <div>
        <Choice label="scope" value={scope} options={SCOPES} onChange={setScope} />
      </div>
      {creation.error === null ? null : <Failure error={creation.error} advice="No key was made." />}
      <div className={styles["actions"]}>
        <Button type="submit" className={controls["primary"]} disabled={creation.isPending}>
          Create the key
        </Button>
      </div>
    </form>
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
    {
      id: "created",
      header: "Created",
      value: ({ created_timestamp: at }) => at,
      cell: ({ created_timestamp: at }) => <Time at={at} />,
    },
    {
      id: "used",
      header: "Last used",
      value: ({ last_used_timestamp: at }) => at,
      cell: ({ last_used_timestamp: at }) => (at === null ? "never" : <Time at={at} ago />),
    },
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
