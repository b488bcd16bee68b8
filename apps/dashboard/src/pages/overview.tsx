import { useQuery } from "@tanstack/react-query";
import { type ReactNode } from "react";
import { Link } from "react-router";

import { statusQuery } from "../api.ts";
import { BreakdownPanel } from "../parts/breakdown-panel.tsx";
import { CoverageStrip } from "../parts/coverage-strip.tsx";
import { DemoDataMark } from "../parts/demo-data.tsx";
import { InstallSteps } from "../parts/install-steps.tsx";
import { LimitsAtRisk } from "../parts/limits-at-risk.tsx";
import { MoreStats } from "../parts/more-stats.tsx";
import { MoversPanel } from "../parts/movers-panel.tsx";
import { PageHeader } from "../parts/page-header.tsx";
import { Pending } from "../parts/pending.tsx";
import { RequestDrawer } from "../parts/request-drawer.tsx";
import { RequestTable } from "../parts/request-table.tsx";
import { SeriesPanel } from "../parts/series-panel.tsx";
import { SummaryStats } from "../parts/summary-stats.tsx";
import { linkTo } from "../url-state.ts";
import { useView } from "../use-view.ts";

import controls from "../parts/controls.module.css";
import styles from "./page.module.css";

const LATEST = 8;

/** What was spent, on what, and what changed; before the first event, how to send it. */
export function OverviewPage(): ReactNode {
  const { view } = useView();
  const status = useQuery(statusQuery);
  const isEmpty = status.data?.events === 0;
  return (
    <>
      <PageHeader title="Overview" hasRange={!isEmpty} />
      <Pending query={status} lines={6} />
      {isEmpty ? <InstallSteps /> : null}
      {status.data === undefined || isEmpty ? null : (
        <>
          <CoverageStrip />
          <DemoDataMark />
          <SummaryStats more={<MoreStats />} />
          <LimitsAtRisk />
          <SeriesPanel />
          <div className={styles["columns"]}>
            <BreakdownPanel isShort />
            <MoversPanel />
          </div>
          <RequestTable
            title="Latest requests"
            pageSize={LATEST}
            foot={null}
            actions={
              <Link className={controls["textLink"]} to={linkTo("/requests", view)}>
                All requests
              </Link>
            }
          />
          <RequestDrawer />
        </>
      )}
    </>
  );
}
