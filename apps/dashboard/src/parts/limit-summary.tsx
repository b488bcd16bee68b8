import { type ReactNode } from "react";

import { compareAmounts } from "../amounts.ts";
import { showAhead } from "../format-time.ts";
import { showCount, showMoney } from "../format.ts";
import { nameOwner, nameRestart } from "../limit-words.ts";
import { type Limit, leftOf, projectSpend } from "../limits.ts";
import { useNow } from "../use-view.ts";
import { LimitBar } from "./limit-bar.tsx";
import { Money } from "./money.tsx";
import { Panel } from "./panel.tsx";
import { Stat, Stats } from "./stat.tsx";
import { Time } from "./time.tsx";

import styles from "./limit-summary.module.css";

const TICK_MS = 20_000;

/** Where a limit stands in its current window: its bar, its figures, and where its pace leads. */
export function LimitSummary({ limit }: { readonly limit: Limit }): ReactNode {
  const now = useNow(TICK_MS);
  const { budget, threshold, levels, per, raise } = limit;
  const owner = nameOwner(per);
  const left = leftOf(budget);
  const projected = projectSpend(budget, now);
  const isTooFast = projected !== null && compareAmounts(projected, budget.max) > 0;
  return (
    <>
      <Panel
        title={owner === null ? "Budget" : `Budget with the most spent: ${budget.value || `no ${owner}`}`}
        note={raise === null ? undefined : <RaiseNote raise={raise} own={limit.max} />}
      >
        <div className={styles["bar"]}>
          <LimitBar budget={budget} threshold={threshold} levels={levels} isLarge />
        </div>
      </Panel>
      <Stats>
        <Stat name="Spent">
          <Money amount={budget.spent} />
        </Stat>
        <Stat name="Held" note="for calls on their way">
          <Money amount={budget.held} reason="The platform does not tell what is held." />
        </Stat>
        <Stat name="Left" note={`of ${showMoney(budget.max)}`}>
          <Money amount={left} reason="The platform does not tell what is held." />
        </Stat>
        <Stat
          name="Starts again"
          note={budget.windowEnd === null ? undefined : <Time at={budget.windowEnd} />}
        >
          {nameRestart(limit) ?? showAhead(budget.windowEnd ?? "", now)}
        </Stat>
        <Stat
          name="At this pace"
          note={
            budget.windowEnd === null ? (
              "its window has no end"
            ) : projected === null ? (
              "too early to say"
            ) : isTooFast ? (
              <span className={styles["over"]}>above the maximum by then</span>
            ) : (
              "by the end of the window"
            )
          }
        >
          <Money amount={projected} reason="Known once a tenth of a window with an end has passed." />
        </Stat>
        <Stat
          name="Refused"
          note={`${showCount(budget.counts.warned + budget.counts.overrun)} warned, of ${showCount(budget.counts.total)} calls`}
        >
          {showCount(budget.counts.blocked)}
        </Stat>
      </Stats>
    </>
  );
}

interface RaiseNoteProps {
  readonly raise: NonNullable<Limit["raise"]>;
  readonly own: string;
}

function RaiseNote({ raise, own }: RaiseNoteProps): ReactNode {
  return (
    <>
      raised from {showMoney(own)} to {showMoney(raise.max)} until <Time at={raise.until} />
      {raise.author === null ? "" : ` by ${raise.author}`}
      {raise.reason === null ? "" : `: ${raise.reason}`}
    </>
  );
}
