/** What the catalogue lacks of OpenAI's own API. */
import {
  type AliasRow,
  type LaunchRow,
  type MultiplierRow,
  type PriceRow,
  type PriceSource,
} from "../row.ts";
import { openaiMediaRows } from "./openai-media.ts";
import { openaiPreviewAliases, openaiPreviewRows } from "./openai-previews.ts";
import { OPENAI, OPENAI_PAGE } from "./openai-source.ts";
import { openaiTierMultipliers, openaiTierRows } from "./openai-tiers.ts";
import { openaiToolRows } from "./openai-tools.ts";
import { type Overlay, names, table, tierTable } from "./overlay.ts";

/** Dated names that the model pages list as snapshots of the model, at its price. */
const SNAPSHOTS: Readonly<Record<string, string>> = {
  "gpt-6-astra": "2026-09-03",
  "gpt-5.5": "2026-04-23 2026-04-24",
  "gpt-5.5-pro": "2026-04-23",
  "gpt-5.4": "2026-03-05",
  "gpt-5.4-pro": "2026-03-05",
  "gpt-5.4-mini": "2026-03-17",
  "gpt-5.4-nano": "2026-03-17",
  "gpt-5.2": "2025-12-11",
  "gpt-5.2-pro": "2025-12-11",
  "gpt-5.1": "2025-11-13",
  "gpt-5": "2025-08-07",
  "gpt-5-mini": "2025-08-07",
  "gpt-5-nano": "2025-08-07",
  "gpt-5-pro": "2025-10-06",
  "gpt-4.1": "2025-04-14",
  "gpt-4.1-mini": "2025-04-14",
  "gpt-4.1-nano": "2025-04-14",
  "gpt-4o-mini": "2024-07-18",
  o1: "2024-12-17",
  "o1-pro": "2025-03-19",
  o3: "2025-04-16",
  "o3-pro": "2025-06-10",
  "o3-mini": "2025-01-31",
  "o4-mini": "2025-04-16",
  "gpt-image-1.5": "2025-12-16",
  "gpt-image-2": "2026-04-21",
  "sora-2": "2025-10-06",
  "sora-2-pro": "2025-10-06",
};

const aliases: readonly AliasRow[] = [
  ...Object.entries(SNAPSHOTS).flatMap(([model, dates]) =>
    dates.split(" ").map((date) => ({
      category: OPENAI,
      alias: `${model}-${date}`,
      targets: [{ resource: model }],
    })),
  ),
  {
    category: OPENAI,
    alias: "gpt-4o",
    targets: [
      { resource: "gpt-4o-2024-05-13" },
      { from: "2024-10-02T00:00:00Z", resource: "gpt-4o-2024-08-06" },
    ],
  },
  { category: OPENAI, alias: "gpt-4-turbo", targets: [{ resource: "gpt-4-turbo-2024-04-09" }] },
  { category: OPENAI, alias: "gpt-4", targets: [{ resource: "gpt-4-0613" }] },
  { category: OPENAI, alias: "gpt-5.6", targets: [{ resource: "gpt-5.6-sol" }] },
  { category: OPENAI, alias: "gpt-daybreak-blue-latest", targets: [{ resource: "gpt-5.6-sol" }] },
  { category: OPENAI, alias: "gpt-daybreak-red-latest", targets: [{ resource: "gpt-5.6-cyber" }] },
];

