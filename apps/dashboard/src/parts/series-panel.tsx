import { type SeriesAnswer } from "@payi/core/wire";
import { useQuery } from "@tanstack/react-query";
import { ChartColumnStacked, Table2 } from "lucide-react";
import { type ReactNode, Suspense, lazy } from "react";
import { useNavigate } from "react-router";

import { type Bounds, seriesQuery } from "../api.ts";
import { showBucket, timeZone } from "../format-time.ts";
import { coordinateOf, isAdditive, isWhole, showTick } from "../measures.ts";
import { allowsHours } from "../range.ts";
import { type Filter, NO_FILTERS, MEASURES, linkTo } from "../url-state.ts";
import { useNow, useView } from "../use-view.ts";
import { MEASURE_NAMES } from "../words.ts";
import { bucketColumns } from "./bucket-columns.tsx";
import { type ChartGroup } from "./chart-group.ts";
import { Choice } from "./choice.tsx";
import { DataTable } from "./data-table.tsx";
import { ExportButton } from "./export-button.tsx";
import { Failure } from "./failure.tsx";
import { GroupChoice } from "./group-choice.tsx";
import { IconButton } from "./icon-button.tsx";
import { NoMatch } from "./no-match.tsx";
import { Panel } from "./panel.tsx";
import { SeriesLegend } from "./series-legend.tsx";
import { SeriesTip } from "./series-tip.tsx";
import { Skeleton } from "./skeleton.tsx";

import styles from "./series-panel.module.css";

const StackedBars = lazy(() => import("../charts/stacked-bars.tsx"));
const CHART_HEIGHT = 264;

export interface SeriesPanelProps {
  /** What the page is about; always applied. */
  readonly filters?: readonly Filter[];
  /** A dimension that splits nothing here. */
  readonly without?: "use_case";
}

/** A measure over time, split by a dimension: as bars or as a table, and as CSV. */
export function SeriesPanel({ filters = NO_FILTERS, without }: SeriesPanelProps): ReactNode {
  const { view, period, change } = useView();
  const group = view.group === without ? "resource" : view.group;
  const series = useQuery(seriesQuery(group, period, filters));
  const answer = series.data;
  const isTable = view.chartAs === "table";
  const groups = answer === undefined ? [] : chartGroups(answer, isAdditive(view.measure));
  const columns = bucketColumns(
    view.measure,
    groups,
    group,
    answer ?? { granularity: period.granularity, time_zone: "UTC" },
    (index) => linkTo("/requests", view, { range: boundsOf(answer, index, index), filters }),
  );
  const rows = (answer?.buckets ?? []).map((bucket, index) => ({ bucket, index }));
  return (
    <Panel
      title={`${MEASURE_NAMES[view.measure]} over time`}
      note={`${period.granularity === "day" ? `per day${answer === undefined ? "" : `, ${answer.time_zone}`}` : `per hour, ${timeZone}`}${isAdditive(view.measure) ? "" : ", all requests together"}`}
      actions={
        <>
          <Choice
            label="show"
            value={view.measure}
            options={MEASURES.map((value) => ({ value, label: MEASURE_NAMES[value] }))}
            onChange={(measure) => change({ measure })}
          />
          <GroupChoice group={group} {...(without === undefined ? {} : { without })} />
          <Choice
            label="per"
            value={period.granularity}
            options={[
              ...(allowsHours(view.range) ? [{ value: "hour", label: "Hour" } as const] : []),
              { value: "day", label: "Day" } as const,
            ]}
            onChange={(granularity) => change({ granularity })}
          />
          <IconButton
            label={isTable ? "Show as a chart" : "Show as a table"}
            isPressed={isTable}
            onClick={() => change({ chartAs: isTable ? "chart" : "table" })}
          >
            {isTable ? (
              <ChartColumnStacked size={15} aria-hidden="true" />
            ) : (
              <Table2 size={15} aria-hidden="true" />
            )}
          </IconButton>
          <ExportButton name={`payi-${view.measure}-by-${group}`} columns={columns} rows={rows} />
        </>
      }
    >
      {series.error !== null && answer === undefined ? (
        <Failure error={series.error} onRetry={() => void series.refetch()} />
      ) : null}
      {answer === undefined ? (
        series.error === null ? (
          <ChartSkeleton />
        ) : null
      ) : answer.total.every(({ requests }) => requests === 0) ? (
        <NoMatch filters={filters} />
      ) : isTable ? (
        <div className={styles["table"]}>
          <DataTable
            caption={`${MEASURE_NAMES[view.measure]} over time`}
            columns={columns}
            rows={rows}
            rowKey={({ bucket }) => bucket}
          />
        </div>
      ) : (
        <SeriesChart answer={answer} groups={groups} filters={filters} />
      )}
    </Panel>
  );
}

interface SeriesChartProps {
  readonly answer: SeriesAnswer;
  readonly groups: readonly ChartGroup[];
  readonly filters: readonly Filter[];
}

function SeriesChart({ answer, groups, filters }: SeriesChartProps): ReactNode {
  const { view, change } = useView();
  const navigate = useNavigate();
  const now = useNow(60_000);
  return (
    <>
      <Suspense fallback={<ChartSkeleton />}>
        <StackedBars
          height={CHART_HEIGHT}
          labels={answer.buckets.map((bucket) => showBucket(bucket, answer))}
          series={groups.map(({ key, kind, points }) => ({
            key,
            kind,
            values: points.map((point) => coordinateOf(view.measure, point)),
          }))}
          isWhole={isWhole(view.measure)}
          showTick={(value) => showTick(view.measure, value)}
          renderTip={(index) => (
            <SeriesTip answer={answer} groups={groups} index={index} measure={view.measure} now={now} />
          )}
          onSelect={(index) => {
            void navigate(linkTo("/requests", view, { range: boundsOf(answer, index, index), filters }));
          }}
          onZoom={(first, last) => change({ range: boundsOf(answer, first, last), granularity: "auto" })}
        />
      </Suspense>
      {isAdditive(view.measure) ? <SeriesLegend answer={answer} groups={groups} filters={filters} /> : null}
    </>
  );
}

/** From the start of one bucket to the end of another. */
function boundsOf(answer: SeriesAnswer | undefined, first: number, last: number): Bounds {
  return {
    from: answer?.buckets[first] ?? answer?.from ?? "",
    to: answer?.buckets[last + 1] ?? answer?.to ?? "",
  };
}

function ChartSkeleton(): ReactNode {
  return (
    <div className={styles["placeholder"]}>
      <Skeleton lines={6} />
    </div>
  );
}

/** Means cannot be put on top of each other: they are drawn for everything together. */
function chartGroups(answer: SeriesAnswer, isStacked: boolean): readonly ChartGroup[] {
  if (!isStacked) return [{ key: "All requests", kind: "value", points: answer.total }];
  return answer.groups.map(({ key, kind, points }) => ({
    key,
    kind: kind === "unattributed" ? "none" : kind,
    points,
  }));
}
