import { type Dimension } from "@payi/core/wire";
import { Link } from "react-router";

import { type BucketScale, showLongBucket, showUtc } from "../format-time.ts";
import { exactOf, showMeasure } from "../measures.ts";
import { type Measure } from "../url-state.ts";
import { nameUnattributed } from "../words.ts";
import { type ChartGroup } from "./chart-group.ts";
import { type Column } from "./column.ts";
import { Money, whyUnknown } from "./money.tsx";

/** One line of the table twin of a chart. */
export interface BucketRow {
  readonly bucket: string;
  readonly index: number;
}

/** The table twin of a chart: a line per bucket, which opens its requests, and a column per series. */
export function bucketColumns(
  measure: Measure,
  groups: readonly ChartGroup[],
  group: Dimension,
  scale: BucketScale,
  linkOf: (index: number) => string,
): readonly Column<BucketRow>[] {
  const time: Column<BucketRow> = {
    id: "time",
    header: scale.granularity === "day" ? `Day (${scale.time_zone})` : "Hour",
    value: ({ bucket }) => bucket,
    cell: ({ bucket, index }) => (
      <Link to={linkOf(index)}>
        <time dateTime={bucket} title={showUtc(bucket)}>
          {showLongBucket(bucket, scale)}
        </time>
      </Link>
    ),
  };
  return [
    time,
    ...groups.map((series): Column<BucketRow> => ({
      id: `${series.kind} ${series.key}`,
      header: nameSeries(series, group),
      align: "right",
      value: ({ index }) => {
        const point = series.points[index];
        return point === undefined ? null : exactOf(measure, point);
      },
      cell: ({ index }) => {
        const point = series.points[index];
        if (point === undefined) return null;
        if (measure !== "cost") return showMeasure(measure, point);
        return <Money amount={point.cost} reason={whyUnknown(point)} aligned />;
      },
    })),
  ];
}

/** What a series is called on screen. */
export function nameSeries(series: ChartGroup, group: Dimension): string {
  if (series.kind === "other") return "Other";
  return series.kind === "none" ? nameUnattributed(group) : series.key;
}
