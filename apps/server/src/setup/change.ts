import { isDeepStrictEqual } from "node:util";

import { type JsonObject, isObject } from "@payi/core/wire";

import { type Platform } from "./platform.ts";

/** One field that differs. Null is "not set". */
export interface FieldChange {
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** What has to happen to one thing on the platform. */
export interface Change {
  readonly kind: "use case" | "kpi" | "value policy" | "limit" | "resource";
  readonly name: string;
  readonly action: "create" | "update" | "delete" | "keep";
  readonly fields: readonly FieldChange[];
  /** Makes it so; repeating it does no harm. */
  apply(platform: Platform): Promise<void>;
}

/** Fields of `wanted` that `found` has otherwise. Empty lists and objects, null and absent are all "not set". */
export function differences(found: JsonObject, wanted: JsonObject): readonly FieldChange[] {
  return Object.entries(wanted).flatMap(([field, value]) => {
    const before = bare(found[field]);
    const after = bare(value);
    return isDeepStrictEqual(before, after) ? [] : [{ field, before: before ?? null, after: after ?? null }];
  });
}

/** Everything that a new thing has. */
export function allFields(wanted: JsonObject): readonly FieldChange[] {
  return differences({}, wanted);
}

/** Without what is not set. */
function bare(value: unknown): unknown {
  if (value === null) return undefined;
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(bare);
  if (!isObject(value)) return value;
  const entries = Object.entries(value)
    .map(([name, inner]) => [name, bare(inner)] as const)
    .filter(([, inner]) => inner !== undefined)
    .toSorted(([left], [right]) => (left < right ? -1 : 1));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
