import { Button } from "@base-ui/react/button";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";

import { type ChannelKind } from "../alerts.ts";
import { createChannel } from "../api-alerts.ts";
import { Choice } from "./choice.tsx";
import { CopyCommand } from "./copy-command.tsx";
import { Failure } from "./failure.tsx";
import { TextField } from "./text-field.tsx";

import controls from "./controls.module.css";
import styles from "./form.module.css";

const KINDS = [
  { value: "webhook", label: "webhook" },
  { value: "slack", label: "Slack" },
  { value: "email", label: "e-mail" },
] as const;
const TARGETS = {
  webhook: "Address that is called",
  slack: "Incoming webhook of Slack",
  email: "Addresses, parted by commas",
} as const;

export interface AlertChannelFormProps {
  /** After the platform took it. */
  readonly onSaved: () => Promise<void>;
  /** Once there is nothing more to read. */
  readonly onDone: () => void;
}

/** A new channel. The signing secret of a webhook is shown once. */
export function AlertChannelForm({ onSaved, onDone }: AlertChannelFormProps): ReactNode {
  const [name, setName] = useState("");
  const [kind, setKind] = useState<ChannelKind>("webhook");
  const [target, setTarget] = useState("");
  const save = useMutation({
    mutationFn: async () => {
      const named = { name: name.trim(), kind };
      const to = target.split(/[,;\s]+/).filter((address) => address !== "");
      const secret = await createChannel(
        kind === "email" ? { ...named, to } : { ...named, url: target.trim() },
      );
      await onSaved();
      if (secret === undefined) onDone();
      return secret;
    },
  });
  if (save.data !== undefined) {
    return (
      <div className={styles["form"]}>
        <p className={styles["lead"]}>
          What arrives is signed with this secret. It is shown <strong>once</strong>: keep it where the
          receiver finds it.
        </p>
        <CopyCommand text={save.data} label="Copy the secret" />
        <div className={styles["actions"]}>
          <Button className={controls["primary"]} onClick={onDone}>
            Done
          </Button>
        </div>
      </div>
    );
  }
  return (
    <form
      className={styles["form"]}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <TextField label="Name" value={name} onChange={setName} isRequired />
      <div>
        <Choice label="by" value={kind} options={KINDS} onChange={setKind} />
      </div>
      <TextField label={TARGETS[kind]} value={target} onChange={setTarget} isRequired />
      {kind === "email" ? (
        <p className={styles["hint"]}>The platform sends through the server that PAYI_SMTP_URL names.</p>
      ) : null}
      {save.error === null ? null : <Failure error={save.error} advice="Correct it and save again." />}
      <div className={styles["actions"]}>
        <Button type="submit" className={controls["primary"]} disabled={save.isPending} focusableWhenDisabled>
          {save.isPending ? "Saving…" : "Create the channel"}
        </Button>
      </div>
    </form>
  );
}
