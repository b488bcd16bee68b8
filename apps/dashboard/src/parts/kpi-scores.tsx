import { type KpiScore } from "@payi/core/wire";
import { Check, X } from "lucide-react";
import { type ReactNode } from "react";

import { showUtc } from "../format-time.ts";
import { showNumber } from "../format.ts";

import styles from "./kpi-scores.module.css";

/** The scores of one instance, side by side. */
export function KpiScores({ scores }: { readonly scores: readonly KpiScore[] }): ReactNode {
  if (scores.length === 0) return <span className={styles["none"]}>not scored</span>;
  return (
    <span className={styles["scores"]}>
      {scores.map((score) => (
        <span
          key={score.kpi_name}
          className={styles["score"]}
          title={`Goal ${showNumber(score.goal)}, scored ${showUtc(score.update_timestamp)}`}
        >
          <span className={styles["name"]}>{score.kpi_name}</span>
          <ScoreValue score={score} />
        </span>
      ))}
    </span>
  );
}

/** A score by its type: yes or no with a sign, or a number. */
export function ScoreValue({ score }: { readonly score: KpiScore }): ReactNode {
  if (score.kpi_type !== "boolean")
    return <strong className={styles["value"]}>{showNumber(score.score)}</strong>;
  const isYes = score.score === 1;
  const Icon = isYes ? Check : X;
  return (
    <span className={isYes ? styles["yes"] : styles["no"]}>
      <Icon size={13} aria-hidden="true" />
      {isYes ? "yes" : "no"}
    </span>
  );
}
