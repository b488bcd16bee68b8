/** OpenAI's tables by service tier: batch, flex and priority (fast mode), short and long prompts. */
import { type ContextThreshold, type MultiplierRow, type PriceRow } from "../row.ts";
import { OPENAI, OPENAI_PAGE } from "./openai-source.ts";
import { tierTable } from "./overlay.ts";

/**
 * Where long prompts begin. The table says "<272K" for the short price up to GPT-6 Astra, the pages of GPT-6 Sol and
 * Luna and later say "more than 272K"; the exact boundary is undecided for the former (pydantic/genai-prices#587).
 */
function longPrompt(model: string): ContextThreshold {
  const above = ["gpt-6-sol", "gpt-6-luna", "gpt-6.1-sol"].includes(model);
  return { tokens: 272_000, compare: above ? "gt" : "gte" };
}

const BATCH_AND_FLEX_SINCE_JULY = `
gpt-5.6-terra  1.00   0.10    1.25   6.00   | 2.00  0.20  2.50   9.00
gpt-5.6-luna   0.10   0.01    0.125  0.60   | 0.20  0.02  0.25   0.90`;
const BATCH_AND_FLEX_SINCE_AUGUST = `
gpt-5.6-sol    2.00   0.20    2.50   10.00  | 4.00  0.40  5.00   15.00`;
const BATCH_AND_FLEX = `
gpt-6-astra    5.00   0.50    6.25   25.00  | 10.00 1.00  12.50  37.50
gpt-6-sol      1.00   0.10    1.25   5.00   | 2.00  0.20  2.50   7.50
gpt-6-luna     0.05   0.005   0.0625 0.25   | 0.10  0.01  0.125  0.375
gpt-5.5        2.50   0.25    -      15.00  | 5.00  0.50  -      22.50
gpt-5.5-pro    15.00  -       -      90.00  | none
gpt-5.4        1.25   0.13    -      7.50   | 2.50  0.25  -      11.25
gpt-5.4-mini   0.375  0.0375  -      2.25
gpt-5.4-nano   0.10   0.01    -      0.625
gpt-5.4-pro    15.00  -       -      90.00  | 30.00 -     -      135.00
gpt-5.2        0.875  0.0875  -      7.00
gpt-5.1        0.625  0.0625  -      5.00
gpt-5          0.625  0.0625  -      5.00
gpt-5-mini     0.125  0.0125  -      1.00
gpt-5-nano     0.025  0.0025  -      0.20`;
const BATCH_ONLY = `
gpt-5.2-pro             10.50  -  -  84.00
gpt-5-pro               7.50   -  -  60.00
gpt-4.1                 1.00   -  -  4.00
gpt-4.1-mini            0.20   -  -  0.80
gpt-4.1-nano            0.05   -  -  0.20
gpt-4o-2024-08-06       1.25   -  -  5.00
gpt-4o-2024-11-20       1.25   -  -  5.00
gpt-4o-2024-05-13       2.50   -  -  7.50
gpt-4o-mini             0.075  -  -  0.30
o1                      7.50   -  -  30.00
o1-pro                  75.00  -  -  300.00
o3-pro                  10.00  -  -  40.00
o4-mini                 0.55   -  -  2.20
o3-mini                 0.55   -  -  2.20
gpt-4-turbo-2024-04-09  5.00   -  -  15.00
gpt-4-0613              15.00  -  -  30.00
gpt-3.5-turbo-0125      0.25   -  -  0.75
gpt-3.5-turbo-1106      1.00   -  -  2.00
davinci-002             1.00   -  -  1.00
babbage-002             0.20   -  -  0.20`;
const O3_BATCH = `
o3  1.00  -  -  4.00`;
const O3_FLEX = `
o3  1.00  0.25  -  4.00`;
const FLEX_ONLY = `
o4-mini  0.55  0.138  -  2.20`;

