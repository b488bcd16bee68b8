import { type Measures } from "@payi/core/wire";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode } from "react";

import { changeOf, meanAmount, toCoordinate } from "../amounts.ts";
import { breakdownQuery, seriesQuery } from "../api.ts";
import { showRange } from "../format-time.ts";
import { showCompactCount, showCount, showDuration, showShare } from "../format.ts";
import { coordinateOf } from "../measures.ts";
import { type Filter, type Measure, linkTo, withFilter } from "../url-state.ts";
import { useView } from "../use-view.ts";
import { Money, whyUnknown } from "./money.tsx";
import { Skeleton } from "./skeleton.tsx";
import { Stat, Stats } from "./stat.tsx";

/** The figures of a period, each with its change against the period before and its shape. */
export function SummaryStats({ filters = [] }: { readonly filters?: readonly Filter[] }): ReactNode {
  const { view, period } = useView();
  const now = useQuery(breakdownQuery("use_case", period, filters, 20)).data?.total;
  const before = useQuery(breakdownQuery("use_case", period.before, filters, 20)).data?.total;
  const points = useQuery(seriesQuery("use_case", period, filters)).data?.total ?? [];
  if (now === undefined) {
    return (
      <Stats>
        {[1, 2, 3, 4, 5].map((place) => (
          <Stat key={place} name=" ">
            <Skeleton />
          </Stat>
        ))}
      </Stats>
    );
  }
  const comparedWith = `Against ${showRange(period.before.from, period.before.to)}`;
  // The bucket that is still filling would read as a fall.
  const isFilling = Date.parse(period.to) > Date.now() && points.length > 2;
  const whole = isFilling ? points.slice(0, -1) : points;
  const trend = (measure: Measure): readonly number[] => whole.map((point) => coordinateOf(measure, point));
  const requests = linkTo("/requests", view, { filters });
  const narrowed = (filter: Filter): string =>
    linkTo("/requests", view, { filters: withFilter(filters, filter) });
  const tokens = now.tokens_input + now.tokens_output;
  return (
    <Stats>
      <Stat
        name="Spend"
        note={now.unpriced > 0 ? `without ${showCount(now.unpriced)} unpriced` : undefined}
        change={before === undefined ? null : changeOf(now.cost, before.cost)}
        comparedWith={comparedWith}
        trend={trend("cost")}
        to={requests}
      >
        <Money amount={now.cost} reason={whyUnknown(now)} />
      </Stat>
      <Stat
        name="Requests"
        note={now.blocked > 0 ? `${showCount(now.blocked)} blocked by limits` : undefined}
        change={changeOfCount(now, before, "requests")}
        comparedWith={comparedWith}
        trend={trend("requests")}
        to={requests}
      >
        {showCount(now.requests)}
      </Stat>
      <Stat
        name="Cost per request"
        note={meanNote(now)}
        change={before === undefined ? null : changeOf(meanCost(now), meanCost(before))}
        comparedWith={comparedWith}
        trend={whole.map((point) => toCoordinate(meanCost(point)))}
        to={narrowed({ field: "pricing", value: "priced" })}
      >
        <Money amount={meanCost(now)} reason={whyUnknown(now)} />
      </Stat>
      <Stat
        name="Tokens"
        note={`${showCompactCount(now.tokens_input)} in, ${showCompactCount(now.tokens_output)} out`}
        trend={trend("tokens")}
        to={requests}
      >
        <span title={showCount(tokens)}>{showCompactCount(tokens)}</span>
      </Stat>
      <Stat
        name="Errors"
        note={now.requests === 0 ? undefined : `${showShare(now.errors / now.requests)} of requests`}
        trend={trend("errors")}
        to={narrowed({ field: "outcome", value: "error" })}
      >
        {showCount(now.errors)}
      </Stat>
      <Stat name="Mean latency" note={undefined} trend={trend("latency")} to={requests}>
        {showDuration(now.latency_ms)}
      </Stat>
    </Stats>
  );
}

function meanCost(measures: Measures): string | null {
  return meanAmount(measures.cost, measures.requests - measures.unpriced);
}

function meanNote(measures: Measures): string | undefined {
  return measures.unpriced > 0
    ? `over ${showCount(measures.requests - measures.unpriced)} priced`
    : undefined;
}

function changeOfCount(now: Measures, before: Measures | undefined, field: "requests"): number | null {
  return before === undefined || before[field] === 0 ? null : now[field] / before[field] - 1;
}
