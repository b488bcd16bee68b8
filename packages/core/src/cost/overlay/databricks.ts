/** Databricks pay-per-token models: DBU per million tokens as published, times the list price of a DBU. */
import { type PriceRow, type PriceSource, type PublishedRate, type UnitRates } from "../row.ts";
import { type Overlay } from "./overlay.ts";

const CLOUDS = ["system.databricks.aws", "system.databricks.azure", "system.databricks.google"] as const;

/** Serverless real-time inference, list price in the US regions of all three clouds. */
const USD_PER_DBU = "0.070";

/** Read through copies in public repositories (genai-prices 2026-09-29, LiteLLM, Databricks' own estimator); hence B. */
const PAGE: PriceSource = {
  url: "https://www.databricks.com/product/pricing/foundation-model-serving",
  read: "2026-11-21",
  confidence: "B",
  note: "DBU per million tokens at $0.070 per DBU, the list price in US regions; other regions and contracts differ",
};

/** Columns: input, output, cache read, cache write. `-` is an empty cell. */
const OPEN = `
databricks-meta-llama-3-3-70b-instruct   7.143   21.429  -      -
databricks-meta-llama-3-1-8b-instruct    2.143   6.429   -      -
databricks-llama-4-maverick              7.143   21.429  -      -
databricks-gpt-oss-120b                  2.143   8.571   -      -
databricks-gpt-oss-20b                   1       4.286   -      -
databricks-gemma-3-12b                   2.143   7.143   -      -
databricks-qwen3-next-80b-a3b-instruct   2.143   17.143  -      -
databricks-qwen35-122b-a10b              3.143   31.429  -      -
databricks-glm-5-2                       20      62.857  3.714  -
databricks-glm-5-3                       20      62.857  3.714  -
databricks-glm-5-3-flash                 2.143   7.143   0.429  -
databricks-deepseek-v4-1-flash           4.286   17.143  0.429  -
databricks-deepseek-v4-flash-0731        2       4       0.4    -
databricks-deepseek-v4-pro-0813          18.857  56.571  1.886  -
databricks-inkling                       14.286  57.857  2.429  -
databricks-kimi-k2-7-code                13.571  57.143  2.714  -
databricks-kimi-k3                       42.857  214.286 4.286  -
databricks-bge-large-en                  1.429   -       -      -
databricks-gte-large-en                  1.857   -       -      -
databricks-qwen3-embedding-0-6b          0.286   -       -      -`;
const GLOBAL = `
databricks-claude-fable-5       142.858  714.286   14.286  178.572
databricks-claude-opus-5        71.429   357.143   7.143   89.286
databricks-claude-opus-4-8      71.429   357.143   7.143   89.286
databricks-claude-opus-4-7      71.429   357.143   7.143   89.286
databricks-claude-opus-4-6      71.429   357.143   7.143   89.286
databricks-claude-opus-4-5      71.429   357.143   7.143   89.286
databricks-claude-opus-4-1      214.286  1071.429  21.429  267.857
databricks-claude-opus-4        214.286  1071.429  21.429  267.857
databricks-claude-sonnet-4-6    42.857   214.286   4.286   53.571
databricks-claude-sonnet-4-5    42.857   214.286   4.286   53.571
databricks-claude-sonnet-4      42.857   214.286   4.286   53.571
databricks-claude-3-7-sonnet    42.857   214.286   4.286   53.571
databricks-claude-haiku-4-5     14.286   71.429    1.429   17.857
databricks-gpt-5-4              35.714   214.286   3.571   -
databricks-gpt-5-4-mini         10.714   64.286    1.071   -
databricks-gpt-5-4-nano         2.857    17.857    0.286   -
databricks-gpt-5-2              25.000   200.000   2.500   -
databricks-gpt-5-1              17.857   142.857   1.786   -
databricks-gpt-5                17.857   142.857   1.786   -
databricks-gpt-5-mini           3.571    28.571    0.357   -
databricks-gpt-5-nano           0.714    5.714     0.071   -`;
/** The model stays in the workspace's geography: 10 % more since Claude 4.5, each cell as printed. */
const IN_GEOGRAPHY = `
databricks-claude-fable-5       157.142  785.714   15.714  196.428
databricks-claude-opus-5        78.571   392.857   7.857   98.214
databricks-claude-opus-4-8      78.571   392.857   7.857   98.214
databricks-claude-opus-4-7      78.571   392.857   7.857   98.214
databricks-claude-opus-4-6      78.571   392.857   7.857   98.214
databricks-claude-opus-4-5      78.571   392.857   7.857   98.214
databricks-claude-opus-4-1      214.286  1071.429  21.429  267.857
databricks-claude-opus-4        214.286  1071.429  21.429  267.857
databricks-claude-sonnet-4-6    47.143   235.715   4.715   58.928
databricks-claude-sonnet-4-5    47.143   235.715   4.715   58.928
databricks-claude-3-7-sonnet    42.857   214.286   4.286   53.571
databricks-claude-haiku-4-5     15.715   78.572    1.572   19.643`;

function rowsOf(text: string, scopes: readonly string[] | undefined): PriceRow[] {
  return text
    .trim()
    .split("\n")
    .flatMap((line) => {
      const [model = "", input, output, cached, write] = line.split(/\s+/);
      const units = unitsOf(input, output, cached, write);
      return CLOUDS.map((category) => ({ category, resources: [model], scopes, units, source: PAGE }));
    });
}

function unitsOf(input?: string, output?: string, cached?: string, write?: string): UnitRates {
  return {
    text: { input: dbu(input), output: dbu(output) },
    text_cache_read: { input: dbu(cached) },
    text_cache_write: { input: dbu(write) },
  };
}

function dbu(cell: string | undefined): PublishedRate | undefined {
  return cell === undefined || cell === "-" ? undefined : { usd: cell, per: 1_000_000, times: USD_PER_DBU };
}

/** Databricks. */
export const databricksOverlay: Overlay = {
  rows: [
    ...rowsOf(OPEN, undefined),
    ...rowsOf(GLOBAL, ["global"]),
    ...rowsOf(IN_GEOGRAPHY, ["datazone", "region"]),
  ],
};
