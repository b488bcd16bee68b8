import { useQuery } from "@tanstack/react-query";
import { type ReactNode } from "react";
import { useParams } from "react-router";

import { limitQuery } from "../api-limits.ts";
import { describeLimit } from "../limit-words.ts";
import { type Limit, filtersOf } from "../limits.ts";
import { CopyCommand } from "../parts/copy-command.tsx";
import { EmptyState } from "../parts/empty-state.tsx";
import { LadderPanel } from "../parts/ladder-panel.tsx";
import { LimitActions } from "../parts/limit-actions.tsx";
import { LimitRules } from "../parts/limit-rules.tsx";
import { LimitSummary } from "../parts/limit-summary.tsx";
import { BudgetsPanel, ClosedWindowsPanel } from "../parts/limit-windows.tsx";
import { PageHeader } from "../parts/page-header.tsx";
import { PageTabs } from "../parts/page-tabs.tsx";
import { Panel } from "../parts/panel.tsx";
import { Pending } from "../parts/pending.tsx";
import { RequestDrawer } from "../parts/request-drawer.tsx";
import { RequestTable } from "../parts/request-table.tsx";
import { linkTo } from "../url-state.ts";
import { useView } from "../use-view.ts";

/** One limit: where it stands, what it is made of, the requests it is for, and its windows so far. */
export function LimitPage(): ReactNode {
  const { id = "" } = useParams();
  const { view } = useView();
  const limit = useQuery(limitQuery(id));
  const trail = [{ name: "Limits", to: linkTo("/limits", view) }];
  if (limit.data === undefined) {
    return (
      <>
        <PageHeader title="Limit" trail={trail} hasRange={false} />
        <Pending query={limit} lines={8} />
      </>
    );
  }
  return (
    <>
      <PageHeader
        title={limit.data.name}
        trail={trail}
        note={describeLimit(limit.data)}
        hasRange={view.tab === "requests" || view.tab === "ladder"}
      />
      <LimitActions limit={limit.data} />
      <LimitSummary limit={limit.data} />
      <LimitTabs limit={limit.data} />
      <RequestDrawer />
    </>
  );
}

function LimitTabs({ limit }: { readonly limit: Limit }): ReactNode {
  const requests = (
    <>
      <RequestTable title="Requests it was charged with" filters={filtersOf(limit)} />
      {limit.selector === null ? <NamedOnly id={limit.id} /> : null}
    </>
  );
  return (
    <PageTabs
      tabs={[
        { value: "budgets", name: "Budgets", content: <BudgetsPanel limit={limit} /> },
        { value: "requests", name: "Requests", content: requests },
        { value: "ladder", name: "Ladder", content: <LadderPanel limit={limit} /> },
        { value: "history", name: "History", content: <ClosedWindowsPanel limit={limit} /> },
        { value: "rules", name: "Rules", content: <LimitRules limit={limit} /> },
      ]}
      leaves={{ request: undefined }}
    />
  );
}

function NamedOnly({ id }: { readonly id: string }): ReactNode {
  return (
    <Panel title="How a call names it">
      <EmptyState title="Calls name this limit themselves">
        <p>It has no conditions to find calls by:</p>
        <CopyCommand
          text={`await trackContext({ limitIds: [${JSON.stringify(id)}] }, () => search(query));`}
        />
      </EmptyState>
    </Panel>
  );
}
