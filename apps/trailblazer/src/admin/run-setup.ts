import { ApiError, type PayiClient, ensureKpis } from "@payi/core";

import { USE_CASES, type UseCaseDefinition } from "./definitions.ts";
import { BUDGETS } from "./limits.ts";

/** What set-up did with one thing; what exists stays as it is. */
export interface SetupLine {
  readonly kind: "use case" | "KPI" | "limit";
  readonly name: string;
  readonly outcome: "created" | "kept";
}

/**
 * Puts definitions, KPIs and budgets in place where they are missing. May be run as often as you like. Rejects with the
 * REST client's errors.
 */
export async function runSetup(client: PayiClient): Promise<readonly SetupLine[]> {
  const lines: SetupLine[] = [];
  /* oxlint-disable no-await-in-loop -- a KPI needs its use case, and a report has an order */
  for (const useCase of USE_CASES) {
    lines.push({ kind: "use case", name: useCase.name, outcome: await define(client, useCase) });
    const kpis = new Set<string>();
    for await (const { name } of client.kpis.list(useCase.name)) kpis.add(name);
    for (const kpi of useCase.kpis) {
      const outcome = kpis.has(kpi.name) ? "kept" : "created";
      if (outcome === "created") await client.kpis.create(useCase.name, kpi);
      lines.push({ kind: "KPI", name: `${useCase.name} · ${kpi.name}`, outcome });
    }
    await ensureKpis(client, useCase.name);
  }
  const known = new Set<string>();
  for await (const { limitName } of client.limits.list()) known.add(limitName);
  for (const budget of BUDGETS) {
    const outcome = known.has(budget.limitName) ? "kept" : "created";
    if (outcome === "created") await client.limits.create(budget);
    lines.push({ kind: "limit", name: budget.limitName, outcome });
  }
  /* oxlint-enable no-await-in-loop */
  return lines;
}

async function define(
  client: PayiClient,
  { name, description, properties, version }: UseCaseDefinition,
): Promise<SetupLine["outcome"]> {
  let found = await findUseCase(client, name);
  const outcome = found === undefined ? "created" : "kept";
  found ??= await client.useCases.create({ name, description, properties });
  // oxlint-disable-next-line no-await-in-loop -- the platform counts versions one by one
  while (found.version < version) found = await client.useCases.incrementVersion(name);
  return outcome;
}

type Definition = Awaited<ReturnType<PayiClient["useCases"]["get"]>>;

async function findUseCase(client: PayiClient, name: string): Promise<Definition | undefined> {
  try {
    return await client.useCases.get(name);
  } catch (error) {
    if (error instanceof ApiError && error.code === "use_case_not_found") return undefined;
    throw error;
  }
}
