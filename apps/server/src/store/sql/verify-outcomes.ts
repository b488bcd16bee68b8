import { NO_OUTCOMES, type OutcomeCell, type OutcomeSums } from "../outcome.ts";
import { type VerifyFinding } from "../query.ts";
import { keptOutcomes } from "./outcome-rows.ts";
import { countOutcomes } from "./outcomes.ts";
import { type Program, all } from "./program.ts";

const DAY_MS = 86_400_000;

/** What is kept of every counted day is what its instances and their scores add up to. */
export function* verifyOutcomes(): Program<readonly VerifyFinding[]> {
  const findings: VerifyFinding[] = [];
  const days = yield* all(
    "SELECT application, day FROM outcome_day WHERE counted = 1 ORDER BY application, day",
  );
  for (const row of days) {
    const [application, day] = [String(row["application"]), Number(row["day"])];
    const kept = byPlace(yield* keptOutcomes(application, day));
    const span = { application, fromMs: day * DAY_MS, toMs: (day + 1) * DAY_MS };
    const counted = byPlace(yield* countOutcomes(span));
    for (const place of [...new Set([...kept.keys(), ...counted.keys()])].toSorted()) {
      const [expected, found] = [counted.get(place) ?? "nothing", kept.get(place) ?? "nothing"];
      if (expected === found) continue;
      findings.push({
        invariant: "outcomes of a day = its scores",
        row: `${application} ${place}`,
        expected,
        found,
      });
    }
  }
  return findings;
}

const FIGURES = Object.keys(NO_OUTCOMES) as (keyof OutcomeSums)[];

function byPlace(cells: readonly OutcomeCell[]): ReadonlyMap<string, string> {
  return new Map(
    cells.map((cell) => [
      JSON.stringify([cell.day, cell.useCase, cell.version, cell.kpi]),
      FIGURES.map((name) => `${name} ${cell[name]}`).join(", "),
    ]),
  );
}
