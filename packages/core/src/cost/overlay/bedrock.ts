/** What the catalogue lacks of Amazon Bedrock: batch, service tiers, 1-hour cache writes, guardrails, embeddings. */
import { type MultiplierRow, type PriceRow, type PriceSource, type UnitRates } from "../row.ts";
import { type Overlay, each, names, perThousand, table } from "./overlay.ts";

const CATEGORY = "system.aws.bedrock";
/** The page renders its prices in the browser; they were read through quotations in public repositories, hence B. */
const PAGE: PriceSource = {
  url: "https://aws.amazon.com/bedrock/pricing/",
  read: "2026-11-21",
  confidence: "B",
};

const CLAUDE_WITH_HOURS = {
  global: {
    "anthropic.claude-opus-4-5 anthropic.claude-opus-4-6 anthropic.claude-opus-4-7 anthropic.claude-opus-4-8":
      "10",
    "anthropic.claude-opus-5": "10",
    "anthropic.claude-sonnet-4-5-20250929 anthropic.claude-sonnet-4-6": "6",
    "anthropic.claude-sonnet-5": "4",
    "anthropic.claude-haiku-4-5-20251001": "2",
    "anthropic.claude-fable-5 anthropic.claude-fable-5-1": "20",
  },
  regional: {
    "anthropic.claude-opus-4-5 anthropic.claude-opus-4-6 anthropic.claude-opus-4-7 anthropic.claude-opus-4-8":
      "11",
    "anthropic.claude-opus-5": "11",
    "anthropic.claude-sonnet-4-5-20250929 anthropic.claude-sonnet-4-6": "6.6",
    "anthropic.claude-sonnet-5": "4.4",
    "anthropic.claude-haiku-4-5-20251001": "2.2",
    "anthropic.claude-fable-5 anthropic.claude-fable-5-1": "22",
  },
} as const;

/** A model's id with and without its version: `…-v1:0`, `…-v1`, `…`. */
function spellings(models: readonly string[]): readonly string[] {
  return models.flatMap((model) => [model, `${model}-v1`, `${model}-v1:0`]);
}

function hours(prices: Readonly<Record<string, string>>, scopes: readonly string[]): PriceRow[] {
  return Object.entries(prices).flatMap(([models, write1h]) =>
    table(
      {
        category: CATEGORY,
        scopes,
        source: { ...PAGE, note: "1-hour cache writes: twice the input price of the same scope" },
      },
      { [spellings(models.split(" ")).join(" ")]: { write1h } },
    ),
  );
}

const CLAUDE: readonly string[] = spellings(
  names(`
  anthropic.claude-opus-4-5 anthropic.claude-opus-4-6 anthropic.claude-opus-4-7
  anthropic.claude-opus-4-8 anthropic.claude-opus-5 anthropic.claude-sonnet-5
  anthropic.claude-sonnet-4-5-20250929 anthropic.claude-sonnet-4-6
  anthropic.claude-haiku-4-5-20251001 anthropic.claude-sonnet-4-20250514
  anthropic.claude-3-7-sonnet-20250219 anthropic.claude-3-5-haiku-20241022
  anthropic.claude-3-haiku-20240307`),
);
const NOVA: readonly string[] = names(`
  amazon.nova-micro-v1:0 amazon.nova-lite-v1:0 amazon.nova-pro-v1:0
  amazon.nova-premier-v1:0 amazon.nova-2-lite-v1:0`);
const TIERED: readonly string[] = names(`
  amazon.nova-pro-v1:0 amazon.nova-premier-v1:0 amazon.nova-2-lite-v1:0
  openai.gpt-oss-120b-1:0 openai.gpt-oss-20b-1:0 qwen.qwen3-coder-480b-a35b-v1:0
  qwen.qwen3-coder-30b-a3b-v1:0 qwen.qwen3-32b-v1:0`);
