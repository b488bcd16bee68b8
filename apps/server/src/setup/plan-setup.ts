/** What has to change on a platform for it to be as a configuration says. Reads only; `apply` of each change writes. */
import { type Change } from "./change.ts";
import { planLimits } from "./limits.ts";
import { type Platform } from "./platform.ts";
import { type Setup } from "./read-setup.ts";
import { planResources } from "./resources.ts";
import { planUseCases } from "./use-cases.ts";

export interface PlanOptions {
  /** Also delete what the sections of the configuration do not name. */
  readonly prune: boolean;
}

/** In the order in which they have to be applied: use cases before their KPIs, deletions last. */
export async function planSetup(
  platform: Platform,
  setup: Setup,
  options: PlanOptions,
): Promise<readonly Change[]> {
  const changes = [
    ...(setup.useCases === undefined ? [] : await planUseCases(platform, setup.useCases, options)),
    ...(setup.limits === undefined ? [] : await planLimits(platform, setup.limits, options)),
    ...(setup.resources === undefined ? [] : await planResources(platform, setup.resources)),
  ];
  const deleted = changes.filter(({ action }) => action === "delete");
  return [...changes.filter(({ action }) => action !== "delete"), ...deleted.toReversed()];
}
