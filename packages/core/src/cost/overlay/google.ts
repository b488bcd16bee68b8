/** What the catalogue lacks of Google: tiers, grounding, cache storage, media, Claude on Vertex. */
import {
  type AliasRow,
  type MultiplierRow,
  type PriceRow,
  type PriceSource,
  type UnitRates,
  type UnitRule,
} from "../row.ts";
import { googleMediaRows } from "./google-media.ts";
import { GOOGLE, GOOGLE_PAGE } from "./google-source.ts";
import { type Overlay, names, perMillion, perThousand, table } from "./overlay.ts";

const LONG = { tokens: 200_000, compare: "gt" } as const;
const NEW_YEAR = "2027-01-01T00:00:00Z";

/** Text/image/video and, after a slash, audio; dollars per million: input, cached, output. */
function row(models: string, tier: string, cells: string, more: Partial<PriceRow> = {}): PriceRow {
  const [input = "", cached = "", output = ""] = cells.split(/\s+/);
  const [text = "", audio] = input.split("/");
  const [cachedText = "", cachedAudio] = cached.split("/");
  const units: UnitRates = {
    text: { input: perMillion(text), output: perMillion(output) },
    ...(cachedText === "-" ? {} : { text_cache_read: { input: perMillion(cachedText) } }),
    ...(audio === undefined ? {} : { audio: { input: perMillion(audio) } }),
    ...(cachedAudio === undefined ? {} : { audio_cache_read: { input: perMillion(cachedAudio) } }),
  };
  return {
    category: GOOGLE,
    resources: models.split(" "),
    tier,
    units,
    source: { ...GOOGLE_PAGE, note: `${tier} table` },
    ...more,
  };
}

const PROMOTED = "gemini-3.6-flash gemini-3.7-flash gemini-3.8-flash";
const PRO_3 = "gemini-3.1-pro-preview gemini-3.1-pro-preview-customtools gemini-3-pro-preview";

const tiers: readonly PriceRow[] = [
  ...["batch", "flex"].flatMap((tier) => [
    row("gemini-2.5-pro", tier, "0.625 0.125 5.00"),
    row("gemini-2.5-pro", tier, "1.25 0.25 7.50", { context: LONG }),
    row("gemini-2.5-flash", tier, "0.15/0.50 0.03/0.10 1.25"),
    row("gemini-2.5-flash-lite", tier, "0.05/0.15 0.01/0.03 0.20"),
    row(PRO_3, tier, "1.00 0.20 6.00"),
    row(PRO_3, tier, "2.00 0.40 9.00", { context: LONG }),
    row("gemini-3-flash-preview", tier, "0.25/0.50 0.05/0.10 1.50"),
    row("gemini-3.1-flash-lite gemini-3.1-flash-lite-preview", tier, "0.125/0.25 0.0125/0.025 0.75"),
    row("gemini-3.5-flash", tier, "0.75 - 4.50"),
    row(PROMOTED, tier, "0.375 0.0375 1.875"),
    row(PROMOTED, tier, "0.75 0.075 3.75", { from: NEW_YEAR }),
  ]),
  row("gemini-2.0-flash", "batch", "0.05/0.35 0.025/0.175 0.20"),
  row("gemini-2.0-flash-lite", "batch", "0.0375 - 0.15"),
  ...table(
    { category: GOOGLE, tier: "batch", source: { ...GOOGLE_PAGE, note: "batch table" } },
    { "gemini-embedding-001": { input: "0.075" } },
  ),
  ...table(
    { category: GOOGLE, source: { ...GOOGLE_PAGE, note: "models that the catalogue lacks under this name" } },
    { "gemini-3.1-pro-preview-customtools": { input: "2.00", cached: "0.20", output: "12.00" } },
  ),
  ...table(
    { category: GOOGLE, context: LONG, source: { ...GOOGLE_PAGE, note: "prompts > 200k" } },
    { "gemini-3.1-pro-preview-customtools": { input: "4.00", cached: "0.40", output: "18.00" } },
  ),
];

const PRIORITY_MODELS: readonly string[] = names(`
  gemini-3-flash-preview gemini-3.1-flash-lite gemini-3.5-flash gemini-3.7-flash
  gemini-3.8-flash gemini-3.1-pro-preview gemini-3-pro-preview`);

/** Claude since 4.5 costs 10 % more on regional and multi-region endpoints. */
const REGIONAL_CLAUDE: readonly string[] = names(`
  claude-haiku-4-5 claude-sonnet-4-5 claude-sonnet-4-6 claude-sonnet-5 claude-opus-4-5
  claude-opus-4-6 claude-opus-4-7 claude-opus-4-8 claude-opus-5 claude-opus-5-5
  claude-fable-5 claude-fable-5-1`);
const CLAUDE_PAGE: PriceSource = {
  url: "https://platform.claude.com/docs/en/about-claude/pricing#cloud-platform-pricing",
  read: "2026-11-21",
  confidence: "B",
  note: "regional and multi-region endpoints: 10 % over global, from Claude 4.5 on",
};

const multipliers: readonly MultiplierRow[] = [
  {
    category: GOOGLE,
    resources: PRIORITY_MODELS,
    on: { tier: "priority" },
    multiply: "1.8",
    source: {
      ...GOOGLE_PAGE,
      note: "priority: 1.8 of standard in every token cell, as copied by LiteLLM and genai-prices",
    },
  },
  ...["datazone", "region"].map((scope) => ({
    category: GOOGLE,
    resources: REGIONAL_CLAUDE,
    on: { scope },
    multiply: "1.1",
    source: CLAUDE_PAGE,
  })),
];

