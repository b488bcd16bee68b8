import { type ReactNode } from "react";

import { AlertChannelsPanel } from "../parts/alert-channels-panel.tsx";
import { AlertHistoryPanel } from "../parts/alert-history-panel.tsx";
import { AlertRulesPanel } from "../parts/alert-rules-panel.tsx";
import { PageHeader } from "../parts/page-header.tsx";
import { PageTabs } from "../parts/page-tabs.tsx";

const TABS = [
  { value: "rules", name: "Rules", content: <AlertRulesPanel /> },
  { value: "channels", name: "Channels", content: <AlertChannelsPanel /> },
  { value: "history", name: "History", content: <AlertHistoryPanel /> },
];

/** What is looked out for, whom it is told, and what was told. */
export function AlertsPage(): ReactNode {
  return (
    <>
      <PageHeader title="Alerts" hasRange={false} />
      <PageTabs tabs={TABS} />
    </>
  );
}
