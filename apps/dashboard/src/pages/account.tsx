import { type ReactNode } from "react";
import { useParams } from "react-router";

import { BreakdownPanel } from "../parts/breakdown-panel.tsx";
import { DemoDataMark } from "../parts/demo-data.tsx";
import { OwnLimits } from "../parts/own-limits.tsx";
import { PageHeader } from "../parts/page-header.tsx";
import { RequestDrawer } from "../parts/request-drawer.tsx";
import { RequestTable } from "../parts/request-table.tsx";
import { SeriesPanel } from "../parts/series-panel.tsx";
import { SummaryStats } from "../parts/summary-stats.tsx";
import { type Filter, linkTo } from "../url-state.ts";
import { useView } from "../use-view.ts";
import { nameField } from "../words.ts";

const LATEST = 10;

/** One user or account: what it cost over time and by what, what its limits leave it, and its latest requests. */
export function AccountPage({ field }: { readonly field: "account" | "user" }): ReactNode {
  const { name = "" } = useParams();
  const { view } = useView();
  const filters: readonly Filter[] = [{ field, value: name }];
  const list = field === "user" ? { tab: "users" } : {};
  return (
    <>
      <PageHeader
        title={name}
        trail={[{ name: "Users and accounts", to: linkTo("/accounts", view, list) }]}
        note={nameField(field)}
      />
      <DemoDataMark />
      <SummaryStats filters={filters} />
      <OwnLimits field={field} value={name} />
      <SeriesPanel filters={filters} />
      <BreakdownPanel filters={filters} />
      <RequestTable title="Latest requests" filters={filters} pageSize={LATEST} />
      <RequestDrawer />
    </>
  );
}
