/** Azure: OpenAI's models by kind of deployment, and Claude in Foundry. */
import { type AliasRow, type MultiplierRow, type PriceRow, type PriceSource } from "../row.ts";
import { type Overlay, each, names, perThousand, table } from "./overlay.ts";

const OPENAI_CATEGORIES = ["system.azureopenai", "system.azure"] as const;
const FOUNDRY = "system.azure";

/** The retail price list of 2026-07-31, as kept in a public repository; hence B. */
const METERS: PriceSource = {
  url: "https://prices.azure.com/api/retail/prices?$filter=serviceName%20eq%20'Foundry%20Models'",
  read: "2026-11-21",
  confidence: "B",
  note: "global deployments cost what OpenAI charges",
};
const CLAUDE_PAGE: PriceSource = {
  url: "https://platform.claude.com/docs/en/about-claude/pricing#claude-in-microsoft-foundry-pricing",
  read: "2026-11-21",
  confidence: "B",
  note: "Anthropic's list price, in consumption units of $0.01",
};

const GLOBAL: Parameters<typeof table>[1] = {
  "gpt-5.4-mini": { input: "0.75", cached: "0.075", output: "4.50" },
  "gpt-5.4-nano": { input: "0.20", cached: "0.02", output: "1.25" },
  "gpt-5.2": { input: "1.75", cached: "0.175", output: "14.00" },
  "gpt-5.1": { input: "1.25", cached: "0.125", output: "10.00" },
  "gpt-5": { input: "1.25", cached: "0.125", output: "10.00" },
  "gpt-5-mini": { input: "0.25", cached: "0.025", output: "2.00" },
  "gpt-5-nano": { input: "0.05", cached: "0.005", output: "0.40" },
  "gpt-5-pro": { input: "15.00", output: "120.00" },
  "gpt-4.1": { input: "2.00", cached: "0.50", output: "8.00" },
  "gpt-4.1-mini": { input: "0.40", cached: "0.10", output: "1.60" },
  "gpt-4.1-nano": { input: "0.10", cached: "0.025", output: "0.40" },
  "gpt-4o-2024-08-06 gpt-4o-2024-11-20": { input: "2.50", cached: "1.25", output: "10.00" },
  "gpt-4o-mini": { input: "0.15", cached: "0.075", output: "0.60" },
  o3: { input: "2.00", cached: "0.50", output: "8.00" },
  "o3-mini": { input: "1.10", cached: "0.55", output: "4.40" },
  "o4-mini": { input: "1.10", cached: "0.275", output: "4.40" },
  o1: { input: "15.00", cached: "7.50", output: "60.00" },
};
const SHORT_AND_LONG: Parameters<typeof table>[1] = {
  "gpt-5.5": { input: "5.00", cached: "0.50", output: "30.00" },
  "gpt-5.4": { input: "2.50", cached: "0.25", output: "15.00" },
};
const LONG: Parameters<typeof table>[1] = {
  "gpt-5.5": { input: "10.00", cached: "1.00", output: "45.00" },
  "gpt-5.4": { input: "5.00", cached: "0.50", output: "22.50" },
};

const openaiRows: readonly PriceRow[] = OPENAI_CATEGORIES.flatMap((category) => {
  const common = { category, scopes: ["global"], source: METERS };
  return [
    table(common, GLOBAL),
    table(common, SHORT_AND_LONG),
    table({ ...common, context: { tokens: 272_000, compare: "gte" } }, LONG),
  ].flat();
});

const CLAUDE: Parameters<typeof table>[1] = {
  "claude-fable-5": { input: "10", output: "50", cached: "1", write: "12.50", write1h: "20" },
  "claude-opus-5 claude-opus-4-8 claude-opus-4-7 claude-opus-4-6 claude-opus-4-5": {
    input: "5",
    output: "25",
    cached: "0.50",
    write: "6.25",
    write1h: "10",
  },
  "claude-opus-4-1": { input: "15", output: "75", cached: "1.50", write: "18.75", write1h: "30" },
  "claude-sonnet-5": { input: "2", output: "10", cached: "0.20", write: "2.50", write1h: "4" },
  "claude-sonnet-4-6 claude-sonnet-4-5": {
    input: "3",
    output: "15",
    cached: "0.30",
    write: "3.75",
    write1h: "6",
  },
  "claude-haiku-4-5": { input: "1", output: "5", cached: "0.10", write: "1.25", write1h: "2" },
};
const CLAUDE_NAMES: readonly string[] = Object.keys(CLAUDE).flatMap((models) => models.split(" "));

/** Speech is billed by the hour; $0.36 is what Microsoft names for its regions in the United States. */
const whisperRows: readonly PriceRow[] = OPENAI_CATEGORIES.map((category) => ({
  category,
  resources: ["whisper", "whisper-1"],
  units: { audio_seconds: { input: { usd: "0.36", per: 3600 } } },
  source: {
    ...METERS,
    url: "https://azure.microsoft.com/en-us/pricing/details/cognitive-services/openai-service/",
    note: "Whisper, per hour of audio, regions in the United States",
  },
}));

