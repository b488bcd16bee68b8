import { type ReactNode } from "react";

import { showMoney, showShare } from "../format.ts";
import {
  ESTIMATE_NAMES,
  UNPRICED_NAMES,
  nameLevels,
  nameOwner,
  namePeriod,
  nameScope,
  nameStep,
} from "../limit-words.ts";
import { type Limit } from "../limits.ts";
import { Facts } from "./facts.tsx";
import { Panel } from "./panel.tsx";
import { Time } from "./time.tsx";

import styles from "./limit-rules.module.css";

/** Everything that a limit was told to do. */
export function LimitRules({ limit }: { readonly limit: Limit }): ReactNode {
  const owner = nameOwner(limit.per);
  const isBlock = limit.type === "block";
  return (
    <Panel title="Rules">
      <div className={styles["body"]}>
        <Facts
          facts={[
            { name: "Type", value: isBlock ? "block: refuses what does not fit" : "allow: warns" },
            { name: "For", value: nameScope(limit.selector) },
            { name: "Budget", value: owner === null ? "one for all" : `one for each ${owner}` },
            { name: "Maximum", value: showMoney(limit.max) },
            { name: "Period", value: namePeriod(limit.period) },
            { name: "Time zone", value: limit.timeZone },
            { name: "Starts at", value: limit.anchor },
            { name: "Threshold", value: limit.threshold === null ? null : showShare(limit.threshold) },
            { name: "Levels", value: limit.levels.length === 0 ? null : nameLevels(limit.levels) },
            { name: "Before a call", value: isBlock ? `holds ${ESTIMATE_NAMES[limit.estimate]}` : null },
            { name: "Without a price", value: UNPRICED_NAMES[limit.onUnpriced] },
            {
              name: "Platform away",
              value: isBlock ? (limit.onUnreachable === "allow" ? "let through" : "refuse") : null,
            },
            ...limit.ladder.map((step) => ({ name: `From ${showShare(step.at)}`, value: nameStep(step) })),
            { name: "Limit id", value: <code>{limit.id}</code> },
            { name: "Made", value: limit.created === "" ? null : <Time at={limit.created} /> },
          ]}
        />
      </div>
    </Panel>
  );
}
