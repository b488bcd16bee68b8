import { type Measures, type SeriesAnswer } from "@payi/core/wire";
import { type ReactNode } from "react";
import { Link } from "react-router";

import { sumAmounts } from "../amounts.ts";
import { showCompactCount, showCount } from "../format.ts";
import { exactOf } from "../measures.ts";
import { type Filter, type Measure, linkTo, withFilter } from "../url-state.ts";
import { useView } from "../use-view.ts";
import { nameSeries } from "./bucket-columns.tsx";
import { type ChartGroup } from "./chart-group.ts";
import { Money } from "./money.tsx";
import { Swatch } from "./swatch.tsx";

import styles from "./series-legend.module.css";

export interface SeriesLegendProps {
  readonly answer: SeriesAnswer;
  readonly groups: readonly ChartGroup[];
  readonly filters: readonly Filter[];
}

/** Names the colours of a chart with their sums; each opens its requests. */
export function SeriesLegend({ answer, groups, filters }: SeriesLegendProps): ReactNode {
  const { view } = useView();
  return (
    <ul className={styles["legend"]}>
      {groups.map((group, index) => {
        const name = nameSeries(group, answer.group_by);
        const value = group.kind === "none" ? "" : group.key;
        const to = linkTo("/requests", view, {
          filters: withFilter(filters, { field: answer.group_by, value }),
        });
        return (
          <li key={`${group.kind} ${group.key}`} className={styles["entry"]}>
            <Swatch kind={group.kind} index={index} />
            {group.kind === "other" ? (
              <span
                className={styles["name"]}
                title="Everything that is not among the largest; the table below lists more"
              >
                {name}
              </span>
            ) : (
              <Link className={styles["name"]} to={to} title={name}>
                {name}
              </Link>
            )}
            <span className={styles["sum"]}>
              <Sum measure={view.measure} points={group.points} />
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function Sum({
  measure,
  points,
}: {
  readonly measure: Measure;
  readonly points: readonly Measures[];
}): ReactNode {
  if (measure === "cost") return <Money amount={sumAmounts(points.map(({ cost }) => cost))} />;
  const sum = points.reduce((all, point) => all + Number(exactOf(measure, point) ?? 0), 0);
  return <span title={showCount(sum)}>{showCompactCount(sum)}</span>;
}
