import { type ReactNode } from "react";

import { CoverageStrip } from "../parts/coverage-strip.tsx";
import { DemoDataMark } from "../parts/demo-data.tsx";
import { OwnersPanel } from "../parts/owners-panel.tsx";
import { PageHeader } from "../parts/page-header.tsx";
import { PageTabs } from "../parts/page-tabs.tsx";

const TABS = [
  { value: "accounts", name: "Accounts", content: <OwnersPanel field="account" /> },
  { value: "users", name: "Users", content: <OwnersPanel field="user" /> },
];

/** Whom the money was spent for. */
export function AccountsPage(): ReactNode {
  return (
    <>
      <PageHeader title="Users and accounts" />
      <CoverageStrip />
      <DemoDataMark />
      <PageTabs tabs={TABS} />
    </>
  );
}
