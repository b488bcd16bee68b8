import { type Measures } from "@payi/core/wire";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode } from "react";
import { Link } from "react-router";

import { changeOf, meanAmount, toCoordinate } from "../amounts.ts";
import { breakdownQuery, seriesQuery } from "../api.ts";
import { showRange } from "../format-time.ts";
import { showCompactCount, showCount, showDuration, showShare } from "../format.ts";
import { coordinateOf, countPriced } from "../measures.ts";
import { type Filter, NO_FILTERS, type Measure, linkTo, withFilter } from "../url-state.ts";
import { useNow, useView } from "../use-view.ts";
import { Money, whyUnknown } from "./money.tsx";
import { Stat, Stats, Waiting } from "./stat.tsx";

const NAMES = ["Spend", "Requests", "Cost per request", "Tokens", "Errors", "Mean latency"];

export interface SummaryStatsProps {
  readonly filters?: readonly Filter[];
  /** Two figures more. */
  readonly more?: ReactNode;
}

/** The figures of a period, each with its change against the period before and its shape. */
export function SummaryStats({ filters = NO_FILTERS, more }: SummaryStatsProps): ReactNode {
  const { view, period } = useView();
  const now = useNow(60_000);
  const answer = useQuery(breakdownQuery("use_case", period, filters, 20));
  const sums = answer.data?.total;
  const before = useQuery(breakdownQuery("use_case", period.before, filters, 20)).data?.total;
  const points = useQuery(seriesQuery("use_case", period, filters)).data?.total ?? [];
  if (sums === undefined) {
    return (
      <Stats isWide={more !== undefined}>
        {NAMES.map((name) => (
          <Stat key={name} name={name} trend={[]}>
            <Waiting error={answer.error} />
          </Stat>
        ))}
        {more}
      </Stats>
    );
  }
  const comparedWith = `Against ${showRange(period.before.from, period.before.to)}`;
  // The bucket that is still filling would read as a fall.
  const isFilling = Date.parse(period.to) > now && points.length > 2;
  const whole = isFilling ? points.slice(0, -1) : points;
  const trend = (measure: Measure): readonly number[] => whole.map((point) => coordinateOf(measure, point));
  const requests = linkTo("/requests", view, { filters });
  const narrowed = (filter: Filter): string =>
    linkTo("/requests", view, { filters: withFilter(filters, filter) });
  const tokens = sums.tokens_input + sums.tokens_output;
  return (
    <Stats isWide={more !== undefined}>
      <Stat
        name="Spend"
        note={sums.unpriced > 0 ? `without ${showCount(sums.unpriced)} unpriced` : undefined}
        change={before === undefined ? null : changeOf(sums.cost, before.cost)}
        comparedWith={comparedWith}
        trend={trend("cost")}
        to={requests}
      >
        <Money amount={sums.cost} reason={whyUnknown(sums)} />
      </Stat>
      <Stat
        name="Requests"
        note={
          more === undefined && sums.blocked > 0 ? (
            <Link to={narrowed({ field: "outcome", value: "refused" })}>
              {showCount(sums.blocked)} refused by limits
            </Link>
          ) : undefined
        }
        change={changeOfCount(sums, before, "requests")}
        comparedWith={comparedWith}
        trend={trend("requests")}
        to={requests}
      >
        {showCount(sums.requests)}
      </Stat>
      <Stat
        name="Cost per request"
        note={meanNote(sums)}
        change={before === undefined ? null : changeOf(meanCost(sums), meanCost(before))}
        comparedWith={comparedWith}
        trend={whole.map((point) => toCoordinate(meanCost(point)))}
        to={narrowed({ field: "pricing", value: "priced" })}
      >
        <Money amount={meanCost(sums)} reason={whyUnknown(sums)} />
      </Stat>
      <Stat
        name="Tokens"
        note={`${showCompactCount(sums.tokens_input)} in, ${showCompactCount(sums.tokens_output)} out`}
        trend={trend("tokens")}
        to={requests}
      >
        <span title={showCount(tokens)}>{showCompactCount(tokens)}</span>
      </Stat>
      <Stat
        name="Errors"
        note={sums.requests === 0 ? undefined : `${showShare(sums.errors / sums.requests)} of requests`}
        trend={trend("errors")}
        to={narrowed({ field: "outcome", value: "error" })}
      >
        {showCount(sums.errors)}
      </Stat>
      <Stat name="Mean latency" note={undefined} trend={trend("latency")} to={requests}>
        {showDuration(sums.latency_ms)}
      </Stat>
      {more}
    </Stats>
  );
}

function meanCost(measures: Measures): string | null {
  return meanAmount(measures.cost, countPriced(measures));
}

function meanNote(measures: Measures): string | undefined {
  return measures.unpriced > 0 ? `over ${showCount(countPriced(measures))} priced` : undefined;
}

function changeOfCount(sums: Measures, before: Measures | undefined, field: "requests"): number | null {
  return before === undefined || before[field] === 0 ? null : sums[field] / before[field] - 1;
}
