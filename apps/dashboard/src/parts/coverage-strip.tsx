import { useQuery } from "@tanstack/react-query";
import { type ReactNode } from "react";
import { Link } from "react-router";

import { breakdownQuery, sourcesQuery, statusQuery } from "../api.ts";
import { showCount, showShare } from "../format.ts";
import { linkTo } from "../url-state.ts";
import { useView } from "../use-view.ts";
import { Time } from "./time.tsx";

import styles from "./coverage-strip.module.css";

/** How far the figures of this period can be trusted: what is priced, attributed and estimated, and how fresh it is. */
export function CoverageStrip(): ReactNode {
  const { view, period } = useView();
  const status = useQuery(statusQuery).data;
  const breakdown = useQuery(breakdownQuery("use_case", period, [], 20)).data;
  const sources = useQuery(sourcesQuery(period)).data;
  const total = breakdown?.total.requests ?? 0;
  const unpriced = breakdown?.total.unpriced ?? 0;
  const unattributed = breakdown?.unattributed?.requests ?? 0;
  const counted = sources?.total.requests ?? 0;
  const estimated = sources?.rows.find(({ key }) => key === "estimated")?.requests ?? 0;
  const share = (part: number): string => (total === 0 ? "–" : showShare((total - part) / total));
  return (
    <dl className={styles["strip"]} aria-label="Coverage of this period">
      <Item
        name="Priced"
        isShort={unpriced > 0}
        hint={told(
          breakdown,
          `${showCount(unpriced)} of ${showCount(total)} requests have no price; they are in no sum.`,
        )}
      >
        <Link to={linkTo("/prices", view)}>{share(unpriced)}</Link>
      </Item>
      <Item
        name="Attributed"
        isShort={unattributed > 0}
        hint={told(
          breakdown,
          `${showCount(unattributed)} of ${showCount(total)} requests belong to no use case.`,
        )}
      >
        <Link to={linkTo("/requests", view, { filters: [{ field: "use_case", value: "" }] })}>
          {share(unattributed)}
        </Link>
      </Item>
      <Item
        name="Estimated"
        isShort={estimated > 0}
        hint={told(
          sources,
          `${showCount(estimated)} of ${showCount(counted)} requests have estimated counts.`,
        )}
      >
        {counted === 0 ? (
          "–"
        ) : (
          <Link to={linkTo("/requests", view, { filters: [{ field: "usage_source", value: "estimated" }] })}>
            {showShare(estimated / counted)}
          </Link>
        )}
      </Item>
      <Item name="Last event" isShort={false} hint="The newest request of this application.">
        {status === undefined ? (
          "–"
        ) : status.last_event === null ? (
          "none yet"
        ) : (
          <Time at={status.last_event} ago />
        )}
      </Item>
      <Item name="Price book" isShort={false} hint="Version of the prices in force.">
        <span className={styles["book"]}>{status?.book ?? "–"}</span>
      </Item>
    </dl>
  );
}

interface ItemProps {
  readonly name: string;
  readonly hint: string;
  /** Something is missing here. */
  readonly isShort: boolean;
  readonly children: ReactNode;
}

function Item({ name, hint, isShort, children }: ItemProps): ReactNode {
  return (
    <div className={styles["item"]} title={hint}>
      <dt>{name}</dt>
      <dd className={isShort ? styles["short"] : undefined}>{children}</dd>
    </div>
  );
}

function told(answer: object | undefined, hint: string): string {
  return answer === undefined ? "Not known yet." : hint;
}
