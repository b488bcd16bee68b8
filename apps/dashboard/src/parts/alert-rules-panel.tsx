import { Button } from "@base-ui/react/button";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { type ReactNode, useState } from "react";

import { type AlertRule, describeCondition, nameKind } from "../alerts.ts";
import { changeRule, channelsQuery, createRule, deleteRule, rulesQuery } from "../api-alerts.ts";
import { AlertRuleForm } from "./alert-rule-form.tsx";
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

/** What a rule is asked to do. */
type Change = (rule: AlertRule, action: "switch" | "delete") => void;

/** What is looked out for. */
export function AlertRulesPanel(): ReactNode {
  const client = useQueryClient();
  const [isAsked, setAsked] = useState(false);
  const rules = useQuery(rulesQuery);
  const channels = useQuery(channelsQuery).data ?? [];
  const renew = (): Promise<void> => client.invalidateQueries({ queryKey: ["alerts"] });
  const [gone, setGone] = useState<AlertRule>();
  const change = useMutation({
    mutationFn: (rule: AlertRule) => changeRule(rule.id, { enabled: !rule.enabled }),
    onSettled: renew,
  });
  const suggest = useMutation({
    mutationFn: () =>
      createRule({
        name: "A limit reached its threshold",
        kind: "limit_threshold",
        condition: {},
        channels: channels.map(({ id }) => id),
      }),
    onSettled: renew,
  });
  const names = new Map(channels.map(({ id, name }) => [id, name]));
  const rows = rules.data;
  const error = change.error ?? suggest.error;
  return (
    <Panel
      title="Rules"
      note="each tells once per subject and period"
      actions={
        <Button className={controls["button"]} onClick={() => setAsked(true)}>
          <Plus size={14} aria-hidden="true" />
          Create a rule
        </Button>
      }
    >
      {rules.error !== null && rows === undefined ? (
        <Failure error={rules.error} onRetry={() => void rules.refetch()} />
      ) : null}
      {error === null ? null : <Failure error={error} advice="Nothing was changed." />}
      {rows === undefined && rules.error === null ? <Skeleton lines={4} /> : null}
      {rows?.length === 0 ? (
        <EmptyState title="Nothing is looked out for yet">
          <p>A rule notices that a limit fills up, that spend is unusual, that usage has no price.</p>
          <p>
            <Button className={controls["primary"]} onClick={() => suggest.mutate()}>
              Tell when any limit reaches its threshold
            </Button>
          </p>
        </EmptyState>
      ) : null}
      {rows === undefined || rows.length === 0 ? null : (
        <DataTable<AlertRule>
          caption="Rules"
          columns={ruleColumns(names, (rule, action) =>
            action === "delete" ? setGone(rule) : change.mutate(rule),
          )}
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
            action="Delete the rule"
            isDangerous
            run={async () => {
              await deleteRule(gone.id);
              await renew();
              setGone(undefined);
            }}
          >
            Nothing is looked out for by it any more. What it noticed stays in the history.
          </ConfirmForm>
        )}
      </FormDialog>
      <FormDialog title="Create a rule" isOpen={isAsked} onClose={() => setAsked(false)}>
        <AlertRuleForm
          channels={channels}
          onSaved={async () => {
            await renew();
            setAsked(false);
          }}
        />
      </FormDialog>
    </Panel>
  );
}

function ruleColumns(names: ReadonlyMap<string, string>, change: Change): readonly Column<AlertRule>[] {
  return [
    {
      id: "name",
      header: "Rule",
      value: ({ name }) => name,
      cell: ({ name, kind, condition }) => (
        <span className={styles["name"]}>
          <span>{name}</span>
          <span className={styles["quiet"]}>
            {[nameKind(kind), describeCondition(condition)].filter((text) => text !== "").join(": ")}
          </span>
        </span>
      ),
    },
    {
      id: "channels",
      header: "Tells",
      value: ({ channels }) => channels.map((id) => names.get(id) ?? id).join(", "),
      cell: ({ channels }) =>
        channels.length === 0 ? (
          <span className={styles["quiet"]}>the history alone</span>
        ) : (
          channels.map((id) => names.get(id) ?? id).join(", ")
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
      cell: (rule) => (
        <span className={styles["actions"]}>
          <Button className={controls["button"]} onClick={() => change(rule, "switch")}>
            {rule.enabled ? "Switch off" : "Switch on"}
          </Button>
          <Button className={controls["danger"]} onClick={() => change(rule, "delete")}>
            Delete
          </Button>
        </span>
      ),
    },
  ];
}
