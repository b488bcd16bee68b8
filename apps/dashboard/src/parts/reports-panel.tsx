import { Button } from "@base-ui/react/button";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode } from "react";
import { Link } from "react-router";

import { type Report, askReport, deleteReport, reportsQuery } from "../api-reports.ts";
import { downloadCsv } from "../csv.ts";
import { showCount } from "../format.ts";
import { RELATIVE_RANGES, type RelativeRange } from "../range.ts";
import { type View, linkTo } from "../url-state.ts";
import { useView } from "../use-view.ts";
import { MEASURE_NAMES, nameField } from "../words.ts";
import { type Column } from "./column.ts";
import { DataTable } from "./data-table.tsx";
import { Failure } from "./failure.tsx";
import { Panel } from "./panel.tsx";

import styles from "./alerts.module.css";
import controls from "./controls.module.css";

const DAY_MS = 86_400_000;

/** Questions that were saved: each opens here, or as its table of today; nothing where none was. */
export function ReportsPanel(): ReactNode {
  const { view } = useView();
  const client = useQueryClient();
  const reports = useQuery(reportsQuery).data ?? [];
  const ask = useMutation({
    mutationFn: async ({ id, name }: Report) => downloadCsv(`${name}.csv`, await askReport(id)),
  });
  const remove = useMutation({
    mutationFn: ({ id }: Report) => deleteReport(id),
    onSettled: () => client.invalidateQueries(reportsQuery),
  });
  const error = ask.error ?? remove.error;
  if (reports.length === 0) return null;
  return (
    <Panel title="Saved reports">
      {error === null ? null : <Failure error={error} advice="Nothing was changed." />}
      <DataTable<Report>
        caption="Saved reports"
        columns={reportColumns(view, ask.mutate, remove.mutate)}
        rows={reports}
        rowKey={({ id }) => id}
      />
    </Panel>
  );
}

function reportColumns(
  view: View,
  onAsk: (report: Report) => void,
  onRemove: (report: Report) => void,
): readonly Column<Report>[] {
  return [
    {
      id: "name",
      header: "Report",
      value: ({ name }) => name,
      cell: (report) => <Link to={linkTo("/explore", view, viewOf(report))}>{report.name}</Link>,
    },
    { id: "asks", header: "Tells", value: describeReport },
    {
      id: "change",
      header: "Change",
      isControl: true,
      value: () => null,
      cell: (report) => (
        <span className={styles["actions"]}>
          <Button className={controls["button"]} onClick={() => onAsk(report)}>
            Save as CSV
          </Button>
          <Button className={controls["danger"]} onClick={() => onRemove(report)}>
            Delete
          </Button>
        </span>
      ),
    },
  ];
}

/** `Spend by user per day over 7 days, where use case is trail_finder`. */
function describeReport({ measure, group, granularity, days, filters }: Report): string {
  const narrowed = filters.map(({ field, value }) =>
    value === ""
      ? `there is no ${nameField(field).toLowerCase()}`
      : `${nameField(field).toLowerCase()} is ${value}`,
  );
  return [
    `${MEASURE_NAMES[measure]} by ${nameField(group).toLowerCase()}`,
    granularity === "none" ? "" : ` per ${granularity}`,
    ` over ${days === 1 ? "a day" : `${showCount(days)} days`}`,
    narrowed.length === 0 ? "" : `, where ${narrowed.join(" and ")}`,
  ].join("");
}

function viewOf({ measure, group, granularity, days, filters }: Report): Partial<View> {
  const range = (Object.keys(RELATIVE_RANGES) as readonly RelativeRange[]).find(
    (name) => RELATIVE_RANGES[name] >= days * DAY_MS,
  );
  return {
    measure,
    group,
    filters,
    range: range ?? "90d",
    granularity: granularity === "none" ? "auto" : granularity,
  };
}
