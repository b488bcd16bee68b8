import { Button } from "@base-ui/react/button";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { CircleAlert, CircleCheck, Clock } from "lucide-react";
import { type ReactNode, useState } from "react";

import { type Alert, type AlertDelivery, nameKind } from "../alerts.ts";
import { historyQuery, retryAlert } from "../api-alerts.ts";
import { Choice } from "./choice.tsx";
import { type Column } from "./column.ts";
import { timeColumn } from "./columns.tsx";
import { DataTable } from "./data-table.tsx";
import { EmptyState } from "./empty-state.tsx";
import { ExportButton } from "./export-button.tsx";
import { Failure } from "./failure.tsx";
import { Panel } from "./panel.tsx";
import { Pending } from "./pending.tsx";

import styles from "./alerts.module.css";
import controls from "./controls.module.css";
import table from "./request-table.module.css";

const STATES = [
  { value: "", label: "all" },
  { value: "pending", label: "on their way" },
  { value: "delivered", label: "delivered" },
  { value: "dead", label: "given up" },
] as const;
type State = (typeof STATES)[number]["value"];

/** What was noticed, and how far it has come. */
export function AlertHistoryPanel(): ReactNode {
  const client = useQueryClient();
  const [state, setState] = useState<State>("");
  const history = useInfiniteQuery(historyQuery(state === "" ? undefined : state));
  const retry = useMutation({
    mutationFn: retryAlert,
    onSettled: () => client.invalidateQueries({ queryKey: ["alerts", "history"] }),
  });
  const rows = history.data?.pages.flatMap(({ items }) => items);
  const columns = historyColumns(retry.mutate);
  return (
    <Panel
      title="History"
      actions={
        <>
          <Choice label="show" value={state} options={STATES} onChange={setState} />
          <ExportButton name="payi-alerts" columns={columns} rows={rows ?? []} />
        </>
      }
    >
      <Pending query={history} lines={6} />
      {retry.error === null ? null : <Failure error={retry.error} advice="Nothing was sent." />}
      {rows?.length === 0 ? (
        <EmptyState title="Nothing was noticed">
          <p>{state === "" ? "What a rule notices shows here." : "No alert is in this state."}</p>
        </EmptyState>
      ) : null}
      {rows === undefined || rows.length === 0 ? null : (
        <DataTable<Alert> caption="History" columns={columns} rows={rows} rowKey={({ id }) => id} />
      )}
      {history.hasNextPage ? (
        <div className={table["more"]}>
          <Button
            className={controls["button"]}
            disabled={history.isFetchingNextPage}
            focusableWhenDisabled
            onClick={() => void history.fetchNextPage()}
          >
            Show older alerts
          </Button>
        </div>
      ) : null}
    </Panel>
  );
}

function historyColumns(onRetry: (id: string) => void): readonly Column<Alert>[] {
  return [
    timeColumn({ id: "time", header: "Time", of: ({ created_timestamp: at }) => at }),
    {
      id: "alert",
      header: "Alert",
      value: ({ title }) => title,
      cell: ({ title, text }) => (
        <span className={styles["name"]}>
          <span>{title}</span>
          <span className={styles["quiet"]}>{text}</span>
        </span>
      ),
    },
    {
      id: "rule",
      header: "Rule",
      value: ({ rule_name: name }) => name,
      cell: ({ rule_name: name, kind }) => <span title={nameKind(kind)}>{name}</span>,
    },
    {
      id: "deliveries",
      header: "Told",
      value: ({ deliveries }) =>
        deliveries.map(({ channel_name: name, state }) => `${name} ${state}`).join("; "),
      cell: ({ deliveries }) =>
        deliveries.length === 0 ? (
          <span className={styles["quiet"]}>nobody</span>
        ) : (
          <span className={styles["deliveries"]}>
            {deliveries.map((delivery) => (
              <Delivery key={delivery.id} delivery={delivery} />
            ))}
          </span>
        ),
    },
    {
      id: "retry",
      header: "Change",
      isControl: true,
      value: () => null,
      cell: ({ id, deliveries }) =>
        deliveries.some(({ state }) => state === "dead") ? (
          <Button className={controls["button"]} onClick={() => onRetry(id)}>
            Send again
          </Button>
        ) : null,
    },
  ];
}

function Delivery({ delivery }: { readonly delivery: AlertDelivery }): ReactNode {
  const { channel_name: name, state, attempts, last_error: error, last_status: status } = delivery;
  const why = error ?? (status === null ? undefined : `It answered ${status}.`);
  if (state === "delivered") {
    return (
      <span className={styles["good"]}>
        <CircleCheck size={13} aria-hidden="true" />
        {name}
      </span>
    );
  }
  const isOver = state === "dead";
  const Icon = isOver ? CircleAlert : Clock;
  return (
    <span className={isOver ? styles["bad"] : styles["off"]} title={why}>
      <Icon size={13} aria-hidden="true" />
      {name}: {isOver ? `given up after ${attempts} attempts` : `on its way, ${attempts} attempts so far`}
    </span>
  );
}