const GEMINI_3: readonly string[] = [
  ...PROMOTED.split(" "),
  ...PRO_3.split(" "),
  ...names(`
    gemini-3-flash-preview gemini-3.1-flash-lite gemini-3.1-flash-lite-preview gemini-3.5-flash
    gemini-3.5-flash-lite gemini-3.1-flash-live-preview gemini-3-pro-image-preview
    gemini-3.1-flash-image-preview`),
];
const GEMINI_2: readonly string[] = [
  "gemini-2.5-pro",
  "gemini-2.5-flash",
  "gemini-2.5-flash-lite",
  "gemini-2.0-flash",
];
const HOURLY = (usd: string): UnitRates => ({ cache_storage_token_hour: { output: perMillion(usd) } });

function fee(
  resources: readonly string[],
  units: UnitRates,
  note: string,
  more: Partial<PriceRow> = {},
): PriceRow {
  return { category: GOOGLE, resources, anyVariant: true, units, source: { ...GOOGLE_PAGE, note }, ...more };
}

const fees: readonly PriceRow[] = [
  fee(
    GEMINI_3,
    { google_search_query: { output: perThousand("14") }, google_maps_query: { output: perThousand("14") } },
    "grounding by query, beyond the free allowance",
  ),
  fee(
    GEMINI_2,
    { grounded_prompt: { output: perThousand("35") }, grounded_maps_prompt: { output: perThousand("25") } },
    "grounding by prompt, beyond the free allowance",
  ),
  fee(["gemini-2.5-pro", ...PRO_3.split(" ")], HOURLY("4.50"), "cache storage, per million tokens and hour"),
  fee(
    names(`
  gemini-2.5-flash gemini-2.5-flash-lite gemini-2.0-flash gemini-3-flash-preview
  gemini-3.1-flash-lite gemini-3.1-flash-lite-preview gemini-3.5-flash`),
    HOURLY("1.00"),
    "cache storage, per million tokens and hour",
  ),
  fee(PROMOTED.split(" "), HOURLY("0.50"), "cache storage, through 2026-12-31"),
  fee(PROMOTED.split(" "), HOURLY("1.00"), "cache storage, from 2027 on", { from: NEW_YEAR }),
];

const VERTEX_CLAUDE: PriceSource = {
  url: "https://cloud.google.com/vertex-ai/generative-ai/pricing#claude-models",
  read: "2026-11-21",
  confidence: "B",
  note: "global endpoint, at Anthropic's list price; 1-hour cache writes at twice the input price",
};
const claude: readonly PriceRow[] = [
  ...table(
    { category: GOOGLE, source: VERTEX_CLAUDE },
    {
      "claude-haiku-4-5": { input: "1", output: "5", cached: "0.10", write: "1.25", write1h: "2" },
      "claude-opus-4-5": { input: "5", output: "25", cached: "0.50", write: "6.25", write1h: "10" },
      "claude-sonnet-5": { input: "2", output: "10", cached: "0.20", write: "2.50", write1h: "4" },
      "claude-sonnet-4-6 claude-4-sonnet": { write1h: "6" },
      "claude-opus-4-7 claude-opus-4-8 claude-opus-5": { write1h: "10" },
      "claude-opus-5-5": { write1h: "8" },
      "claude-fable-5 claude-fable-5-1": { write1h: "20" },
    },
  ),
  fee(
    [...REGIONAL_CLAUDE, "claude-4-sonnet", "claude-4-opus"],
    { web_search_request: { output: perThousand("10") } },
    "Claude's web search, $10 per 1,000",
  ),
];

const aliases: readonly AliasRow[] = Object.entries({
  "claude-sonnet-4": "claude-4-sonnet",
  "claude-sonnet-4-0": "claude-4-sonnet",
  "claude-opus-4": "claude-4-opus",
  "claude-opus-4-0": "claude-4-opus",
  "claude-opus-4-1": "claude-4-opus",
  "claude-3-5-sonnet-v2": "claude-3-5-sonnet",
}).map(([alias, resource]) => ({ category: GOOGLE, alias, targets: [{ resource }] }));

/** "Text / image / video" stand in one cell of the table; some models' cell names no modality at all. */
const rules: readonly UnitRule[] = [
  { unit: "video", billedAs: "text" },
  { unit: "vision_cache_read", billedAs: "text_cache_read" },
  { unit: "video_cache_read", billedAs: "text_cache_read" },
].map(({ unit, billedAs }) => ({
  category: GOOGLE,
  resources: "*",
  unit,
  direction: "input",
  billedAs,
  source: { ...GOOGLE_PAGE, note: "text / image / video are one price" },
}));
const UNIFIED: readonly string[] = [
  ...PROMOTED.split(" "),
  "gemini-3.5-flash",
  "gemini-3.5-flash-lite",
  "gemini-2.5-pro",
  ...PRO_3.split(" "),
];
const audioRules: readonly UnitRule[] = [
  { unit: "audio", billedAs: "text" },
  { unit: "audio_cache_read", billedAs: "text_cache_read" },
].map(({ unit, billedAs }) => ({
  category: GOOGLE,
  resources: UNIFIED,
  unit,
  direction: "input",
  billedAs,
  source: { ...GOOGLE_PAGE, note: "one input price for every modality" },
}));

/** Google. */
export const googleOverlay: Overlay = {
  rows: [...tiers, ...fees, ...googleMediaRows, ...claude],
  multipliers,
  aliases,
  rules: [...rules, ...audioRules],
};
