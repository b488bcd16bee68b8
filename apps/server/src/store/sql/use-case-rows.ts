import { formatMoney, parseMoney } from "@payi/core/cost";
import { type LimitConfig, type LimitType } from "@payi/core/wire";

import { type NewUseCase, type StoredUseCase } from "../use-case.ts";
import { json, number, text } from "./columns.ts";
import { type Insert, type Program, type Row, type Value, get } from "./program.ts";
import { mergeProperties } from "./properties.ts";

/** A definition, with what only the store needs to know of it. */
export interface UseCaseRow extends StoredUseCase {
  /** Made by an event, not yet described by anybody. */
  readonly automatic: boolean;
  readonly seeded: boolean;
}

/** What to select for {@link readUseCase}. */
export const USE_CASE_COLUMNS =
  "name, description, version, logging_enabled, limit_config, properties, automatic, seeded, created_ms";

const FIND = `SELECT ${USE_CASE_COLUMNS} FROM use_case WHERE application = ? AND name = ?`;

/** One use case. */
export function* findUseCase(application: string, name: string): Program<UseCaseRow | undefined> {
  const row = yield* get(FIND, application, name);
  return row === undefined ? undefined : readUseCase(row);
}

/** The statement that makes use cases; its values are those of {@link newUseCaseValues}. */
export const NEW_USE_CASE: Insert = {
  table: "use_case",
  columns: [
    "application",
    "name",
    "description",
    "logging_enabled",
    "limit_config",
    "properties",
    "automatic",
    "seeded",
    "created_ms",
  ],
  conflict: "",
};

/** A use case at version 1. */
export function newUseCaseValues(
  useCase: NewUseCase & { readonly automatic: boolean },
  createdMs: number,
): readonly Value[] {
  return [
    useCase.application,
    useCase.name,
    useCase.description,
    toFlag(useCase.loggingEnabled),
    useCase.limitConfig === undefined ? null : writeLimitConfig(useCase.limitConfig),
    JSON.stringify(mergeProperties({}, useCase.properties)),
    useCase.automatic ? 1 : 0,
    useCase.seeded ? 1 : 0,
    createdMs,
  ];
}

/** The use case of a row. */
export function readUseCase(row: Row): UseCaseRow {
  const logging = number(row["logging_enabled"]);
  const config = text(row["limit_config"]);
  return {
    name: String(row["name"]),
    description: String(row["description"]),
    version: Number(row["version"]),
    loggingEnabled: logging === null ? null : logging === 1,
    limitConfig: config === null ? null : readLimitConfig(config),
    properties: json(row["properties"]),
    createdMs: Number(row["created_ms"]),
    automatic: row["automatic"] === 1,
    seeded: row["seeded"] === 1,
  };
}

/** A boolean as SQLite has it; undefined is null. */
export function toFlag(value: boolean | undefined): number | null {
  return value === undefined ? null : Number(value);
}

/** JSON has no bigint: the amount is kept as exact decimal text. */
export function writeLimitConfig(config: LimitConfig): string {
  return JSON.stringify({ ...config, max: formatMoney(config.max) });
}

function readLimitConfig(value: string): LimitConfig {
  const config = JSON.parse(value) as { max: string; limitType: LimitType; threshold?: number };
  return { ...config, max: parseMoney(config.max) };
}
