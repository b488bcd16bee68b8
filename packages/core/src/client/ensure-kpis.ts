import { ApiError } from "../errors.ts";
import { type AutoKpiOptions, defineAutoKpis } from "../kpis.ts";
import { type PayiClient } from "./client.ts";

/**
 * Creates the use case and the automatic KPIs that `kpis` switches on, where they are missing; what exists stays as it is.
 * Not needed before the first score, which creates its KPI by itself: for set-up scripts that want goals in place.
 *
 * @throws {ApiError | NetworkError | TimeoutError}
 *
 * @example
 * await ensureKpis(createClient(), "trail_finder", "all");
 */
export async function ensureKpis(
  client: PayiClient,
  useCaseName: string,
  kpis?: AutoKpiOptions,
): Promise<void> {
  for (const kpi of defineAutoKpis(kpis)) {
    // One after the other: the first may have to create the use case.
    // oxlint-disable-next-line no-await-in-loop
    await unless("kpi_already_exists", async () => {
      const missing = await unless("use_case_not_found", () => client.kpis.create(useCaseName, kpi));
      if (!missing) return;
      await client.useCases.create({ name: useCaseName, description: useCaseName });
      await client.kpis.create(useCaseName, kpi);
    });
  }
}

/** True when the platform answered with `code`. */
async function unless(code: string, work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return false;
  } catch (error) {
    if (error instanceof ApiError && error.code === code) return true;
    throw error;
  }
}
