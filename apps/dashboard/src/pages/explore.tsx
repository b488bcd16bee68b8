import { Button } from "@base-ui/react/button";
import { Bookmark, Terminal } from "lucide-react";
import { type ReactNode, useState } from "react";

import { breakdownPath } from "../api.ts";
import { BreakdownPanel } from "../parts/breakdown-panel.tsx";
import { CopyCommand } from "../parts/copy-command.tsx";
import { CoverageStrip } from "../parts/coverage-strip.tsx";
import { DemoDataMark } from "../parts/demo-data.tsx";
import { FilterBar } from "../parts/filter-bar.tsx";
import { FormDialog } from "../parts/form-dialog.tsx";
import { MoversPanel } from "../parts/movers-panel.tsx";
import { PageHeader } from "../parts/page-header.tsx";
import { ReportForm } from "../parts/report-form.tsx";
import { ReportsPanel } from "../parts/reports-panel.tsx";
import { SeriesPanel } from "../parts/series-panel.tsx";
import { useView } from "../use-view.ts";

import controls from "../parts/controls.module.css";
import form from "../parts/form.module.css";

/** Any measure by any dimension, narrowed by anything: seen, compared, saved, and asked by programs. */
export function ExplorePage(): ReactNode {
  const { view, period } = useView();
  const [asked, setAsked] = useState<"report" | "api">();
  const close = (): void => setAsked(undefined);
  const url = `${globalThis.location.origin}${breakdownPath(view.group, period, view.filters)}`;
  return (
    <>
      <PageHeader title="Explore" />
      <CoverageStrip />
      <DemoDataMark />
      <FilterBar>
        <Button className={controls["button"]} onClick={() => setAsked("report")}>
          <Bookmark size={14} aria-hidden="true" />
          Save as a report
        </Button>
        <Button className={controls["button"]} onClick={() => setAsked("api")}>
          <Terminal size={14} aria-hidden="true" />
          Ask by API
        </Button>
      </FilterBar>
      <SeriesPanel filters={view.filters} />
      <BreakdownPanel filters={view.filters} />
      <MoversPanel filters={view.filters} />
      <ReportsPanel />
      <FormDialog title="Save as a report" isOpen={asked === "report"} onClose={close}>
        <ReportForm onSaved={close} />
      </FormDialog>
      <FormDialog title="Ask by API" isOpen={asked === "api"} onClose={close}>
        <div className={form["form"]}>
          <p className={form["hint"]}>
            The same sums as CSV, with all decimals. Without format=csv it is JSON.
          </p>
          <CopyCommand text={`curl -H "Authorization: Bearer $PAYI_API_KEY" \\\n  '${url}'`} />
        </div>
      </FormDialog>
    </>
  );
}
