import { Button } from "@base-ui/react/button";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode } from "react";

import { type AlertRule, describeCondition, nameKind } from "../alerts.ts";
import { changeRule, channelsQuery, createRule, deleteRule, rulesQuery } from "../api-alerts.ts";
import { AlertRuleForm } from "./alert-rule-form.tsx";
import { type Column } from "./column.ts";
import { EmptyState } from "./empty-state.tsx";
import { SwitchedPanel } from "./switched-panel.tsx";

import styles from "./alerts.module.css";
import controls from "./controls.module.css";

/** What is looked out for. */
export function AlertRulesPanel(): ReactNode {
  const client = useQueryClient();
  const channels = useQuery(channelsQuery).data ?? [];
  const suggest = useMutation({
    mutationFn: () =>
      createRule({
        name: "A limit reached its threshold",
        kind: "limit_threshold",
        condition: {},
        channels: channels.map(({ id }) => id),
      }),
    onSettled: () => client.invalidateQueries({ queryKey: ["alerts"] }),
  });
  return (
    <SwitchedPanel<AlertRule>
      title="Rules"
      note="each tells once per subject and period"
      what="rule"
      query={useQuery(rulesQuery)}
      columns={ruleColumns(new Map(channels.map(({ id, name }) => [id, name])))}
      empty={
        <EmptyState title="Nothing is looked out for yet">
          <p>A rule notices that a limit fills up, that spend is unusual, that usage has no price.</p>
          <p>
            <Button className={controls["primary"]} onClick={() => suggest.mutate()}>
              Tell when any limit reaches its threshold
            </Button>
          </p>
        </EmptyState>
      }
      error={suggest.error}
      switchRow={({ id, enabled }) => changeRule(id, { enabled: !enabled })}
      deleteRow={({ id }) => deleteRule(id)}
      afterDeletion="Nothing is looked out for by it any more. What it noticed stays in the history."
      renderForm={(renew, done) => (
        <AlertRuleForm
          channels={channels}
          onSaved={async () => {
            await renew();
            done();
          }}
        />
      )}
    />
  );
}

function ruleColumns(names: ReadonlyMap<string, string>): readonly Column<AlertRule>[] {
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
  ];
}
