import { useQuery } from "@tanstack/react-query";
import { type ReactNode } from "react";

import { sumAmounts } from "../amounts.ts";
import { valueQuery } from "../api-value.ts";
import { breakdownQuery } from "../api.ts";
import { showCount, showShare } from "../format.ts";
import { NO_FILTERS, linkTo } from "../url-state.ts";
import { useView } from "../use-view.ts";
import { Money } from "./money.tsx";
import { Stat, Waiting } from "./stat.tsx";

/** What came of the spend, and what limits kept from being spent: beside the figures of the whole application. */
export function MoreStats(): ReactNode {
  return (
    <>
      <ValueStat />
      <RefusedStat />
    </>
  );
}

function ValueStat(): ReactNode {
  const { view, period } = useView();
  const value = useQuery(valueQuery(period));
  const rows = value.data;
  const instances = rows?.reduce((sum, { total }) => sum + total.instances, 0) ?? 0;
  const valued = rows?.reduce((sum, { total }) => sum + total.with_money, 0) ?? 0;
  const note =
    rows === undefined
      ? undefined
      : rows.length === 0
        ? "no use case has a policy"
        : `of ${showCount(valued)} of ${showCount(instances)} instances`;
  return (
    <Stat name="Value" note={note} to={linkTo("/value", view)}>
      {rows === undefined ? (
        <Waiting error={value.error} />
      ) : (
        <Money
          amount={sumAmounts(rows.map(({ total }) => total.money))}
          reason={
            rows.length === 0
              ? "No use case says what its instances are worth."
              : "No instance of this period has a value."
          }
        />
      )}
    </Stat>
  );
}

function RefusedStat(): ReactNode {
  const { view, period } = useView();
  const answer = useQuery(breakdownQuery("use_case", period, NO_FILTERS, 20));
  const sums = answer.data?.total;
  const filters = [{ field: "outcome", value: "refused" }] as const;
  return (
    <Stat
      name="Refused by limits"
      note={
        sums === undefined || sums.requests === 0
          ? undefined
          : `${showShare(sums.blocked / sums.requests)} of requests`
      }
      to={linkTo("/requests", view, { filters })}
    >
      {sums === undefined ? <Waiting error={answer.error} /> : showCount(sums.blocked)}
    </Stat>
  );
}
