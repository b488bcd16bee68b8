import { type SeriesAnswer } from "@payi/core/wire";
import { type ReactNode } from "react";

import { showLongBucket } from "../format-time.ts";
import { showCount } from "../format.ts";
import { isAdditive, showMeasure } from "../measures.ts";
import { type Measure } from "../url-state.ts";
import { nameSeries } from "./bucket-columns.tsx";
import { type ChartGroup } from "./chart-group.ts";
import { Swatch } from "./swatch.tsx";

import styles from "./series-tip.module.css";

export interface SeriesTipProps {
  readonly answer: SeriesAnswer;
  readonly groups: readonly ChartGroup[];
  /** Of the bucket. */
  readonly index: number;
  readonly measure: Measure;
  /** Milliseconds; a bucket that ends later is still filling. */
  readonly now: number;
}

/** What a bar consists of. */
export function SeriesTip({ answer, groups, index, measure, now }: SeriesTipProps): ReactNode {
  const total = answer.total[index];
  const bucket = answer.buckets[index];
  if (total === undefined || bucket === undefined) return null;
  const isFilling = Date.parse(answer.buckets[index + 1] ?? answer.to) > now;
  return (
    <div className={styles["tip"]}>
      <div className={styles["head"]}>
        <span>{showLongBucket(bucket, answer)}</span>
        <strong>{showMeasure(measure, total)}</strong>
      </div>
      {isAdditive(measure)
        ? groups.map((group, place) => {
            const point = group.points[index];
            if (point === undefined || point.requests === 0) return null;
            return (
              <div key={`${group.kind} ${group.key}`} className={styles["row"]}>
                <Swatch kind={group.kind} index={place} />
                <span className={styles["name"]}>{nameSeries(group, answer.group_by)}</span>
                <span>{showMeasure(measure, point)}</span>
              </div>
            );
          })
        : null}
      <div className={styles["foot"]}>
        {isFilling ? "So far: " : ""}
        {showCount(total.requests)} requests
        {total.unpriced > 0 ? `, ${showCount(total.unpriced)} unpriced` : ""}
      </div>
    </div>
  );
}
