/** What the catalogue lacks of Anthropic's own API. */
import {
  type AliasRow,
  type LaunchRow,
  type MultiplierRow,
  type PriceRow,
  type PriceSource,
} from "../row.ts";
import { type Overlay, each, names, perThousand, table } from "./overlay.ts";

const CATEGORY = "system.anthropic";
/** The price page, read through a copy in a public repository made in August 2026 (no first-hand read was possible). */
const PAGE: PriceSource = {
  url: "https://platform.claude.com/docs/en/about-claude/pricing",
  read: "2026-11-21",
  confidence: "B",
};

/** Names that the provider documents for one and the same model. */
const SAME: Readonly<Record<string, string>> = {
  "claude-2.0": "claude-2",
  "claude-2.1": "claude-2",
  "claude-3-haiku-20240307": "claude-3-haiku",
  "claude-3-opus-20240229": "claude-3-opus-latest",
  "claude-3-sonnet-20240229": "claude-3-sonnet",
  "claude-3-5-sonnet-20240620": "claude-3-5-sonnet",
  "claude-3-5-sonnet-20241022": "claude-3-5-sonnet",
  "claude-3-5-sonnet-latest": "claude-3-5-sonnet",
  "claude-3-5-haiku-20241022": "claude-3-5-haiku-latest",
  "claude-3-7-sonnet-20250219": "claude-3-7-sonnet-latest",
  "claude-sonnet-4-20250514": "claude-sonnet-4-0",
  "claude-opus-4-20250514": "claude-opus-4-0",
  "claude-opus-4-1-20250805": "claude-opus-4-1",
  "claude-sonnet-4-5-20250929": "claude-sonnet-4-5",
  "claude-haiku-4-5-20251001": "claude-haiku-4-5",
  "claude-opus-4-5-20251101": "claude-opus-4-5",
};

const aliases: readonly AliasRow[] = Object.entries(SAME).map(([alias, resource]) => ({
  category: CATEGORY,
  alias,
  targets: [{ resource }],
}));

const SONNET_CACHE_CUT = "2026-10-07T00:00:00Z";

const rows: readonly PriceRow[] = [
  ...table(
    { category: CATEGORY, source: { ...PAGE, note: "models that the catalogue lacks" } },
    {
      "claude-mythos-5": { input: "10", output: "50", cached: "1", write: "12.50", write1h: "20" },
      "claude-mythos-5-1": { input: "10", output: "50", cached: "0.25", write: "12.50", write1h: "20" },
      "claude-sonnet-5-5": { input: "2", output: "10", write: "2.50", write1h: "4" },
      "claude-haiku-5-5": { input: "0.10", output: "0.50", cached: "0.01", write: "0.125", write1h: "0.20" },
    },
  ),
  ...table(
    {
      category: CATEGORY,
      context: { tokens: 100_000, compare: "gt" },
      source: {
        ...PAGE,
        note: "for prompts over 100,000 tokens; as quoted in public repositories, October 2026",
      },
    },
    { "claude-haiku-5-5": { input: "0.50", output: "2.50", cached: "0.05", write: "0.625", write1h: "1" } },
  ),
  ...table(
    {
      category: CATEGORY,
      source: { ...PAGE, note: "cache reads at 0.1 of input; the page read on 2026-09-29" },
    },
    { "claude-sonnet-5-5": { cached: "0.20" } },
  ),
  ...table(
    {
      category: CATEGORY,
      from: SONNET_CACHE_CUT,
      source: {
        ...PAGE,
        note: "cache reads at 0.05 of input; the page read on 2026-10-08, the day of the change is not known",
      },
    },
    { "claude-sonnet-5-5": { cached: "0.10" } },
  ),
  ...table(
    {
      category: CATEGORY,
      context: { tokens: 200_000, compare: "gt" },
      from: "2025-08-12T00:00:00Z",
      source: {
        ...PAGE,
        note: "premium of the 1M-context beta above 200,000 input tokens, cached and written ones included",
      },
    },
    { "claude-sonnet-4-0": { input: "6", output: "22.50", cached: "0.60", write: "7.50", write1h: "12" } },
  ),
  {
    category: CATEGORY,
    resources: "*",
    anyVariant: true,
    units: {
      web_search_request: { output: perThousand("10") },
      web_fetch_request: { output: each("0") },
      code_execution_hour: { output: each("0.05") },
    },
    source: {
      ...PAGE,
      note: "web search $10 per 1,000, each search counts; web fetch free; code execution at list, beyond the free hours",
    },
  },
];

