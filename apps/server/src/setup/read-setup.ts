/** Reads what a configuration says into the bodies of the REST API. Every refusal names field, value and rule. */
import {
  type JsonObject,
  WireError,
  checkUseCaseName,
  decodeKpiInput,
  decodeLimitInput,
  decodeValuePolicy,
  encodeKpiInput,
  encodeLimitConfig,
  encodeLimitInput,
  isObject,
  show,
} from "@payi/core/wire";

import { SettingError } from "../commands/setting-error.ts";
import { readEquations } from "../domain/value/instance-value.ts";
import { readResourceInput } from "../http/resource-input.ts";

/** A use case as it is to be. What is absent is left alone. */
export interface WantedUseCase {
  readonly name: string;
  readonly fields: JsonObject;
  /** Undefined: left alone. Null: none. */
  readonly limitConfig: JsonObject | null | undefined;
  readonly kpis: ReadonlyMap<string, JsonObject> | undefined;
  /** Undefined: left alone. Null: none in force. */
  readonly value: JsonObject | null | undefined;
}

export interface WantedResource {
  readonly category: string;
  readonly resource: string;
  readonly units: JsonObject;
  /** Undefined: now, where the prices in force differ. */
  readonly startMs: number | undefined;
}

/** A whole configuration; sections that are absent are left alone. */
export interface Setup {
  readonly useCases: readonly WantedUseCase[] | undefined;
  readonly limits: ReadonlyMap<string, JsonObject> | undefined;
  readonly resources: readonly WantedResource[] | undefined;
}

/** @throws {SettingError} */
export function readSetup(config: unknown): Setup {
  const given = object(config, "The configuration");
  only(given, ["useCases", "limits", "resources"], "The configuration");
  const { useCases, limits, resources } = given;
  return {
    useCases: useCases === undefined ? undefined : entries(useCases, "useCases").map(readUseCase),
    limits: limits === undefined ? undefined : new Map(entries(limits, "limits").map(readLimit)),
    resources: resources === undefined ? undefined : readResources(resources),
  };
}

function readUseCase([name, value]: readonly [string, unknown]): WantedUseCase {
  const path = `useCases.${name}`;
  const given = object(value, path);
  only(given, ["description", "loggingEnabled", "limitConfig", "kpis", "value"], path);
  const { description = name, loggingEnabled, limitConfig, kpis, value: worth } = given;
  if (typeof description !== "string") refuse(`${path}.description`, description, "must be text");
  if (loggingEnabled !== undefined && typeof loggingEnabled !== "boolean") {
    refuse(`${path}.loggingEnabled`, loggingEnabled, "must be true or false");
  }
  return {
    name: checked(path, () => checkUseCaseName(name)),
    fields: { description, ...(loggingEnabled === undefined ? {} : { logging_enabled: loggingEnabled }) },
    limitConfig:
      limitConfig === undefined || limitConfig === null
        ? limitConfig
        : readLimitConfig(limitConfig, `${path}.limitConfig`),
    kpis:
      kpis === undefined
        ? undefined
        : new Map(entries(kpis, `${path}.kpis`).map(([kpi, inner]) => [kpi, readKpi(kpi, inner, path)])),
    value: worth === undefined || worth === null ? worth : readValue(worth, name, `${path}.value`),
  };
}

function readValue(value: unknown, useCase: string, path: string): JsonObject {
  const given = object(value, path);
  only(given, ["money", "time", "description"], path);
  return checked(path, () => {
    const {
      money = null,
      time = null,
      description = "",
    } = decodeValuePolicy({ ...given, use_case_name: useCase });
    readEquations({ money, time });
    return { money, time, description };
  });
}

function readKpi(name: string, value: unknown, useCasePath: string): JsonObject {
  const path = `${useCasePath}.kpis.${name}`;
  const given = object(value, path);
  only(given, ["type", "goal", "description"], path);
  const { type, goal, description = name } = given;
  return checked(path, () => encodeKpiInput(decodeKpiInput({ name, kpi_type: type, goal, description })));
}

