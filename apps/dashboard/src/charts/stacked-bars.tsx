import { type ReactNode, useId, useRef, useState } from "react";
import {
  Bar,
  BarChart,
  CartesianGrid,
  type MouseHandlerDataParam,
  ReferenceArea,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";

import { type SeriesKind, colourOf } from "./colours.ts";
import { niceTicks } from "./nice-ticks.ts";

import styles from "./stacked-bars.module.css";

/** One colour of the stack. `values[i]` belongs to `labels[i]`. */
export interface Series {
  readonly key: string;
  readonly kind: SeriesKind;
  readonly values: readonly number[];
}

export interface StackedBarsProps {
  readonly labels: readonly string[];
  readonly series: readonly Series[];
  readonly showTick: (value: number) => string;
  /** What stands beside the pointer over a bar. */
  readonly renderTip: (index: number) => ReactNode;
  readonly onSelect: (index: number) => void;
  /** A stretch drawn with the pointer, first and last bar included. */
  readonly onZoom: (first: number, last: number) => void;
  /** Whether the axis counts things. */
  readonly isWhole: boolean;
  readonly height?: number;
}

const NOTHING: [] = [];

interface Drag {
  readonly first: number;
  readonly last: number;
}

/** Bars on top of each other over time. A click opens a bar, a stretch drawn with the pointer zooms. */
export default function StackedBars(props: StackedBarsProps): ReactNode {
  const { labels, series, showTick, renderTip, onSelect, onZoom, isWhole, height = 260 } = props;
  const hatch = useId();
  // Where the pointer went down. Not part of the state: drawing anew between down and up would lose the bar under it.
  const start = useRef<number>(undefined);
  const [drag, setDrag] = useState<Drag>();
  const rows = labels.map((label, index) => ({
    label,
    index,
    values: series.map(({ values }) => values[index] ?? 0),
  }));
  const highest = Math.max(0, ...rows.map(({ values }) => values.reduce((sum, value) => sum + value, 0)));
  const ticks = niceTicks(highest, isWhole);
  const [low, high] =
    drag === undefined ? [0, 0] : [Math.min(drag.first, drag.last), Math.max(drag.first, drag.last)];
  const begin = ({ activeTooltipIndex }: MouseHandlerDataParam): void => {
    start.current = indexOf(activeTooltipIndex);
  };
  const move = ({ activeTooltipIndex }: MouseHandlerDataParam): void => {
    const [first, last] = [start.current, indexOf(activeTooltipIndex)];
    if (first !== undefined && last !== undefined && last !== (drag?.last ?? first)) setDrag({ first, last });
  };
  const cancel = (): void => {
    start.current = undefined;
    setDrag(undefined);
  };
  const finish = ({ activeTooltipIndex }: MouseHandlerDataParam): void => {
    const [first, last] = [start.current, indexOf(activeTooltipIndex)];
    cancel();
    if (first === undefined || last === undefined) return;
    if (first === last) onSelect(first);
    else onZoom(Math.min(first, last), Math.max(first, last));
  };
  return (
    <div className={styles["chart"]}>
      <ResponsiveContainer width="100%" height={height}>
        <BarChart
          data={rows}
          margin={{ top: 8, right: 12, bottom: 0, left: 0 }}
          barCategoryGap={labels.length > 120 ? 0 : "18%"}
          // A tap comes all at once: the pointer must be known before it goes down.
          throttledEvents={NOTHING}
          onMouseDown={begin}
          onMouseMove={move}
          onMouseUp={finish}
          onMouseLeave={cancel}
        >
          <defs>
            <pattern
              id={hatch}
              width="6"
              height="6"
              patternUnits="userSpaceOnUse"
              patternTransform="rotate(45)"
            >
              <rect width="6" height="6" fill="var(--series-none)" fillOpacity="0.35" />
              <rect width="2.5" height="6" fill="var(--series-none)" />
            </pattern>
          </defs>
          <CartesianGrid vertical={false} stroke="var(--grid)" />
          <XAxis
            dataKey="index"
            tickFormatter={(index: number) => labels[index] ?? ""}
            tickLine={false}
            axisLine={{ stroke: "var(--line-strong)" }}
            tick={{ fill: "var(--text-faint)", fontSize: 11 }}
            minTickGap={28}
            tickMargin={6}
          />
          <YAxis
            tickFormatter={showTick}
            tickLine={false}
            axisLine={false}
            tick={{ fill: "var(--text-faint)", fontSize: 11 }}
            width={62}
            ticks={ticks}
            domain={[0, ticks.at(-1) ?? 1]}
          />
          <Tooltip
            cursor={{ fill: "var(--text)", fillOpacity: 0.05 }}
            isAnimationActive={false}
            content={({ active, payload }) => {
              const index = (payload?.[0]?.payload as { index: number } | undefined)?.index;
              return active && index !== undefined ? renderTip(index) : null;
            }}
          />
          {series.map(({ key, kind }, index) => (
            <Bar
              key={`${kind} ${key}`}
              name={key}
              dataKey={(row: (typeof rows)[number]) => row.values[index] ?? 0}
              stackId="all"
              fill={kind === "none" ? `url(#${hatch})` : colourOf(kind, index)}
              stroke="var(--surface)"
              strokeWidth={labels.length > 60 ? 0 : 0.75}
              maxBarSize={56}
              isAnimationActive={false}
            />
          ))}
          {drag !== undefined && low !== high ? (
            <ReferenceArea x1={low} x2={high} fill="var(--accent)" fillOpacity={0.16} />
          ) : null}
        </BarChart>
      </ResponsiveContainer>
    </div>
  );
}

/** Undefined where the pointer is over no bar. */
function indexOf(active: MouseHandlerDataParam["activeTooltipIndex"]): number | undefined {
  const index = Number(active ?? Number.NaN);
  return Number.isInteger(index) ? index : undefined;
}
