import { Button } from "@base-ui/react/button";
import { Pause, Play } from "lucide-react";
import { type ReactNode } from "react";

import { useLiveUpdates } from "../live-updates.tsx";
import { CoverageStrip } from "../parts/coverage-strip.tsx";
import { DemoDataMark } from "../parts/demo-data.tsx";
import { FilterBar } from "../parts/filter-bar.tsx";
import { LiveMark } from "../parts/live-mark.tsx";
import { PageHeader } from "../parts/page-header.tsx";
import { RequestDrawer } from "../parts/request-drawer.tsx";
import { RequestTable } from "../parts/request-table.tsx";
import { useView } from "../use-view.ts";

import controls from "../parts/controls.module.css";

/** Every request as it comes in; each opens with the lines of its cost. */
export function RequestsPage(): ReactNode {
  const { view } = useView();
  return (
    <>
      <PageHeader title="Requests" />
      <CoverageStrip />
      <DemoDataMark />
      <FilterBar />
      <RequestTable title="Requests" filters={view.filters} actions={<LiveSwitch />} />
      <RequestDrawer />
    </>
  );
}

/** Holds the list still, or lets new requests show by themselves. */
function LiveSwitch(): ReactNode {
  const { isPaused, pause } = useLiveUpdates();
  const Icon = isPaused ? Play : Pause;
  return (
    <>
      <LiveMark />
      <Button className={controls["button"]} onClick={() => pause(!isPaused)}>
        <Icon size={13} aria-hidden="true" />
        {isPaused ? "Resume" : "Pause"}
      </Button>
    </>
  );
}
