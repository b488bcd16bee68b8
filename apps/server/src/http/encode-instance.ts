import { type InstanceSummary, type KpiScore } from "@payi/core/wire";

import { type StoredInstance, type StoredScore } from "../store/use-case.ts";
import { toMeasures } from "./encode-measures.ts";

/** One instance in a list. */
export function toInstanceSummary(instance: StoredInstance): InstanceSummary {
  return {
    ...toMeasures(instance.sums),
    use_case_name: instance.useCase,
    use_case_id: instance.id,
    use_case_version: instance.version,
    user_id: instance.user,
    account_name: instance.account,
    started: new Date(instance.startedMs).toISOString(),
    last_seen: new Date(instance.lastSeenMs).toISOString(),
    properties: instance.properties,
    kpis: instance.scores.map(toKpiScore),
  };
}

function toKpiScore(score: StoredScore): KpiScore {
  return {
    kpi_name: score.kpi,
    kpi_type: score.kpiType,
    goal: score.goal,
    score: score.score,
    update_timestamp: new Date(score.updatedMs).toISOString(),
  };
}
