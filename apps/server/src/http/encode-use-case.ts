import { type JsonObject } from "@payi/core/wire";

import {
  type StoredInstance,
  type StoredKpi,
  type StoredScore,
  type StoredUseCase,
} from "../store/use-case.ts";
import { encodeLimitConfig } from "./encode-limit.ts";

/** A definition; `use_case_name` beside `name` is for clients of the seeds (contract 10). */
export function encodeUseCase(requestId: string, useCase: StoredUseCase): JsonObject {
  return {
    request_id: requestId,
    name: useCase.name,
    use_case_name: useCase.name,
    description: useCase.description,
    type_version: useCase.version,
    limit_config: useCase.limitConfig === null ? null : encodeLimitConfig(useCase.limitConfig),
    logging_enabled: useCase.loggingEnabled,
    properties: useCase.properties,
  };
}

/** An instance, with the id of its automatic limit. */
export function encodeInstance(requestId: string, instance: StoredInstance): JsonObject {
  return {
    request_id: requestId,
    use_case_name: instance.useCase,
    use_case_id: instance.id,
    type_version: instance.version,
    limit_id: instance.limitId,
    properties: instance.properties,
  };
}

/** A KPI; `kpi_name` and `value_type` are for clients of the seeds. */
export function encodeKpi(requestId: string, kpi: StoredKpi): JsonObject {
  return {
    request_id: requestId,
    name: kpi.name,
    kpi_name: kpi.name,
    description: kpi.description,
    kpi_type: kpi.kpiType,
    value_type: kpi.kpiType,
    goal: kpi.goal,
    created_timestamp: new Date(kpi.createdMs).toISOString(),
    updated_timestamp: kpi.updatedMs === null ? null : new Date(kpi.updatedMs).toISOString(),
  };
}

/** One score of an instance; booleans read as 1 and 0. */
export function encodeScore(score: StoredScore): JsonObject {
  return {
    kpi_name: score.kpi,
    kpi_type: score.kpiType,
    score: score.score,
    create_timestamp: new Date(score.createdMs).toISOString(),
    update_timestamp: new Date(score.updatedMs).toISOString(),
  };
}
