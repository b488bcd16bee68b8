import { type GuardState } from "../limit.ts";
import { LIMIT_COLUMNS, readDefinition } from "./limit-rows.ts";
import { limitVersion } from "./limit-version.ts";
import { type Program, all } from "./program.ts";
import { USE_CASE_COLUMNS, readUseCase } from "./use-case-rows.ts";

/** Block limits, allow limits with a ladder, and templates of such: what an SDK has to ask about. */
export function* guard(application: string): Program<GuardState> {
  const version = yield* limitVersion(application);
  const limits = yield* all(
    `SELECT ${LIMIT_COLUMNS} FROM limit_def WHERE application = ? AND automatic = 0 ORDER BY id`,
    application,
  );
  const useCases = yield* all(
    `SELECT ${USE_CASE_COLUMNS} FROM use_case WHERE application = ? AND limit_config IS NOT NULL ORDER BY name`,
    application,
  );
  return {
    version,
    limits: limits
      .map(readDefinition)
      .filter(({ limitType, policy }) => limitType === "block" || hasSteps(policy.ladder)),
    automatic: useCases.map(readUseCase).flatMap(({ name, limitConfig }) => {
      if (limitConfig === null) return [];
      const { max, limitType, levels, estimate, onUnpriced, onUnreachable, ladder } = limitConfig;
      if (limitType !== "block" && !hasSteps(ladder)) return [];
      return [{ useCaseName: name, max, limitType, levels, estimate, onUnpriced, onUnreachable, ladder }];
    }),
  };
}

function hasSteps(ladder: readonly unknown[] | undefined): boolean {
  return ladder !== undefined && ladder.length > 0;
}
