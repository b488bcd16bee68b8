import { Button } from "@base-ui/react/button";
import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { type ReactNode, useState } from "react";

import { sumAmounts } from "../amounts.ts";
import { valueQuery } from "../api-value.ts";
import { showCount, showMinutes } from "../format.ts";
import { DataTable } from "../parts/data-table.tsx";
import { DemoDataMark } from "../parts/demo-data.tsx";
import { ExportButton } from "../parts/export-button.tsx";
import { FirstPolicy } from "../parts/first-policy.tsx";
import { FormDialog } from "../parts/form-dialog.tsx";
import { Money } from "../parts/money.tsx";
import { PageHeader } from "../parts/page-header.tsx";
import { Panel } from "../parts/panel.tsx";
import { Pending } from "../parts/pending.tsx";
import { PolicyForm } from "../parts/policy-form.tsx";
import { Stat, Stats } from "../parts/stat.tsx";
import { useCaseValueColumns } from "../parts/value-columns.tsx";
import { useView } from "../use-view.ts";
import { type PolicyDraft, type UseCaseValue } from "../value.ts";

import controls from "../parts/controls.module.css";

const NEW_POLICY: PolicyDraft = { useCase: "", description: "", money: "", time: "" };

/** What use cases were worth against what they cost. */
export function ValuePage(): ReactNode {
  const { view, period, change } = useView();
  const value = useQuery(valueQuery(period));
  const [asked, setAsked] = useState<PolicyDraft>();
  const columns = useCaseValueColumns(view);
  const rows = value.data;
  return (
    <>
      <PageHeader title="Value" />
      <DemoDataMark />
      {rows === undefined || rows.length === 0 ? null : <Portfolio rows={rows} />}
      <Panel
        title="Value by use case"
        note="of instances that started in the period, by the policy in force"
        actions={
          <>
            <Button className={controls["button"]} onClick={() => setAsked(NEW_POLICY)}>
              <Plus size={14} aria-hidden="true" />
              Write a policy
            </Button>
            <ExportButton name="payi-value" columns={columns} rows={rows ?? []} />
          </>
        }
      >
        <Pending query={value} lines={5} />
        {rows?.length === 0 ? <FirstPolicy onAsk={setAsked} /> : null}
        {rows === undefined || rows.length === 0 ? null : (
          <DataTable<UseCaseValue>
            caption="Value by use case"
            columns={columns}
            rows={rows}
            rowKey={({ use_case_name: name }) => name}
            sort={view.sort}
            onSort={(sort) => change({ sort })}
          />
        )}
      </Panel>
      <FormDialog title="Write a policy" isOpen={asked !== undefined} onClose={() => setAsked(undefined)}>
        {asked === undefined ? null : <PolicyForm draft={asked} onSaved={() => setAsked(undefined)} />}
      </FormDialog>
    </>
  );
}

/** Sums over all use cases; a use case whose value nobody knows is in none of them. */
function Portfolio({ rows }: { readonly rows: readonly UseCaseValue[] }): ReactNode {
  const totals = rows.map(({ total }) => total);
  const valued = totals.reduce((sum, { with_money: count }) => sum + count, 0);
  const instances = totals.reduce((sum, total) => sum + total.instances, 0);
  const known = `${showCount(valued)} of ${showCount(instances)} instances have a value`;
  return (
    <Stats>
      <Stat name="Value" note={known}>
        <Money
          amount={sumAmounts(totals.map(({ money }) => money))}
          reason="No instance of this period has a value."
        />
      </Stat>
      <Stat name="Cost" note="of all instances of these use cases">
        <Money amount={sumAmounts(totals.map(({ cost }) => cost))} reason="No instance has a known cost." />
      </Stat>
      <Stat
        name="Time saved"
        note={`${showCount(totals.reduce((sum, { with_time: count }) => sum + count, 0))} instances tell it`}
      >
        {showMinutes(sumAmounts(totals.map(({ time }) => time)))}
      </Stat>
      <Stat name="Use cases" note="with a policy in force">
        {showCount(rows.length)}
      </Stat>
    </Stats>
  );
}
