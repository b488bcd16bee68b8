import { Button } from "@base-ui/react/button";
import { useMutation, useQuery } from "@tanstack/react-query";
import { CircleAlert, CircleCheck } from "lucide-react";
import { type ReactNode } from "react";

import { type AlertChannel } from "../alerts.ts";
import { channelsQuery, deleteChannel, switchChannel, testChannel } from "../api-alerts.ts";
import { AlertChannelForm } from "./alert-channel-form.tsx";
import { type Column } from "./column.ts";
import { EmptyState } from "./empty-state.tsx";
import { SwitchedPanel } from "./switched-panel.tsx";

import styles from "./alerts.module.css";
import controls from "./controls.module.css";

/** Where alerts are sent. */
export function AlertChannelsPanel(): ReactNode {
  return (
    <SwitchedPanel<AlertChannel>
      title="Channels"
      note="webhooks are signed as Standard Webhooks"
      what="channel"
      query={useQuery(channelsQuery)}
      columns={COLUMNS}
      renderAction={(channel) => <ChannelTestButton channel={channel} />}
      empty={
        <EmptyState title="Nobody is told yet">
          <p>A channel is a webhook, Slack, or e-mail. Without one, alerts show in the history alone.</p>
        </EmptyState>
      }
      switchRow={switchChannel}
      deleteRow={({ id }) => deleteChannel(id)}
      afterDeletion="Nothing is sent there any more. Rules that tell it tell the others and the history alone."
      renderForm={(renew, done) => <AlertChannelForm onSaved={renew} onDone={done} />}
    />
  );
}

const COLUMNS: readonly Column<AlertChannel>[] = [
  {
    id: "name",
    header: "Channel",
    value: ({ name }) => name,
    cell: ({ name, kind, target }) => (
      <span className={styles["name"]}>
        <span>{name}</span>
        <span className={styles["quiet"]}>
          {kind}: {target}
        </span>
      </span>
    ),
  },
];

/** Sends a test and says how it ended. */
function ChannelTestButton({ channel }: { readonly channel: AlertChannel }): ReactNode {
  const test = useMutation({ mutationFn: () => testChannel(channel.id) });
  const result = test.data;
  return (
    <>
      <Button
        className={controls["button"]}
        disabled={test.isPending}
        focusableWhenDisabled
        onClick={() => test.mutate()}
      >
        {test.isPending ? "Sending…" : "Send a test"}
      </Button>
      <span role="status">
        {test.error === null ? null : <span className={styles["bad"]}>{test.error.message}</span>}
        {result === undefined ? null : result.delivered ? (
          <span className={styles["good"]}>
            <CircleCheck size={13} aria-hidden="true" />
            arrived
          </span>
        ) : (
          <span className={styles["bad"]}>
            <CircleAlert size={13} aria-hidden="true" />
            {result.error ?? `answered ${result.status ?? "nothing"}`}
          </span>
        )}
      </span>
    </>
  );
}
