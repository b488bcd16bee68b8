import { Button } from "@base-ui/react/button";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { CircleAlert, CircleCheck, Plus } from "lucide-react";
import { type ReactNode, useState } from "react";

import { type AlertChannel } from "../alerts.ts";
import { channelsQuery, deleteChannel, switchChannel, testChannel } from "../api-alerts.ts";
import { AlertChannelForm } from "./alert-channel-form.tsx";
import { type Column } from "./column.ts";
import { ConfirmForm } from "./confirm-form.tsx";
import { DataTable } from "./data-table.tsx";
import { EmptyState } from "./empty-state.tsx";
import { Failure } from "./failure.tsx";
import { FormDialog } from "./form-dialog.tsx";
import { Panel } from "./panel.tsx";
import { Skeleton } from "./skeleton.tsx";
import { Switched } from "./switched.tsx";

import styles from "./alerts.module.css";
import controls from "./controls.module.css";

/** Where alerts are sent. */
export function AlertChannelsPanel(): ReactNode {
  const client = useQueryClient();
  const [isAsked, setAsked] = useState(false);
  const channels = useQuery(channelsQuery);
  const renew = (): Promise<void> => client.invalidateQueries({ queryKey: ["alerts"] });
  const [gone, setGone] = useState<AlertChannel>();
  const change = useMutation({ mutationFn: switchChannel, onSettled: renew });
  const rows = channels.data;
  return (
    <Panel
      title="Channels"
      note="webhooks are signed as Standard Webhooks"
      actions={
        <Button className={controls["button"]} onClick={() => setAsked(true)}>
          <Plus size={14} aria-hidden="true" />
          Create a channel
        </Button>
      }
    >
      {channels.error !== null && rows === undefined ? (
        <Failure error={channels.error} onRetry={() => void channels.refetch()} />
      ) : null}
      {change.error === null ? null : <Failure error={change.error} advice="Nothing was changed." />}
      {rows === undefined && channels.error === null ? <Skeleton lines={4} /> : null}
      {rows?.length === 0 ? (
        <EmptyState title="Nobody is told yet">
          <p>A channel is a webhook, Slack, or e-mail. Without one, alerts show in the history alone.</p>
        </EmptyState>
      ) : null}
      {rows === undefined || rows.length === 0 ? null : (
        <DataTable<AlertChannel>
          caption="Channels"
          columns={channelColumns((channel, isOver) => (isOver ? setGone(channel) : change.mutate(channel)))}
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
            action="Delete the channel"
            isDangerous
            run={async () => {
              await deleteChannel(gone.id);
              await renew();
              setGone(undefined);
            }}
          >
            Nothing is sent there any more. Rules that tell it tell the others and the history alone.
          </ConfirmForm>
        )}
      </FormDialog>
      <FormDialog title="Create a channel" isOpen={isAsked} onClose={() => setAsked(false)}>
        <AlertChannelForm onSaved={renew} onDone={() => setAsked(false)} />
      </FormDialog>
    </Panel>
  );
}

function channelColumns(
  change: (channel: AlertChannel, isOver: boolean) => void,
): readonly Column<AlertChannel>[] {
  return [
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
    {
      id: "state",
      header: "State",
      value: ({ enabled }) => (enabled ? "on" : "off"),
      cell: ({ enabled }) => <Switched isOn={enabled} />,
    },
    {
      id: "change",
      header: "Change",
      isControl: true,
      value: () => null,
      cell: (channel) => (
        <span className={styles["actions"]}>
          <ChannelTestButton channel={channel} />
          <Button className={controls["button"]} onClick={() => change(channel, false)}>
            {channel.enabled ? "Switch off" : "Switch on"}
          </Button>
          <Button className={controls["danger"]} onClick={() => change(channel, true)}>
            Delete
          </Button>
        </span>
      ),
    },
  ];
}

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
