/** OpenAI's fees for built-in tools. No tier and no residency changes them. */
import { type PriceRow, type UnitRates } from "../row.ts";
import { OPENAI, OPENAI_PAGE } from "./openai-source.ts";
import { each, names, perThousand } from "./overlay.ts";

const NON_REASONING: readonly string[] = names(`
  gpt-4o-2024-05-13 gpt-4o-2024-08-06 gpt-4o-2024-11-20 gpt-4o-mini gpt-4.1
  gpt-4.1-mini gpt-4.1-nano gpt-4o-search-preview gpt-4o-search-preview-2025-03-11`);
const CONTAINERS: readonly (readonly [gigabytes: number, usdPer20Minutes: string])[] = [
  [1, "0.03"],
  [4, "0.12"],
  [16, "0.48"],
  [64, "1.92"],
];
const BY_THE_MINUTE = "2026-06-02T00:00:00Z";
/** Before, a search's price depended on the size of its results, which no answer tells. */
const ONE_SEARCH_PRICE = "2025-06-01T00:00:00Z";
const FREE = each("0");

function containers(
  session: (usd: string) => UnitRates[string],
  minute: (usd: string) => UnitRates[string],
): UnitRates {
  return Object.fromEntries(
    CONTAINERS.flatMap(([gigabytes, usd]) => [
      [`container_session@${gigabytes}gb`, session(usd)],
      [`container_minute@${gigabytes}gb`, minute(usd)],
    ]),
  );
}

function fee(units: UnitRates, note: string, more: Partial<PriceRow> = {}): PriceRow {
  return {
    category: OPENAI,
    resources: "*",
    anyVariant: true,
    units,
    source: { ...OPENAI_PAGE, note },
    ...more,
  };
}

/** Fees for tools. */
export const openaiToolRows: readonly PriceRow[] = [
  fee(
    {
      web_search_request: { output: perThousand("10") },
      file_search_request: { output: perThousand("2.50") },
      file_search_storage_gb_day: { output: each("0.10") },
    },
    "web search (all models), file search (Responses API), vector storage beyond the free gigabyte",
  ),
  fee({ web_search_preview_request: { output: perThousand("10") } }, "web search preview, reasoning models", {
    from: ONE_SEARCH_PRICE,
  }),
  fee(
    { web_search_preview_request: { output: perThousand("25") } },
    "web search preview, non-reasoning models",
    {
      resources: NON_REASONING,
      from: ONE_SEARCH_PRICE,
    },
  ),
  fee(
    {
      code_interpreter_session: { output: each("0.03") },
      ...containers(
        (usd) => ({ output: each(usd) }),
        () => ({ output: FREE }),
      ),
    },
    "containers by the session of 20 minutes; a session's minutes cost nothing more",
    { until: BY_THE_MINUTE },
  ),
  fee(
    containers(
      () => ({ output: FREE }),
      (usd) => ({ output: { usd, per: 20 } }),
    ),
    "containers by the minute, five at least; the session itself costs nothing more",
    { from: BY_THE_MINUTE },
  ),
];
