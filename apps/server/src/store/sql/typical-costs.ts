import { type HoldContext, inputBand } from "@payi/core/wire";

import { type Program, all } from "./program.ts";

/** So many calls of the use case are looked through at most. */
const RECENT = 1000;

/**
 * What recent calls like one usually cost: the p95 of those of a use case and resource with as much input; the
 * dearest of them while there are fewer than twenty. Where there is none, those with any input count (decision 17).
 */
export class TypicalCosts {
  readonly #known = new Map<string, bigint | undefined>();

  /** In pico-dollars; undefined where there was no such call. */
  *find(
    application: string,
    { useCaseName, resource, category }: HoldContext,
    inputTokens: number | undefined,
  ): Program<bigint | undefined> {
    const band = inputBand(inputTokens);
    const key = JSON.stringify([application, useCaseName, category, resource, band]);
    if (this.#known.has(key)) return this.#known.get(key);
    const rows = yield* all(
      `SELECT CAST(cost_total AS TEXT) AS cost, tokens_input FROM (SELECT cost_total, tokens_input, category, resource, error
         FROM event WHERE application = ? AND use_case IS NOT DISTINCT FROM CAST(? AS TEXT) ORDER BY time_ms DESC, id DESC LIMIT ${RECENT}) AS recent
       WHERE category = ? AND resource IS NOT DISTINCT FROM CAST(? AS TEXT) AND cost_total IS NOT NULL AND error = 0`,
      application,
      useCaseName ?? null,
      category,
      resource ?? null,
    );
    const alike = rows.filter((row) => band === 0 || inputBand(Number(row["tokens_input"])) === band);
    const costs = (alike.length > 0 ? alike : rows)
      .map((row) => BigInt(String(row["cost"])))
      .toSorted((left, right) => (left < right ? -1 : left > right ? 1 : 0));
    const typical = costs[Math.ceil(costs.length * 0.95) - 1];
    this.#known.set(key, typical);
    return typical;
  }
}
