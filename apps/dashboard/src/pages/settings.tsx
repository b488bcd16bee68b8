import { Tabs } from "@base-ui/react/tabs";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode } from "react";

import { sessionQuery } from "../api-administration.ts";
import { ApplicationsPanel } from "../parts/applications-panel.tsx";
import { AuditPanel } from "../parts/audit-panel.tsx";
import { EmptyState } from "../parts/empty-state.tsx";
import { Failure } from "../parts/failure.tsx";
import { KeysPanel } from "../parts/keys-panel.tsx";
import { MembersPanel } from "../parts/members-panel.tsx";
import { PageHeader } from "../parts/page-header.tsx";
import { SettingsPanel } from "../parts/settings-panel.tsx";
import { Skeleton } from "../parts/skeleton.tsx";
import { useView } from "../use-view.ts";

import styles from "./page.module.css";

/** Each part, and the permission without which it is not shown. */
const TABS = [
  { value: "keys", name: "API keys", needs: "admin", Panel: KeysPanel },
  { value: "data", name: "Data and privacy", needs: "admin", Panel: SettingsPanel },
  { value: "members", name: "Members", needs: "organization", Panel: MembersPanel },
  { value: "applications", name: "Applications", needs: "organization", Panel: ApplicationsPanel },
  { value: "audit", name: "Audit log", needs: "admin", Panel: AuditPanel },
] as const;

/** What administrators do: keys, what is stored and for how long, who is in, and who changed what. */
export function SettingsPage(): ReactNode {
  const session = useQuery(sessionQuery);
  return (
    <>
      <PageHeader title="Settings" hasRange={false} note={session.data?.application?.name} />
      {session.error === null ? null : (
        <Failure error={session.error} onRetry={() => void session.refetch()} />
      )}
      {session.data === undefined ? <Skeleton lines={6} /> : <Parts permissions={session.data.permissions} />}
    </>
  );
}

function Parts({ permissions }: { readonly permissions: readonly string[] }): ReactNode {
  const { view, change } = useView();
  const tabs = TABS.filter(({ needs }) => permissions.includes(needs));
  const [first] = tabs;
  if (first === undefined) {
    return (
      <EmptyState title="Settings are for administrators">
        <p>Sign in as admin or owner, or ask one of them to change your role.</p>
      </EmptyState>
    );
  }
  const tab = tabs.find(({ value }) => value === view.tab)?.value ?? first.value;
  return (
    <Tabs.Root value={tab} onValueChange={(value) => change({ tab: String(value), sort: undefined })}>
      <Tabs.List className={styles["tabs"]}>
        {tabs.map(({ value, name }) => (
          <Tabs.Tab key={value} value={value} className={styles["tab"]}>
            {name}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map(({ value, Panel }) => (
        <Tabs.Panel key={value} value={value} className={styles["tabPanel"]}>
          <Panel />
        </Tabs.Panel>
      ))}
    </Tabs.Root>
  );
}
