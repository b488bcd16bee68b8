import { type PayiClient } from "../client/client.ts";
import { ApiError } from "../errors.ts";
import { type KpiDefinition } from "../kpis.ts";
import { encodeScoreItem } from "../wire/scores.ts";
import { type InstanceInput } from "../wire/use-cases.ts";

/** One KPI score of one instance, with all that is needed to create what does not exist yet. */
export interface Score {
  readonly useCaseName: string;
  readonly useCaseId: string;
  readonly kpiName: string;
  readonly score: boolean | number;
  readonly definition: KpiDefinition;
  readonly instance: InstanceInput;
}

/** Names the one score that an instance has of a KPI: a later one replaces it. */
export function scoreKey({ useCaseName, useCaseId, kpiName }: Score): string {
  return `${useCaseName}\n${useCaseId}\n${kpiName}`;
}

/** The score as an item of `POST /scores`, as JSON. @throws where a value cannot be JSON. */
export function scoreItemText({ definition, instance, ...score }: Score): string {
  const { useCaseVersion, userId, accountName, properties } = instance;
  const about = { useCaseVersion, userId, accountName, useCaseProperties: properties };
  return JSON.stringify(encodeScoreItem({ ...score, ...about, kpi: definition }));
}

/**
 * Writes the score; creates the use case, the instance or the KPI when the platform says that it is missing, so no
 * set-up run is needed before the first score. Writing the same score twice leaves one.
 *
 * @throws {ApiError | NetworkError | TimeoutError}
 */
export async function deliverScore(client: PayiClient, score: Score): Promise<void> {
  const { useCaseName, useCaseId, kpiName } = score;
  // At most one of each kind can be missing; a fourth failure is an answer.
  for (let missing = 0; ; missing += 1) {
    try {
      // oxlint-disable-next-line no-await-in-loop
      await client.kpis.score(useCaseName, useCaseId, kpiName, score.score);
      return;
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404 || missing === 3) throw error;
      // oxlint-disable-next-line no-await-in-loop
      await createMissing(client, score, error.code);
    }
  }
}

async function createMissing(client: PayiClient, score: Score, code: string): Promise<void> {
  const { useCaseName, kpiName, definition } = score;
  if (code === "use_case_not_found") {
    await client.useCases.create({ name: useCaseName, description: useCaseName });
  } else if (code === "kpi_not_found") {
    await client.kpis.create(useCaseName, { name: kpiName, ...definition });
  } else {
    await client.instances.create(useCaseName, score.instance);
  }
}