const rows: readonly PriceRow[] = [
  ...table(
    { category: OPENAI, source: { ...OPENAI_PAGE, note: "models that the catalogue lacks" } },
    {
      "davinci-002": { input: "2.00", output: "2.00" },
      "babbage-002": { input: "0.40", output: "0.40" },
      "gpt-5-search-api": { input: "1.25", cached: "0.125", output: "10.00" },
      "gpt-5.6-cyber": { input: "12.50", cached: "1.25", write: "15.625", output: "75.00" },
      "gpt-5.5-cyber": { input: "12.50", cached: "1.25", output: "75.00" },
    },
  ),
  ...tierTable(
    {
      category: OPENAI,
      source: { ...OPENAI_PAGE, note: "as printed in test data of public repositories, October 2026" },
    },
    () => ({ tokens: 272_000, compare: "gt" }),
    "gpt-6.1-sol  2.00  0.10  2.50  10.00  | 4.00  0.20  5.00  15.00",
  ),
  ...table(
    {
      category: OPENAI,
      until: "2025-06-10T00:00:00Z",
      source: { ...OPENAI_PAGE, note: "cached input before the price cut of 2025-06-10" },
    },
    { o3: { cached: "2.50" } },
  ),
  ...table(
    {
      category: OPENAI,
      until: "2025-01-31T00:00:00Z",
      source: { ...OPENAI_PAGE, note: "before o3-mini came and o1-mini was cut to $1.10 / $4.40" },
    },
    { "o1-mini o1-mini-2024-09-12": { input: "3.00", cached: "1.50", output: "12.00" } },
  ),
  ...openaiTierRows,
  ...openaiMediaRows,
  ...openaiToolRows,
];

/** Released on or after 2026-03-05: only these pay for a regional endpoint. */
const UPLIFTED: readonly string[] = names(`
  gpt-5.4 gpt-5.4-mini gpt-5.4-nano gpt-5.4-pro gpt-5.5 gpt-5.5-pro gpt-5.6-sol
  gpt-5.6-terra gpt-5.6-luna gpt-6-astra gpt-6-sol gpt-6-luna gpt-6.1-sol`);
const NOT_UPLIFTED: readonly string[] = names(`
  gpt-5.3-codex gpt-5.2 gpt-5.2-pro gpt-5.1 gpt-5 gpt-5-mini gpt-5-nano gpt-5-pro gpt-4.1
  gpt-4.1-mini gpt-4.1-nano gpt-4o-2024-05-13 gpt-4o-2024-08-06 gpt-4o-2024-11-20
  gpt-4o-mini o1 o1-pro o3 o3-pro o3-mini o4-mini text-embedding-3-small
  text-embedding-3-large text-embedding-ada-002`);
const ALL_TIERS: readonly string[] = ["standard", "batch", "flex", "priority"];

const multipliers: readonly MultiplierRow[] = [
  ...openaiTierMultipliers,
  {
    category: OPENAI,
    resources: UPLIFTED,
    on: { residency: "*" },
    multiply: "1.1",
    tiers: ALL_TIERS,
    source: { ...OPENAI_PAGE, note: "regional processing: 10 % for models released on or after 2026-03-05" },
  },
  {
    category: OPENAI,
    resources: NOT_UPLIFTED,
    on: { residency: "*" },
    multiply: "1",
    tiers: ALL_TIERS,
    source: { ...OPENAI_PAGE, note: "regional processing: no uplift for models released before 2026-03-05" },
  },
];

const ANNOUNCED: PriceSource = {
  url: "https://developers.openai.com/api/docs/changelog",
  read: "2026-11-21",
  confidence: "B",
  note: "first day of the model; no call can be older",
};
const launches: readonly LaunchRow[] = Object.entries({
  "gpt-6-astra": "2026-09-03",
  "gpt-6-sol gpt-6-luna": "2026-09-22",
  "gpt-5.5 gpt-5.5-pro": "2026-04-23",
  "gpt-5.4 gpt-5.4-pro": "2026-03-05",
  "gpt-5.4-mini gpt-5.4-nano": "2026-03-17",
  "gpt-5.2 gpt-5.2-pro": "2025-12-11",
  "gpt-5.1": "2025-11-13",
  "gpt-5 gpt-5-mini gpt-5-nano": "2025-08-07",
  "gpt-5-pro": "2025-10-06",
  "o3 o4-mini": "2025-04-16",
  "o3-pro": "2025-06-10",
  "gpt-4.1 gpt-4.1-mini gpt-4.1-nano": "2025-04-14",
}).map(([models, day]) => ({
  category: OPENAI,
  resources: models.split(" "),
  from: `${day}T00:00:00Z`,
  source: ANNOUNCED,
}));

/** What the catalogue lacks of OpenAI's own API. */
export const openaiOverlay: Overlay = {
  aliases: [...aliases, ...openaiPreviewAliases],
  rows: [...rows, ...openaiPreviewRows],
  multipliers,
  launches,
};
