import { type ForgetOutcome, type ForgetStep } from "../forget.ts";
import { SUM_READ, readSums, sumValues } from "./columns.ts";
import { type Program, all, run, runMany } from "./program.ts";
import { ROLLUP_DIM_DAY } from "./rollups.ts";

/** Users, and properties that an application has declared. */
const NAMED = "application = ? AND dimension <> 'account' AND key = ?";

/** Totals of days whose requests retention has removed; those of all others have moved with their requests. */
export function* forgetInTotals({ application, user, pseudonym }: ForgetStep): Program<ForgetOutcome> {
  const rows = yield* all(
    `SELECT dimension, day, ${SUM_READ} FROM rollup_dim_day WHERE ${NAMED}`,
    application,
    user,
  );
  yield* run(`DELETE FROM rollup_dim_day WHERE ${NAMED}`, application, user);
  yield* runMany(
    ROLLUP_DIM_DAY,
    rows.map((row) => [
      application,
      String(row["dimension"]),
      Number(row["day"]),
      pseudonym,
      ...sumValues(readSums(row)),
    ]),
  );
  return { changed: rows.length, texts: 0, next: undefined };
}
