import { type JsonObject, isObject } from "@payi/core/wire";

import { SettingError } from "../commands/setting-error.ts";
import { type Change, type FieldChange, allFields, differences } from "./change.ts";
import { type PlanOptions } from "./plan-setup.ts";
import { type Platform } from "./platform.ts";

/** What a limit does where nothing is said, so that saying it is no difference. */
const DEFAULTS: JsonObject = {
  period: "none",
  time_zone: "UTC",
  estimate: "history",
  on_unpriced: "alert",
};

export async function planLimits(
  platform: Platform,
  wanted: ReadonlyMap<string, JsonObject>,
  { prune }: PlanOptions,
): Promise<readonly Change[]> {
  const found = new Map((await platform.list("/limits")).map((item) => [String(item["limit_id"]), item]));
  const changes = [...wanted].map(([id, body]): Change => {
    const known = found.get(id);
    if (known !== undefined) return update(id, body, known);
    const { limit_id: _id, ...fields } = body;
    const apply = (to: Platform) => to.change("POST", "/limits", withoutNull(body));
    return { kind: "limit", name: id, action: "create", fields: allFields(fields), apply };
  });
  if (!prune) return changes;
  for (const id of found.keys()) {
    if (wanted.has(id)) continue;
    const apply = (to: Platform) => to.change("DELETE", pathOf(id));
    changes.push({ kind: "limit", name: id, action: "delete", fields: [], apply });
  }
  return changes;
}

function update(id: string, body: JsonObject, found: JsonObject): Change {
  if (body["limit_type"] !== found["limit_type"]) {
    throw new SettingError(
      `The limit ${id} is of type ${String(found["limit_type"])}, and a type is fixed; the configuration wants ${String(body["limit_type"])}. Choose another id, or delete the limit first.`,
    );
  }
  const { properties, limit_type: _type, ...rest } = body;
  const fields = differences(plain(found), plain(rest));
  const patch = propertyPatch(found["properties"], properties);
  const changed: readonly FieldChange[] = [
    ...fields,
    ...(patch === undefined ? [] : differences(found, { properties: properties ?? null })),
  ];
  return {
    kind: "limit",
    name: id,
    action: changed.length === 0 ? "keep" : "update",
    fields: changed,
    async apply(platform) {
      // Of a period's parts none can be read without the others, so the whole policy is sent.
      if (fields.length > 0) await platform.change("PUT", pathOf(id), rest);
      if (patch !== undefined)
        await platform.change("PUT", `${pathOf(id)}/properties`, { properties: patch });
    },
  };
}

function plain(limit: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(limit).map(([name, value]) => [name, value === DEFAULTS[name] ? null : value]),
  );
}

/** What merging has to say for `found` to become `wanted`; undefined when it is that already. */
function propertyPatch(found: unknown, wanted: unknown): JsonObject | undefined {
  const before = isObject(found) ? found : {};
  const after = isObject(wanted) ? wanted : {};
  const patch: JsonObject = {};
  for (const name of Object.keys(before)) if (!Object.hasOwn(after, name)) patch[name] = null;
  for (const [name, value] of Object.entries(after)) if (before[name] !== value) patch[name] = value;
  return Object.keys(patch).length === 0 ? undefined : patch;
}

function withoutNull(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
}

function pathOf(id: string): string {
  return `/limits/${encodeURIComponent(id)}`;
}
