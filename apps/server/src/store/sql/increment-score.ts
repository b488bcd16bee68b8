import { type ScoreIncrement } from "../use-case.ts";
import { type Program, get } from "./program.ts";
import { recordScore } from "./scores.ts";

/** Adds to a score, 0 where there is none, and tells the sum. The writes of an application come one after the other. */
export function* incrementScore({ by, ...name }: ScoreIncrement): Program<number> {
  const row = yield* get(
    "SELECT score FROM kpi_score WHERE application = ? AND use_case = ? AND instance = ? AND kpi = ?",
    name.application,
    name.useCase,
    name.instance,
    name.kpi,
  );
  const score = Number(row?.["score"] ?? 0) + by;
  yield* recordScore({ ...name, score, seeded: false });
  return score;
}
