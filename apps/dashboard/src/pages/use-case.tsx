import { Tabs } from "@base-ui/react/tabs";
import { type ReactNode } from "react";
import { useParams } from "react-router";

import { BreakdownPanel } from "../parts/breakdown-panel.tsx";
import { DemoDataMark } from "../parts/demo-data.tsx";
import { InstanceTable } from "../parts/instance-table.tsx";
import { KpiPanel } from "../parts/kpi-panel.tsx";
import { PageHeader } from "../parts/page-header.tsx";
import { SeriesPanel } from "../parts/series-panel.tsx";
import { SummaryStats } from "../parts/summary-stats.tsx";
import { ValuePanel } from "../parts/value-panel.tsx";
import { VersionsPanel } from "../parts/versions-panel.tsx";
import { type Filter, linkTo } from "../url-state.ts";
import { useView } from "../use-view.ts";

import styles from "./page.module.css";

const TABS = [
  { value: "trends", name: "Trends" },
  { value: "versions", name: "Versions" },
  { value: "kpis", name: "KPIs" },
  { value: "value", name: "Value" },
  { value: "instances", name: "Instances" },
] as const;

/** One use case: what it costs over time and by what, what came of it, and its instances. */
export function UseCasePage(): ReactNode {
  const { name = "" } = useParams();
  const { view, change } = useView();
  const filters: readonly Filter[] = [{ field: "use_case", value: name }];
  const tab = TABS.find(({ value }) => value === view.tab)?.value ?? "trends";
  return (
    <>
      <PageHeader title={name} trail={[{ name: "Use cases", to: linkTo("/use-cases", view) }]} />
      <DemoDataMark />
      <SummaryStats filters={filters} />
      <Tabs.Root
        value={tab}
        onValueChange={(value) => change({ tab: value === "trends" ? undefined : String(value) })}
      >
        <Tabs.List className={styles["tabs"]}>
          {TABS.map((each) => (
            <Tabs.Tab key={each.value} value={each.value} className={styles["tab"]}>
              {each.name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="trends" className={styles["tabPanel"]}>
          <SeriesPanel filters={filters} without="use_case" />
          <BreakdownPanel filters={filters} without="use_case" />
        </Tabs.Panel>
        <Tabs.Panel value="versions" className={styles["tabPanel"]}>
          <VersionsPanel useCaseName={name} />
        </Tabs.Panel>
        <Tabs.Panel value="kpis" className={styles["tabPanel"]}>
          <KpiPanel useCaseName={name} />
        </Tabs.Panel>
        <Tabs.Panel value="value" className={styles["tabPanel"]}>
          <ValuePanel useCaseName={name} />
        </Tabs.Panel>
        <Tabs.Panel value="instances" className={styles["tabPanel"]}>
          <InstanceTable useCaseName={name} />
        </Tabs.Panel>
      </Tabs.Root>
    </>
  );
}
