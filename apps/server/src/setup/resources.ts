/* oxlint-disable no-await-in-loop -- a platform is asked one thing after the other */
import { type JsonObject } from "@payi/core/wire";

import { type Change, type FieldChange, differences } from "./change.ts";
import { type Platform } from "./platform.ts";
import { type WantedResource } from "./read-setup.ts";

/** Versions are only ever added: what was in force at a time stays what calls of that time cost. */
export async function planResources(
  platform: Platform,
  wanted: readonly WantedResource[],
): Promise<readonly Change[]> {
  const changes: Change[] = [];
  for (const resource of wanted) {
    const found = await platform.list(pathOf(resource));
    changes.push(plan(resource, found));
  }
  return changes;
}

function plan(wanted: WantedResource, found: readonly JsonObject[]): Change {
  const { category, resource, units, startMs } = wanted;
  const known = found.find((version) =>
    startMs === undefined
      ? version["active"] === true
      : Date.parse(String(version["start_timestamp"])) === startMs,
  );
  const fields: readonly FieldChange[] = differences(
    { units: numbers(known?.["units"]) },
    { units: numbers(units) },
  );
  const start = startMs === undefined ? {} : { start_timestamp: new Date(startMs).toISOString() };
  return {
    kind: "resource",
    name: `${category}/${resource}`,
    action: fields.length === 0 ? "keep" : known === undefined ? "create" : "update",
    fields,
    apply: (platform) => platform.change("POST", pathOf(wanted), { units, ...start }),
  };
}

/** Prices as the platform shows them, so that `"0.0000015"` and 1.5e-6 are one; what tells them exactly is left out. */
function numbers(units: unknown): unknown {
  return JSON.parse(JSON.stringify(units ?? null), (name, value: unknown) => {
    if (name.endsWith("_price_decimal")) return undefined;
    return name.endsWith("_price") && value !== null ? Number(value) : value;
  }) as unknown;
}

function pathOf({ category, resource }: WantedResource): string {
  return `/categories/${encodeURIComponent(category)}/resources/${encodeURIComponent(resource)}`;
}
