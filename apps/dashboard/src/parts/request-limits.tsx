import { type LimitState, type RequestDetail } from "@payi/core/wire";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode } from "react";
import { Link } from "react-router";

import { limitsQuery } from "../api-limits.ts";
import { describeLimit } from "../limit-words.ts";
import { linkTo } from "../url-state.ts";
import { useView } from "../use-view.ts";
import { Facts } from "./facts.tsx";

import styles from "./request-limits.module.css";

/** What each limit of a call said to it. */
const VERDICTS: Readonly<Record<LimitState, string>> = {
  ok: "charged, within its budget",
  exceeded: "charged, above its threshold",
  overrun: "charged, above its maximum",
  blocked: "refused this call",
  blocked_external: "had room; another limit refused",
  failed: "the call failed",
};

/** The limits that a request was charged with, or refused by; each leads to its page. Nothing where it had none. */
export function RequestLimits({ limits }: Pick<RequestDetail, "limits">): ReactNode {
  const { view } = useView();
  const known = useQuery(limitsQuery).data ?? [];
  const said = Object.entries(limits).toSorted(([, left], [, right]) => rank(left.state) - rank(right.state));
  if (said.length === 0) return null;
  return (
    <section>
      <h3 className={styles["heading"]}>Limits</h3>
      <Facts
        facts={said.map(([id, { state }]) => {
          const limit = known.find((each) => each.id === id);
          return {
            name: limit?.name ?? id,
            value: (
              <span className={styles["limit"]}>
                <Link
                  className={state === "blocked" ? styles["refused"] : styles["link"]}
                  to={linkTo(`/limits/${encodeURIComponent(id)}`, view)}
                >
                  {VERDICTS[state]}
                </Link>
                {limit === undefined ? null : <span className={styles["quiet"]}>{describeLimit(limit)}</span>}
              </span>
            ),
          };
        })}
      />
    </section>
  );
}

/** Who refused comes first. */
function rank(state: LimitState): number {
  return state === "blocked" ? 0 : 1;
}
