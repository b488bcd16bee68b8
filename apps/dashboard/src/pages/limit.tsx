import { Tabs } from "@base-ui/react/tabs";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode } from "react";
import { useParams } from "react-router";

import { limitQuery } from "../api-limits.ts";
import { describeLimit } from "../limit-words.ts";
import { type Limit, filtersOf } from "../limits.ts";
import { CopyCommand } from "../parts/copy-command.tsx";
import { EmptyState } from "../parts/empty-state.tsx";
import { Failure } from "../parts/failure.tsx";
import { LadderPanel } from "../parts/ladder-panel.tsx";
import { LimitActions } from "../parts/limit-actions.tsx";
import { LimitRules } from "../parts/limit-rules.tsx";
import { LimitSummary } from "../parts/limit-summary.tsx";
import { BudgetsPanel, ClosedWindowsPanel } from "../parts/limit-windows.tsx";
import { PageHeader } from "../parts/page-header.tsx";
import { Panel } from "../parts/panel.tsx";
import { RequestDrawer } from "../parts/request-drawer.tsx";
import { RequestTable } from "../parts/request-table.tsx";
import { Skeleton } from "../parts/skeleton.tsx";
import { linkTo } from "../url-state.ts";
import { useView } from "../use-view.ts";

import styles from "./page.module.css";

const TABS = [
  { value: "budgets", name: "Budgets" },
  { value: "requests", name: "Requests" },
  { value: "ladder", name: "Ladder" },
  { value: "history", name: "History" },
  { value: "rules", name: "Rules" },
] as const;

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
        {limit.error === null ? (
          <Skeleton lines={8} />
        ) : (
          <Failure error={limit.error} onRetry={() => void limit.refetch()} />
        )}
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
  const { view, change } = useView();
  const tab = TABS.find(({ value }) => value === view.tab)?.value ?? "budgets";
  return (
    <Tabs.Root
      value={tab}
      onValueChange={(value) =>
        change({ tab: value === "budgets" ? undefined : String(value), sort: undefined, request: undefined })
      }
    >
      <Tabs.List className={styles["tabs"]}>
        {TABS.map((each) => (
          <Tabs.Tab key={each.value} value={each.value} className={styles["tab"]}>
            {each.name}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="budgets" className={styles["tabPanel"]}>
        <BudgetsPanel limit={limit} />
      </Tabs.Panel>
      <Tabs.Panel value="requests" className={styles["tabPanel"]}>
        <RequestTable title="Requests it was charged with" filters={filtersOf(limit)} />
        {limit.selector === null ? <NamedOnly id={limit.id} /> : null}
      </Tabs.Panel>
      <Tabs.Panel value="ladder" className={styles["tabPanel"]}>
        <LadderPanel limit={limit} />
      </Tabs.Panel>
      <Tabs.Panel value="history" className={styles["tabPanel"]}>
        <ClosedWindowsPanel limit={limit} />
      </Tabs.Panel>
      <Tabs.Panel value="rules" className={styles["tabPanel"]}>
        <LimitRules limit={limit} />
      </Tabs.Panel>
    </Tabs.Root>
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
