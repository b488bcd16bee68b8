/* oxlint-disable no-await-in-loop -- a platform is asked and changed one thing after the other */
import { type JsonObject, isObject } from "@payi/core/wire";

import { SettingError } from "../commands/setting-error.ts";
import { type Change, allFields, differences } from "./change.ts";
import { type PlanOptions } from "./plan-setup.ts";
import { type Platform } from "./platform.ts";
import { type WantedUseCase } from "./read-setup.ts";
import { planValue } from "./value.ts";

const DEFINITIONS = "/use_cases/definitions";

export async function planUseCases(
  platform: Platform,
  wanted: readonly WantedUseCase[],
  { prune }: PlanOptions,
): Promise<readonly Change[]> {
  const found = new Map((await platform.list(DEFINITIONS)).map((item) => [String(item["name"]), item]));
  const changes: Change[] = [];
  for (const useCase of wanted) {
    const known = found.get(useCase.name);
    changes.push(known === undefined ? creation(useCase) : update(useCase, known));
    if (useCase.kpis !== undefined) {
      changes.push(...(await planKpis(platform, useCase.name, useCase.kpis, { prune })));
    }
    if (useCase.value !== undefined)
      changes.push(...(await planValue(platform, useCase.name, useCase.value)));
  }
  if (!prune) return changes;
  const names = new Set(wanted.map(({ name }) => name));
  for (const name of found.keys()) {
    if (!names.has(name)) changes.push(deletion("use case", name, pathOf(name)));
  }
  return changes;
}

function creation(useCase: WantedUseCase): Change {
  const { name, fields, limitConfig } = useCase;
  const body = { ...fields, ...(isObject(limitConfig) ? { limit_config: limitConfig } : {}) };
  return {
    kind: "use case",
    name,
    action: "create",
    fields: allFields(body),
    apply: (platform) => platform.change("POST", DEFINITIONS, { ...body, name }),
  };
}

function update(useCase: WantedUseCase, found: JsonObject): Change {
  const { name, fields, limitConfig } = useCase;
  const definition = differences(found, fields);
  // Compared by what the configuration sets; a template that the platform has filled up is the same one.
  const known = isObject(found["limit_config"]) ? found["limit_config"] : {};
  const template =
    limitConfig === undefined
      ? []
      : limitConfig === null
        ? differences(found, { limit_config: null })
        : differences(known, limitConfig).map(({ field, before, after }) => ({
            field: `limit_config.${field}`,
            before,
            after,
          }));
  const changed = [...definition, ...template];
  return {
    kind: "use case",
    name,
    action: changed.length === 0 ? "keep" : "update",
    fields: changed,
    async apply(platform) {
      if (definition.length > 0) await platform.change("PUT", pathOf(name), fields);
      if (template.length === 0) return;
      const path = `${pathOf(name)}/limit_config`;
      if (isObject(limitConfig)) await platform.change("POST", path, limitConfig);
      else await platform.change("DELETE", path);
    },
  };
}

async function planKpis(
  platform: Platform,
  useCase: string,
  wanted: ReadonlyMap<string, JsonObject>,
  { prune }: PlanOptions,
): Promise<readonly Change[]> {
  const path = `${pathOf(useCase)}/kpis`;
  const found = new Map((await platform.list(path)).map((item) => [String(item["name"]), item]));
  const changes = [...wanted].map(([name, body]): Change => {
    const known = found.get(name);
    const title = `${useCase}/${name}`;
    if (known === undefined) {
      const { name: _name, ...fields } = body;
      const apply = (to: Platform) => to.change("POST", path, body);
      return { kind: "kpi", name: title, action: "create", fields: allFields(fields), apply };
    }
    if (known["kpi_type"] !== body["kpi_type"]) {
      throw new SettingError(
        `The KPI ${title} is of type ${String(known["kpi_type"])}, and a type is fixed; the configuration wants ${String(body["kpi_type"])}. Choose another name, or delete the KPI with its scores first.`,
      );
    }
    const { description, goal } = body;
    const fields = differences(known, { description, goal });
    const action = fields.length === 0 ? "keep" : "update";
    const apply = (to: Platform) =>
      to.change("PUT", `${path}/${encodeURIComponent(name)}`, { description, goal });
    return { kind: "kpi", name: title, action, fields, apply };
  });
  if (!prune) return changes;
  for (const name of found.keys()) {
    if (wanted.has(name)) continue;
    changes.push(deletion("kpi", `${useCase}/${name}`, `${path}/${encodeURIComponent(name)}`));
  }
  return changes;
}

function deletion(kind: Change["kind"], name: string, path: string): Change {
  return { kind, name, action: "delete", fields: [], apply: (platform) => platform.change("DELETE", path) };
}

function pathOf(useCase: string): string {
  return `${DEFINITIONS}/${encodeURIComponent(useCase)}`;
}
