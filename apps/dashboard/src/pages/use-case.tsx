import { type ReactNode } from "react";
import { Link, useParams } from "react-router";

import { BreakdownPanel } from "../parts/breakdown-panel.tsx";
import { DemoDataMark } from "../parts/demo-data.tsx";
import { EmptyState } from "../parts/empty-state.tsx";
import { InstanceTable } from "../parts/instance-table.tsx";
import { KpiPanel } from "../parts/kpi-panel.tsx";
import { OwnLimits } from "../parts/own-limits.tsx";
import { PageHeader } from "../parts/page-header.tsx";
import { PageTabs } from "../parts/page-tabs.tsx";
import { SeriesPanel } from "../parts/series-panel.tsx";
import { SummaryStats } from "../parts/summary-stats.tsx";
import { ValuePanel } from "../parts/value-panel.tsx";
import { VersionsPanel } from "../parts/versions-panel.tsx";
import { type Filter, linkTo } from "../url-state.ts";
import { useView } from "../use-view.ts";

import controls from "../parts/controls.module.css";

/** One use case: what it costs over time and by what, what came of it, and its instances. */
export function UseCasePage(): ReactNode {
  const { name = "" } = useParams();
  const { view } = useView();
  const filters: readonly Filter[] = [{ field: "use_case", value: name }];
  return (
    <>
      <PageHeader title={name} trail={[{ name: "Use cases", to: linkTo("/use-cases", view) }]} />
      <DemoDataMark />
      <SummaryStats filters={filters} />
      <PageTabs
        tabs={[
          {
            value: "trends",
            name: "Trends",
            content: (
              <>
                <SeriesPanel filters={filters} without="use_case" />
                <BreakdownPanel filters={filters} without="use_case" />
              </>
            ),
          },
          { value: "versions", name: "Versions", content: <VersionsPanel useCaseName={name} /> },
          { value: "kpis", name: "KPIs", content: <KpiPanel useCaseName={name} /> },
          { value: "value", name: "Value", content: <ValuePanel useCaseName={name} /> },
          {
            value: "limits",
            name: "Limits",
            content: <OwnLimits field="use_case" value={name} none={<NoLimits />} />,
          },
          { value: "instances", name: "Instances", content: <InstanceTable useCaseName={name} /> },
        ]}
      />
    </>
  );
}

function NoLimits(): ReactNode {
  const { view } = useView();
  return (
    <EmptyState title="No limit is for this use case alone">
      <p>
        Those for every call, and those that calls name, are among{" "}
        <Link className={controls["inlineLink"]} to={linkTo("/limits", view)}>
          all limits
        </Link>
        ; one for this use case is made there, too.
      </p>
    </EmptyState>
  );
}