const CONFIG_FIELDS = [
  "max",
  "type",
  "threshold",
  "properties",
  "levels",
  "estimate",
  "onUnpriced",
  "onUnreachable",
  "ladder",
];

function readLimitConfig(value: unknown, path: string): JsonObject {
  const given = object(value, path);
  only(given, CONFIG_FIELDS, path);
  return checked(path, () => encodeLimitConfig(decodeLimitInput({ ...toWire(given), limit_name: "-" })));
}

function readLimit([id, value]: readonly [string, unknown]): readonly [string, JsonObject] {
  const path = `limits.${id}`;
  const given = object(value, path);
  only(given, [...CONFIG_FIELDS, "name", "selector", "per", "period", "timeZone", "anchor"], path);
  const { name = id, ...rest } = given;
  const body = { ...toWire(rest), limit_id: id, limit_name: name };
  const told = checked(path, () => encodeLimitInput(decodeLimitInput(body)));
  // What the configuration does not set is set to its default: it is the whole of the limit.
  const set = Object.entries(told).filter(([, field]) => field !== undefined);
  return [id, { ...NOT_SET, ...Object.fromEntries(set) }];
}

const NOT_SET: JsonObject = {
  properties: null,
  selector: null,
  per: null,
  period: null,
  time_zone: null,
  anchor: null,
  levels: null,
  estimate: null,
  on_unpriced: null,
  on_unreachable: null,
  ladder: null,
};

function readResources(value: unknown): readonly WantedResource[] {
  return entries(value, "resources").flatMap(([category, resources]) =>
    entries(resources, `resources.${category}`).flatMap(([resource, versions]) => {
      const path = `resources.${category}.${resource}`;
      return (Array.isArray(versions) ? (versions as unknown[]) : [versions]).map((version) =>
        readResource({ category, resource }, version, path),
      );
    }),
  );
}

function readResource(
  name: { readonly category: string; readonly resource: string },
  value: unknown,
  path: string,
): WantedResource {
  const given = object(value, path);
  only(given, ["units", "from"], path);
  const units: JsonObject = {};
  for (const [unit, prices] of entries(given["units"], `${path}.units`)) {
    const { input, output, ...other } = object(prices, `${path}.units.${unit}`);
    only(other, [], `${path}.units.${unit}`);
    units[unit] = { input_price: input, output_price: output };
  }
  const { from } = given;
  const read = checked(path, () => readResourceInput({ units, start_timestamp: from }, name, 0));
  return { ...name, units, startMs: from === undefined ? undefined : read.startMs };
}

/** `onUnpriced` → `on_unpriced`, in the lists and objects below as well; names of properties stay as they are. */
function toWire(value: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const wireName = name === "type" ? "limit_type" : snakeCase(name);
      if (name === "properties") return [wireName, inner];
      if (Array.isArray(inner))
        return [wireName, inner.map((item) => (isObject(item) ? toWire(item) : item))];
      return [wireName, isObject(inner) ? toWire(inner) : inner];
    }),
  );
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function entries(value: unknown, path: string): readonly (readonly [string, unknown])[] {
  return Object.entries(object(value, path));
}

function object(value: unknown, path: string): JsonObject {
  return isObject(value) ? value : refuse(path, value, "must be an object");
}

function only(given: JsonObject, known: readonly string[], path: string): void {
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new SettingError(
    `${path} has the field ${show(unknown)}, which is not known here. ${known.length === 0 ? "Use input and output." : `Known are ${known.join(", ")}.`}`,
  );
}

function checked<Read>(path: string, read: () => Read): Read {
  try {
    return read();
  } catch (error) {
    if (WireError.is(error)) throw new SettingError(`${path}: ${error.message}`);
    throw error;
  }
}

function refuse(path: string, value: unknown, rule: string): never {
  throw new SettingError(`${path} ${rule}, got ${show(value)}.`);
}