const BATCH: readonly string[] = names(`
  claude-fable-5 claude-fable-5-1 claude-mythos-5 claude-mythos-5-1 claude-opus-5-5
  claude-opus-5 claude-opus-4-8 claude-opus-4-7 claude-opus-4-6 claude-opus-4-5
  claude-opus-4-1 claude-opus-4-0 claude-sonnet-5 claude-sonnet-4-6 claude-sonnet-4-5
  claude-sonnet-4-0 claude-3-7-sonnet-latest claude-haiku-4-5 claude-3-5-haiku-latest
  claude-3-opus-latest claude-3-haiku claude-3-5-sonnet claude-sonnet-5-5 claude-haiku-5-5`);
/** Claude 4.6 and later; earlier models refuse the parameter. */
const GEOGRAPHY: readonly string[] = names(`
  claude-fable-5 claude-fable-5-1 claude-mythos-5 claude-mythos-5-1 claude-opus-5-5
  claude-opus-5 claude-opus-4-8 claude-opus-4-7 claude-opus-4-6 claude-sonnet-5
  claude-sonnet-4-6 claude-sonnet-5-5 claude-haiku-5-5`);

const multipliers: readonly MultiplierRow[] = [
  {
    category: CATEGORY,
    resources: BATCH,
    on: { tier: "batch" },
    multiply: "0.5",
    source: { ...PAGE, note: "batch: half for input and output; the cache multipliers stack with it" },
  },
  {
    category: CATEGORY,
    resources: ["claude-opus-4-8", "claude-opus-5", "claude-opus-5-5"],
    on: { tier: "fast" },
    multiply: "2",
    source: { ...PAGE, note: "fast mode table: twice the standard price; cache multipliers apply on top" },
  },
  {
    category: CATEGORY,
    resources: ["claude-opus-4-6", "claude-opus-4-7"],
    on: { tier: "fast" },
    multiply: "6",
    until: "2026-06-28T00:00:00Z",
    source: { ...PAGE, note: "fast mode of the time: six times the standard price, long prompts too" },
  },
  {
    category: CATEGORY,
    resources: GEOGRAPHY,
    on: { residency: "us" },
    multiply: "1.1",
    tiers: ["standard", "batch", "fast"],
    source: {
      ...PAGE,
      note: "inference_geo us: 1.1 on every token category, also on batch and fast mode, not on tool fees",
    },
  },
];

const ANNOUNCED: PriceSource = {
  url: "https://platform.claude.com/docs/en/release-notes/overview",
  read: "2026-11-21",
  confidence: "B",
  note: "first day of the model; no call can be older",
};
const launches: readonly LaunchRow[] = Object.entries({
  "claude-sonnet-4-0 claude-opus-4-0": "2025-05-14",
  "claude-opus-4-1": "2025-08-05",
  "claude-sonnet-4-5": "2025-09-29",
  "claude-haiku-4-5": "2025-10-01",
  "claude-opus-4-5": "2025-11-01",
  "claude-sonnet-5-5": "2026-09-28",
  "claude-haiku-5-5": "2026-10-07",
}).map(([models, day]) => ({
  category: CATEGORY,
  resources: models.split(" "),
  from: `${day}T00:00:00Z`,
  source: ANNOUNCED,
}));

/** What the catalogue lacks of Anthropic's own API. */
export const anthropicOverlay: Overlay = { aliases, rows, multipliers, launches };
