import { Tabs } from "@base-ui/react/tabs";
import { type ReactNode } from "react";

import { AlertChannelsPanel } from "../parts/alert-channels-panel.tsx";
import { AlertHistoryPanel } from "../parts/alert-history-panel.tsx";
import { AlertRulesPanel } from "../parts/alert-rules-panel.tsx";
import { PageHeader } from "../parts/page-header.tsx";
import { useView } from "../use-view.ts";

import styles from "./page.module.css";

const TABS = [
  { value: "rules", name: "Rules", Panel: AlertRulesPanel },
  { value: "channels", name: "Channels", Panel: AlertChannelsPanel },
  { value: "history", name: "History", Panel: AlertHistoryPanel },
] as const;

/** What is looked out for, whom it is told, and what was told. */
export function AlertsPage(): ReactNode {
  const { view, change } = useView();
  const tab = TABS.find(({ value }) => value === view.tab)?.value ?? "rules";
  return (
    <>
      <PageHeader title="Alerts" hasRange={false} />
      <Tabs.Root
        value={tab}
        onValueChange={(value) => change({ tab: value === "rules" ? undefined : String(value) })}
      >
        <Tabs.List className={styles["tabs"]}>
          {TABS.map(({ value, name }) => (
            <Tabs.Tab key={value} value={value} className={styles["tab"]}>
              {name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {TABS.map(({ value, Panel }) => (
          <Tabs.Panel key={value} value={value} className={styles["tabPanel"]}>
            <Panel />
          </Tabs.Panel>
        ))}
      </Tabs.Root>
    </>
  );
}
