import { Button } from "@base-ui/react/button";
import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useNavigate } from "react-router";

import { shareOf } from "../amounts.ts";
import { limitsQuery } from "../api-limits.ts";
import { type LimitDraft, NEW_LIMIT } from "../limit-draft.ts";
import { type Limit, usedOf } from "../limits.ts";
import { DataTable } from "../parts/data-table.tsx";
import { ExportButton } from "../parts/export-button.tsx";
import { FirstLimit } from "../parts/first-limit.tsx";
import { FormDialog } from "../parts/form-dialog.tsx";
import { limitColumns } from "../parts/limit-columns.tsx";
import { LimitForm } from "../parts/limit-form.tsx";
import { PageHeader } from "../parts/page-header.tsx";
import { Panel } from "../parts/panel.tsx";
import { Pending } from "../parts/pending.tsx";
import { linkTo } from "../url-state.ts";
import { useNow, useView } from "../use-view.ts";

import controls from "../parts/controls.module.css";

const TICK_MS = 20_000;

/** Every limit with how much of it is used, those closest to their maximum first. */
export function LimitsPage(): ReactNode {
  const { view, change } = useView();
  const navigate = useNavigate();
  const limits = useQuery(limitsQuery);
  const [asked, setAsked] = useState<LimitDraft>();
  const columns = limitColumns(view, useNow(TICK_MS));
  const rows = limits.data?.toSorted((left, right) => usedShare(right) - usedShare(left));
  return (
    <>
      <PageHeader title="Limits" hasRange={false} />
      <Panel
        title="Limits"
        note="spent and held in the current window"
        actions={
          <>
            <Button className={controls["button"]} onClick={() => setAsked(NEW_LIMIT)}>
              <Plus size={14} aria-hidden="true" />
              Create a limit
            </Button>
            <ExportButton name="payi-limits" columns={columns} rows={rows ?? []} />
          </>
        }
      >
        <Pending query={limits} lines={6} />
        {rows?.length === 0 ? <FirstLimit onAsk={setAsked} /> : null}
        {rows === undefined || rows.length === 0 ? null : (
          <DataTable<Limit>
            caption="Limits"
            columns={columns}
            rows={rows}
            rowKey={({ id }) => id}
            sort={view.sort}
            onSort={(sort) => change({ sort })}
            onOpen={({ id }) => void navigate(linkTo(`/limits/${encodeURIComponent(id)}`, view))}
          />
        )}
      </Panel>
      <FormDialog title="Create a limit" isOpen={asked !== undefined} onClose={() => setAsked(undefined)}>
        {asked === undefined ? null : (
          <LimitForm
            draft={asked}
            onSaved={(id) => void navigate(linkTo(`/limits/${encodeURIComponent(id)}`, view))}
          />
        )}
      </FormDialog>
    </>
  );
}

function usedShare({ budget }: Limit): number {
  return shareOf(usedOf(budget), budget.max) ?? 0;
}
