import { Button } from "@base-ui/react/button";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";

import { activatePolicy, policiesQuery, valueQuery } from "../api-value.ts";
import { useView } from "../use-view.ts";
import { type PolicyDraft, type ValuePolicy } from "../value.ts";
import { type Column } from "./column.ts";
import { timeColumn } from "./columns.tsx";
import { DataTable } from "./data-table.tsx";
import { EmptyState } from "./empty-state.tsx";
import { ExportButton } from "./export-button.tsx";
import { Failure } from "./failure.tsx";
import { FormDialog } from "./form-dialog.tsx";
import { Panel } from "./panel.tsx";
import { Pending } from "./pending.tsx";
import { PolicyForm } from "./policy-form.tsx";
import { UnknownReasons } from "./policy-preview.tsx";
import { type VersionValue, measureColumns } from "./value-columns.tsx";

import controls from "./controls.module.css";
import styles from "./value-panel.module.css";

interface UseCaseProps {
  readonly useCaseName: string;
}

/** What the instances of a use case were worth by version, and the equations that say so. */
export function ValuePanel({ useCaseName }: UseCaseProps): ReactNode {
  const { period } = useView();
  const value = useQuery(valueQuery(period, useCaseName));
  const report = value.data?.find(({ use_case_name: name }) => name === useCaseName);
  const versions = report?.versions ?? [];
  return (
    <>
      <Panel
        title="Value by version"
        note="of instances that started in the period"
        actions={
          <ExportButton name={`payi-value-${useCaseName}`} columns={VERSION_COLUMNS} rows={versions} />
        }
      >
        <Pending query={value} lines={3} />
        {value.data !== undefined && versions.length === 0 ? (
          <EmptyState title={report === undefined ? "No policy in force" : "No instances in this period"}>
            <p>
              {report === undefined
                ? "Without a policy the value of an instance is unknown. Write one below."
                : "A longer period may show more."}
            </p>
          </EmptyState>
        ) : null}
        {versions.length === 0 ? null : (
          <DataTable<VersionValue>
            caption="Value by version"
            columns={VERSION_COLUMNS}
            rows={versions}
            rowKey={({ use_case_version: version }) => String(version)}
          />
        )}
        <div className={styles["unknown"]}>
          <UnknownReasons unknown={report?.unknown ?? []} />
        </div>
      </Panel>
      <PoliciesPanel useCaseName={useCaseName} />
    </>
  );
}

const VERSION_COLUMNS: readonly Column<VersionValue>[] = [
  { id: "version", header: "Version", value: ({ use_case_version: version }) => version },
  ...measureColumns<VersionValue>((row) => row),
];

function PoliciesPanel({ useCaseName }: UseCaseProps): ReactNode {
  const client = useQueryClient();
  const [asked, setAsked] = useState<PolicyDraft>();
  const policies = useQuery(policiesQuery(useCaseName));
  const activate = useMutation({
    mutationFn: ({ value_policy_id: id, active }: ValuePolicy) => activatePolicy(id, !active),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["value"] });
      await client.invalidateQueries({ queryKey: ["analytics"] });
    },
  });
  const rows = policies.data;
  const newest = rows?.find(({ active }) => active) ?? rows?.[0];
  return (
    <Panel
      title="Policies"
      note="versions are never changed; the past follows the one in force"
      actions={
        <Button
          className={controls["button"]}
          onClick={() =>
            setAsked({
              useCase: useCaseName,
              description: "",
              money: newest?.money ?? "",
              time: newest?.time ?? "",
            })
          }
        >
          {newest === undefined ? "Write a policy" : "Write the next version"}
        </Button>
      }
    >
      <Pending query={policies} lines={2} />
      {activate.error === null ? null : <Failure error={activate.error} advice="Nothing was changed." />}
      {rows?.length === 0 ? (
        <EmptyState title="No policy yet">
          <p>An equation over KPIs, cost and counts says what one instance is worth.</p>
        </EmptyState>
      ) : null}
      {rows === undefined || rows.length === 0 ? null : (
        <DataTable<ValuePolicy>
          caption="Policies"
          columns={policyColumns(activate.mutate)}
          rows={rows}
          rowKey={({ value_policy_id: id }) => id}
        />
      )}
      <FormDialog
        title={`What ${useCaseName} is worth`}
        isOpen={asked !== undefined}
        onClose={() => setAsked(undefined)}
      >
        {asked === undefined ? null : <PolicyForm draft={asked} onSaved={() => setAsked(undefined)} />}
      </FormDialog>
    </Panel>
  );
}

function policyColumns(onActivate: (policy: ValuePolicy) => void): readonly Column<ValuePolicy>[] {
  return [
    {
      id: "version",
      header: "Version",
      value: ({ version }) => version,
      cell: ({ version, active }) => (active ? <strong>{version}, in force</strong> : version),
    },
    {
      id: "equations",
      header: "Equations",
      value: ({ money, time }) => `${money ?? ""} ${time ?? ""}`,
      cell: ({ money, time, description }) => (
        <span className={styles["equations"]}>
          {money === null ? null : <code>money = {money}</code>}
          {time === null ? null : <code>time = {time}</code>}
          {description === "" ? null : <span className={styles["description"]}>{description}</span>}
        </span>
      ),
    },
    { id: "by", header: "By", value: ({ created_by: by }) => by },
    timeColumn({ id: "made", header: "Made", of: ({ created_timestamp: at }) => at }),
    {
      id: "activate",
      header: "Change",
      isControl: true,
      value: () => null,
      cell: (policy) => (
        <Button className={controls["button"]} onClick={() => onActivate(policy)}>
          {policy.active ? "Take out of force" : "Put in force"}
        </Button>
      ),
    },
  ];
}
