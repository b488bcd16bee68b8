import { Tabs } from "@base-ui/react/tabs";
import { type ReactNode } from "react";

import { CoverageStrip } from "../parts/coverage-strip.tsx";
import { DemoDataMark } from "../parts/demo-data.tsx";
import { OwnersPanel } from "../parts/owners-panel.tsx";
import { PageHeader } from "../parts/page-header.tsx";
import { useView } from "../use-view.ts";

import styles from "./page.module.css";

const TABS = [
  { value: "accounts", name: "Accounts", field: "account" },
  { value: "users", name: "Users", field: "user" },
] as const;

/** Whom the money was spent for. */
export function AccountsPage(): ReactNode {
  const { view, change } = useView();
  const tab = TABS.find(({ value }) => value === view.tab)?.value ?? "accounts";
  return (
    <>
      <PageHeader title="Users and accounts" />
      <CoverageStrip />
      <DemoDataMark />
      <Tabs.Root
        value={tab}
        onValueChange={(value) =>
          change({ tab: value === "accounts" ? undefined : String(value), sort: undefined })
        }
      >
        <Tabs.List className={styles["tabs"]}>
          {TABS.map(({ value, name }) => (
            <Tabs.Tab key={value} value={value} className={styles["tab"]}>
              {name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {TABS.map(({ value, field }) => (
          <Tabs.Panel key={value} value={value} className={styles["tabPanel"]}>
            <OwnersPanel field={field} />
          </Tabs.Panel>
        ))}
      </Tabs.Root>
    </>
  );
}
