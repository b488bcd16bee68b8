import { useQuery } from "@tanstack/react-query";
import { type ReactNode } from "react";

import { sessionQuery } from "../api-administration.ts";
import { ApplicationsPanel } from "../parts/applications-panel.tsx";
import { AuditPanel } from "../parts/audit-panel.tsx";
import { EmptyState } from "../parts/empty-state.tsx";
import { KeysPanel } from "../parts/keys-panel.tsx";
import { MembersPanel } from "../parts/members-panel.tsx";
import { PageHeader } from "../parts/page-header.tsx";
import { PageTabs } from "../parts/page-tabs.tsx";
import { Pending } from "../parts/pending.tsx";
import { SettingsPanel } from "../parts/settings-panel.tsx";

/** Each part, and the permission without which it is not shown. */
const TABS = [
  { value: "keys", name: "API keys", needs: "admin", content: <KeysPanel /> },
  { value: "data", name: "Data and privacy", needs: "admin", content: <SettingsPanel /> },
  { value: "members", name: "Members", needs: "organization", content: <MembersPanel /> },
  { value: "applications", name: "Applications", needs: "organization", content: <ApplicationsPanel /> },
  { value: "audit", name: "Audit log", needs: "admin", content: <AuditPanel /> },
];

/** What administrators do: keys, what is stored and for how long, who is in, and who changed what. */
export function SettingsPage(): ReactNode {
  const session = useQuery(sessionQuery);
  const permissions = session.data?.permissions;
  const tabs = TABS.filter(({ needs }) => permissions?.includes(needs));
  return (
    <>
      <PageHeader title="Settings" hasRange={false} note={session.data?.application?.name} />
      <Pending query={session} lines={6} />
      {permissions === undefined ? null : tabs.length > 0 ? (
        <PageTabs tabs={tabs} />
      ) : (
        <EmptyState title="Settings are for administrators">
          <p>Sign in as admin or owner, or ask one of them to change your role.</p>
        </EmptyState>
      )}
    </>
  );
}