const claudeRows: readonly PriceRow[] = [
  ...table({ category: FOUNDRY, scopes: ["global"], source: CLAUDE_PAGE }, CLAUDE),
  {
    category: FOUNDRY,
    resources: CLAUDE_NAMES,
    anyVariant: true,
    units: { web_search_request: { output: perThousand("10") }, web_fetch_request: { output: each("0") } },
    source: { ...CLAUDE_PAGE, note: "per-feature rates are Anthropic's" },
  },
];

const ZONED: readonly string[] = names(`
  gpt-5.5 gpt-5.4 gpt-5.4-mini gpt-5.4-nano gpt-5.2 gpt-5.1 gpt-5 gpt-5-mini gpt-5-nano
  gpt-4.1 gpt-4.1-mini gpt-4.1-nano gpt-4o-2024-08-06 gpt-4o-2024-11-20 gpt-4o-mini o3 o3-mini o4-mini o1`);
const BATCHED: readonly string[] = names(`
  gpt-5.5 gpt-5.4 gpt-5.4-mini gpt-5.4-nano gpt-5.2 gpt-5.1 gpt-5 gpt-5-mini gpt-5-nano
  gpt-4.1 gpt-4.1-mini gpt-4.1-nano gpt-4o-2024-08-06 gpt-4o-2024-11-20 gpt-4o-mini o3 o3-mini o4-mini`);

const multipliers: readonly MultiplierRow[] = [
  ...OPENAI_CATEGORIES.flatMap((category): MultiplierRow[] => [
    {
      category,
      resources: ZONED,
      on: { scope: "datazone" },
      multiply: "1.1",
      tiers: ["standard", "batch"],
      source: { ...METERS, note: "data zone meters are 10 % over the global ones, batch too" },
    },
    {
      category,
      resources: ["gpt-4.1"],
      on: { scope: "region" },
      multiply: "1.1",
      source: { ...METERS, note: "regional meters are 10 % over the global ones" },
    },
    {
      category,
      resources: BATCHED,
      on: { tier: "batch" },
      multiply: "0.5",
      source: { ...METERS, note: "batch meters are half, cached input too" },
    },
    {
      category,
      resources: names("gpt-5 gpt-5.1 gpt-5.2 gpt-5.4-mini"),
      on: { tier: "priority" },
      multiply: "2",
      source: { ...METERS, note: "priority processing meters are twice the standard ones" },
    },
    {
      category,
      resources: ["gpt-5-mini"],
      on: { tier: "priority" },
      multiply: "1.8",
      source: { ...METERS, note: "priority processing meters" },
    },
    {
      category,
      resources: names("gpt-4.1 gpt-4.1-mini"),
      on: { tier: "priority" },
      multiply: "1.75",
      source: { ...METERS, note: "priority processing meters" },
    },
  ]),
  {
    category: FOUNDRY,
    resources: CLAUDE_NAMES.filter((name) => !/-4-[15]$/.test(name)),
    on: { scope: "datazone.us" },
    multiply: "1.1",
    source: { ...CLAUDE_PAGE, note: "US data zone standard: 1.1, as inference_geo us" },
  },
];

const SNAPSHOTS: Readonly<Record<string, string>> = {
  "gpt-5.4-2026-03-05": "gpt-5.4",
  "gpt-5.4-mini-2026-03-17": "gpt-5.4-mini",
  "gpt-5.4-nano-2026-03-17": "gpt-5.4-nano",
  "gpt-5.2-2025-12-11": "gpt-5.2",
  "gpt-5.1-2025-11-13": "gpt-5.1",
  "gpt-5-2025-08-07": "gpt-5",
  "gpt-5-mini-2025-08-07": "gpt-5-mini",
  "gpt-5-nano-2025-08-07": "gpt-5-nano",
  "gpt-5-pro-2025-10-06": "gpt-5-pro",
  "gpt-4.1-2025-04-14": "gpt-4.1",
  "gpt-4.1-mini-2025-04-14": "gpt-4.1-mini",
  "gpt-4.1-nano-2025-04-14": "gpt-4.1-nano",
  "gpt-4o-mini-2024-07-18": "gpt-4o-mini",
  "o3-2025-04-16": "o3",
  "o3-mini-2025-01-31": "o3-mini",
  "o4-mini-2025-04-16": "o4-mini",
  "o1-2024-12-17": "o1",
};
const CLAUDE_SNAPSHOTS: Readonly<Record<string, string>> = {
  "claude-opus-4-5-20251101": "claude-opus-4-5",
  "claude-opus-4-1-20250805": "claude-opus-4-1",
  "claude-sonnet-4-5-20250929": "claude-sonnet-4-5",
  "claude-haiku-4-5-20251001": "claude-haiku-4-5",
};

function aliasRows(category: string, list: Readonly<Record<string, string>>): AliasRow[] {
  return Object.entries(list).map(([alias, resource]) => ({ category, alias, targets: [{ resource }] }));
}

/** Azure. */
export const azureOverlay: Overlay = {
  rows: [...openaiRows, ...whisperRows, ...claudeRows],
  multipliers,
  aliases: [
    ...OPENAI_CATEGORIES.flatMap((category) => aliasRows(category, SNAPSHOTS)),
    ...aliasRows(FOUNDRY, CLAUDE_SNAPSHOTS),
  ],
};