const PRIORITY_SINCE_JULY = `
gpt-5.6-terra  4.00   0.40   5.00   24.00   | 8.00  0.80  10.00  36.00
gpt-5.6-luna   0.40   0.04   0.50   2.40    | 0.80  0.08  1.00   3.60`;
const PRIORITY_SINCE_AUGUST = `
gpt-5.6-sol    8.00   0.80   10.00  40.00   | 16.00 1.60  20.00  60.00`;
const PRIORITY = `
gpt-6-astra    20.00  2.00   25.00  100.00  | 40.00 4.00  50.00  150.00
gpt-6-sol      4.00   0.40   5.00   20.00   | none
gpt-6-luna     0.20   0.02   0.25   1.00    | none
gpt-5.5        12.50  1.25   -      75.00   | none
gpt-5.4        5.00   0.50   -      30.00   | none
gpt-5.4-mini   1.50   0.15   -      9.00
gpt-5.3-codex  3.50   0.35   -      28.00
gpt-5.2        3.50   0.35   -      28.00
gpt-5.1        2.50   0.25   -      20.00
gpt-5          2.50   0.25   -      20.00
gpt-5-mini     0.45   0.045  -      3.60
gpt-4.1        3.50   0.875  -      14.00
gpt-4.1-mini   0.70   0.175  -      2.80
gpt-4.1-nano   0.20   0.05   -      0.80
gpt-4o-2024-08-06  4.25  2.125  -   17.00
gpt-4o-2024-11-20  4.25  2.125  -   17.00
gpt-4o-2024-05-13  8.75  -      -   26.25
gpt-4o-mini    0.25   0.125  -      1.00
o4-mini        2.00   0.50   -      8.00`;
const O3_PRIORITY = `
o3  3.50  0.875  -  14.00`;

const JULY_CUT = "2026-07-30T00:00:00Z";
const AUGUST_CUT = "2026-08-21T00:00:00Z";
const O3_CUT = "2025-06-10T00:00:00Z";

function tier(name: string, text: string, from?: string): PriceRow[] {
  return tierTable(
    { category: OPENAI, tier: name, from, source: { ...OPENAI_PAGE, note: `${name} table` } },
    longPrompt,
    text,
  );
}

/** The tier tables. */
export const openaiTierRows: readonly PriceRow[] = [
  ...["batch", "flex"].flatMap((name) => tier(name, BATCH_AND_FLEX)),
  ...["batch", "flex"].flatMap((name) => tier(name, BATCH_AND_FLEX_SINCE_JULY, JULY_CUT)),
  ...["batch", "flex"].flatMap((name) => tier(name, BATCH_AND_FLEX_SINCE_AUGUST, AUGUST_CUT)),
  ...tier("batch", BATCH_ONLY),
  ...tier("batch", O3_BATCH, O3_CUT),
  ...tier("flex", O3_FLEX, O3_CUT),
  ...tier("flex", FLEX_ONLY),
  ...tier("priority", PRIORITY),
  ...tier("priority", PRIORITY_SINCE_JULY, JULY_CUT),
  ...tier("priority", PRIORITY_SINCE_AUGUST, AUGUST_CUT),
  ...tier("priority", O3_PRIORITY, O3_CUT),
];

/** Before the price cuts of 2026 the same proportions held. */
export const openaiTierMultipliers: readonly MultiplierRow[] = (
  [
    ["gpt-5.6-terra gpt-5.6-luna", JULY_CUT],
    ["gpt-5.6-sol", AUGUST_CUT],
  ] as const
).flatMap(([models, until]) =>
  (
    [
      ["batch", "0.5"],
      ["flex", "0.5"],
      ["priority", "2"],
    ] as const
  ).map(([name, multiply]) => ({
    category: OPENAI,
    resources: models.split(" "),
    on: { tier: name },
    multiply,
    until,
    source: {
      url: "https://developers.openai.com/api/docs/pricing",
      read: "2026-11-21",
      confidence: "C",
      note: "batch and flex were half, priority twice the standard price; derived from the standard price of the time",
    },
  })),
);
