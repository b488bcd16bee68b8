import { type JsonObject } from "@payi/core/wire";

import { type Change, differences } from "./change.ts";
import { type Platform } from "./platform.ts";

/**
 * What instances of a use case are worth: a new version whenever the equations in force differ. Null takes the one in
 * force out of it; versions are never deleted.
 */
export async function planValue(
  platform: Platform,
  useCase: string,
  wanted: JsonObject | null,
): Promise<readonly Change[]> {
  const versions = await platform.list(`/value-policies?use_case_name=${encodeURIComponent(useCase)}`);
  const active = versions.find((version) => version["active"] === true);
  const kind = "value policy";
  if (wanted === null) {
    if (active === undefined) return [];
    const path = `/value-policies/${encodeURIComponent(String(active["value_policy_id"]))}/deactivate`;
    const fields = differences(active, { money: null, time: null });
    return [{ kind, name: useCase, action: "update", fields, apply: (to) => to.change("POST", path) }];
  }
  const fields = differences(active ?? {}, wanted);
  const action = fields.length === 0 ? "keep" : active === undefined ? "create" : "update";
  const body = { ...wanted, use_case_name: useCase };
  return [{ kind, name: useCase, action, fields, apply: (to) => to.change("POST", "/value-policies", body) }];
}