/** The day on which Bedrock announced its priority and flex tiers. */
const TIERS_SINCE = "2025-11-18T00:00:00Z";
const TEXT: readonly string[] = ["text", "reasoning", "vision"];

const multipliers: readonly MultiplierRow[] = [
  {
    category: CATEGORY,
    resources: [...CLAUDE, ...NOVA],
    on: { tier: "batch" },
    multiply: "0.5",
    units: TEXT,
    source: { ...PAGE, note: "batch inference at 50 % of on-demand; nothing is said of cached tokens" },
  },
  {
    category: CATEGORY,
    resources: TIERED,
    on: { tier: "flex" },
    multiply: "0.5",
    units: TEXT,
    from: TIERS_SINCE,
    source: { ...PAGE, note: "flex at 50 % of standard; nothing is said of cached tokens" },
  },
  {
    category: CATEGORY,
    resources: TIERED,
    on: { tier: "priority" },
    multiply: "1.75",
    units: TEXT,
    from: TIERS_SINCE,
    source: { ...PAGE, note: "priority at 75 % over standard; nothing is said of cached tokens" },
  },
];

const GUARDRAILS: UnitRates = {
  guardrail_content: { input: perThousand("0.15") },
  guardrail_content_image: { input: each("0.00075") },
  guardrail_topic: { input: perThousand("0.15") },
  guardrail_word_free: { input: each("0") },
  guardrail_sensitive_information: { input: perThousand("0.10") },
  guardrail_sensitive_information_free: { input: each("0") },
  guardrail_contextual_grounding: { input: perThousand("0.10") },
  guardrail_automated_reasoning: { input: perThousand("0.17") },
};

/** Before 2024-12-01 content filters and topics cost five and more times as much; such events have no price here. */
const GUARDRAILS_SINCE = "2024-12-01T00:00:00Z";

const EMBEDDINGS: Parameters<typeof table>[1] = {
  "amazon.titan-embed-text-v2:0": { input: "0.02" },
  "amazon.titan-embed-text-v1": { input: "0.10" },
  "cohere.embed-v4:0": { input: "0.12" },
  "cohere.embed-english-v3 cohere.embed-multilingual-v3": { input: "0.10" },
};

/** Earlier models, by their on-demand prices in us-east-1. */
const EARLIER: Parameters<typeof table>[1] = {
  "anthropic.claude-v2 anthropic.claude-v2:1": { input: "8.00", output: "24.00" },
  "anthropic.claude-instant-v1": { input: "0.80", output: "2.40" },
  "cohere.command-r-v1:0": { input: "0.50", output: "1.50" },
  "cohere.command-r-plus-v1:0": { input: "3.00", output: "15.00" },
  "ai21.j2-ultra-v1": { input: "18.80", output: "18.80" },
  "ai21.j2-mid-v1": { input: "12.50", output: "12.50" },
};

const rows: readonly PriceRow[] = [
  ...table({ category: CATEGORY, source: { ...PAGE, note: "earlier models, on demand" } }, EARLIER),
  ...table({ category: CATEGORY, source: { ...PAGE, note: "embeddings, on demand" } }, EMBEDDINGS),
  ...hours(CLAUDE_WITH_HOURS.global, ["global"]),
  ...hours(CLAUDE_WITH_HOURS.regional, ["datazone", "region"]),
  {
    category: CATEGORY,
    resources: "*",
    anyVariant: true,
    from: GUARDRAILS_SINCE,
    units: GUARDRAILS,
    source: {
      ...PAGE,
      note: "guardrails, per 1,000 text units of up to 1,000 characters; word filters and patterns are free",
    },
  },
];

/** Amazon Bedrock. */
export const bedrockOverlay: Overlay = {
  rows,
  multipliers,
  // A guardrail applied by itself has the prices of every resource; this makes its name known.
  aliases: [{ category: CATEGORY, alias: "guardrail", targets: [{ resource: "guardrail" }] }],
};
